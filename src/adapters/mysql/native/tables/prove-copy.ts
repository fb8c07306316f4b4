import { createHash } from 'node:crypto';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { CarriedSum } from '../read/carried-sum.js';
import { streamRows } from '../read/row-reader.js';
import { type KeyRange, WHOLE_TABLE } from '../../rows/split-key.js';
import { renderCarriedSum } from '../statements/carried-sum-sql.js';
import {
  type Reading,
  type TablePlace,
  type TableSql,
  countCells,
  renderDigest,
  renderRows,
  renderSelect,
} from '../statements/table-sql.js';

/** SHA-256 of the stored rows of a range as the protocol carries them, in the order of their key; `where` leaves others out. */
export const hashRange = async (
  connection: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  range: KeyRange,
  where: string | null = null,
): Promise<string> => {
  const hash = createHash('sha256');
  await streamRows(connection.wire, {
    sql: renderSelect(sql, place, where, range, 'stored'),
    columns: countCells(sql),
    packets: hash,
  });
  return hash.digest('hex');
};

/** Whether the server computes this sum of the rows of a range. False decides nothing: it may only write a cell otherwise in SQL. */
export const hasCarriedSum = async (
  connection: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  range: KeyRange,
  { rows, sum }: { readonly rows: number; readonly sum: CarriedSum },
): Promise<boolean> => {
  const select = renderCarriedSum(sql, place, range);
  if (select === undefined) return false;
  const [row] = await connection.queryRows(select);
  const [count, total] = (row ?? []).map((cell) => cell?.toString('latin1'));
  return count === String(rows) && (total ?? '0') === String(sum);
};

export const countRows = async (
  connection: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
): Promise<number> => {
  // All rows are in every index, and the server knows which one is the smallest.
  const order = range === WHOLE_TABLE ? 'any' : 'key';
  const [row] = await connection.queryRows(
    `SELECT COUNT(*) FROM ${renderRows(sql, place, where, range, order)}`,
  );
  return Number(row?.[0]?.toString());
};

/** Rows and their digest by SQL: in any order, and for any table. */
export const digestTable = async (
  connection: LaneConnection,
  sql: TableSql,
  period: readonly string[],
  place: TablePlace,
  where: string | null,
  reading: Reading,
): Promise<string> => {
  const [row] = await connection.queryRows(renderDigest(sql, period, place, where, reading));
  return (row ?? []).map((cell) => cell?.toString('latin1') ?? '').join(' ');
};

import { BugError } from '../../../../core/errors.js';
import { maskOf } from '../../../../core/mask/table-masks.js';
import { quoteName } from '../../connection/identifiers.js';
import type { LaneConnection, RawRow } from '../lanes/lane-connection.js';
import {
  type KeyColumn,
  type KeyPoint,
  type KeyRange,
  WHOLE_TABLE,
  listPrimaryKey,
  rangesBetween,
  renderKeyValue,
  spreadIntegers,
  isWholeNumber,
} from '../../rows/split-key.js';
import { type TablePlace, type TableSql, renderRows } from '../statements/table-sql.js';

/** So much of a table, by the server's estimate, is one chunk: one transaction. */
export const USUAL_CHUNK_BYTES = 33_554_432;

/** Numbers that are spread thinner than this are stepped through: equal widths would hold very different numbers of rows. */
const THINNEST_SPREAD = 4;

/** A step is never shorter, however wrong the estimate is. */
const FEWEST_ROWS = 1_000;

/** How many chunks a table is worth; 1 where it has no key to cut it by. Only InnoDB takes several writers at once. */
export const countChunks = ({ entry: { table, masks }, key }: TableSql, chunkBytes: number): number =>
  key.length === 0 ||
  table.kind !== 'table' ||
  table.engine?.toLowerCase() !== 'innodb' ||
  // The ends of chunks are values of the key, and what is masked stays at the source, but for numbers.
  key.some(({ name, kind }) => kind !== 'number' && maskOf(masks, name) !== undefined)
    ? 1
    : Math.max(1, Math.ceil(table.dataBytes / chunkBytes));

/**
 * Cuts a table into about so many ranges of its primary key, which leave no row out and have none in common. Reads inside the lane's
 * snapshot. `emit` gets each range as soon as it is known.
 */
export const planChunks = async (
  lane: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  chunks: number,
  emit: (range: KeyRange) => void,
): Promise<void> => {
  const spread = await spreadEvenly(lane, sql, place, chunks);
  if (spread) rangesBetween(spread).forEach(emit);
  else await stepThrough(lane, sql, place, chunks, emit);
};

/** Points for a key that is one integer column whose values lie close together. */
const spreadEvenly = async (
  lane: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  chunks: number,
): Promise<readonly KeyPoint[] | undefined> => {
  const [column, ...others] = listPrimaryKey(sql.entry.table);
  if (!column || others.length > 0 || !isWholeNumber(column)) return undefined;
  const name = quoteName(column.name);
  const [row] = await lane.queryRows(
    `SELECT MIN(${name}), MAX(${name}) FROM ${renderRows(sql, place, null, WHOLE_TABLE)}`,
  );
  const [min, max] = (row ?? []).map((cell) => (cell ? BigInt(cell.toString('latin1')) : undefined));
  if (min === undefined || max === undefined) return [];
  const isThin = max - min > BigInt(Math.ceil(sql.entry.table.rowsEstimate * THINNEST_SPREAD));
  return isThin ? undefined : spreadIntegers(min, max, chunks).map((boundary) => [boundary.toString()]);
};

/** Any key: from one row to the row so many further on. */
const stepThrough = async (
  lane: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  chunks: number,
  emit: (range: KeyRange) => void,
): Promise<void> => {
  const rows = Math.max(FEWEST_ROWS, Math.ceil(sql.entry.table.rowsEstimate / chunks));
  const names = sql.key.map(({ name }) => quoteName(name)).join(', ');
  let after: KeyPoint | undefined;
  for (;;) {
    const [row] = await lane.queryRows(
      `SELECT ${names} FROM ${renderRows(sql, place, null, after ? { after } : WHOLE_TABLE)}
       ORDER BY ${names} LIMIT 1 OFFSET ${rows - 1}`,
    );
    const upTo = row && renderPoint(sql.key, row);
    emit({ ...(after && { after }), ...(upTo && { upTo }) });
    if (!upTo) return;
    if (upTo.join() === after?.join()) throw new BugError('a step through a key did not move on');
    after = upTo;
  }
};

const renderPoint = (key: readonly KeyColumn[], row: RawRow): KeyPoint =>
  key.map((column, index) => {
    const value = row[index];
    if (!value) throw new BugError('a primary key holds NULL');
    return renderKeyValue(column, value);
  });

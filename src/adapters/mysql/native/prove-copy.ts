import { createHash } from 'node:crypto';
import type { DatabaseName } from '../../../core/names.js';
import type { LaneConnection } from './lane-connection.js';
import { streamRows } from './row-reader.js';
import type { KeyRange } from './split-key.js';
import { type TableSql, renderDigest, renderSelect } from './table-sql.js';

/** SHA-256 of the rows of a range as the protocol carries them, in the order of the primary key. */
export const hashRange = async (
  connection: LaneConnection,
  sql: TableSql,
  database: DatabaseName,
  range: KeyRange,
): Promise<string> => {
  const hash = createHash('sha256');
  await streamRows(connection.wire, { sql: renderSelect(sql, database, null, range), hash });
  return hash.digest('hex');
};

/** Rows and their digest by SQL: in any order, and for any table. */
export const digestTable = async (
  connection: LaneConnection,
  sql: TableSql,
  period: readonly string[],
  database: DatabaseName,
  where: string | null,
): Promise<string> => {
  const [row] = await connection.queryRows(renderDigest(sql, period, database, where));
  return (row ?? []).map((cell) => cell?.toString('latin1') ?? '').join(' ');
};

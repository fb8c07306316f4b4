import { maskOf } from '../../../../core/mask/table-masks.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import { cutKey } from '../../rows/cut-key.js';
import type { KeyRange } from '../../rows/split-key.js';
import { type TablePlace, type TableSql, renderRows } from '../statements/table-sql.js';

/** So much of a table, by the server's estimate, is one chunk: one transaction. */
export const USUAL_CHUNK_BYTES = 33_554_432;

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
 * Cuts a table into about so many ranges of the key of its rows, which leave no row out and have none in common. Reads inside the lane's
 * snapshot. `emit` gets each range as soon as it is known.
 */
export const planChunks = (
  lane: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  chunks: number,
  emit: (range: KeyRange) => void,
): Promise<void> =>
  cutKey(
    {
      table: sql.entry.table,
      key: sql.key,
      ask: (query) => lane.queryRows(query),
      from: (range) => renderRows(sql, place, null, range),
    },
    chunks,
    emit,
  );

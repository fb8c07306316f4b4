import { createHash } from 'node:crypto';
import { MOST_CHANGED } from '../../../../core/change/refresh.js';
import { BugError } from '../../../../core/errors.js';
import { hasWholeKey } from '../../../../core/server/row-key.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { Lane } from '../lanes/lanes.js';
import { type KeyPoint, type KeyRange, renderKeyValue } from '../../rows/split-key.js';
import { type TablePlace, type TableSql, renderRows } from '../statements/table-sql.js';
import { compareListed } from './compare-listed.js';
import { type RowHashes, findDifferingHashes } from './compare-hashes.js';
import { countRows } from './prove-copy.js';
import { RowList } from '../read/row-list.js';
import { streamRows } from '../read/row-reader.js';
import { type ListedRows, type Listing, renderListed, renderRangeDigest } from '../statements/patch-sql.js';

/** Which rows: their keys, or what stands for them where no key names them, or all of a range. */
export type Named = { readonly keys: readonly KeyPoint[] } | RowHashes | 'all';

export interface RangePatch {
  readonly range: KeyRange;
  /** Of the rows of the source; absent where each row that is written is read back. */
  readonly mark?: RangeMark;
  readonly stale: Named;
  readonly fresh: Named;
}

/** What tells the rows of a range: a digest in SQL, or SHA-256 of the bytes that carried their keys and numbers. */
export type RangeMark =
  { readonly kind: 'digest'; readonly digest: string } | { readonly kind: 'listed'; readonly hash: string };

/** A table of which both sides have rows. */
export interface PatchScope {
  readonly sql: TableSql;
  readonly from: TablePlace;
  readonly into: TablePlace;
  /** What rows are compared by. */
  readonly listing: Listing;
  /** Whether rows that no key names are told by hashes; otherwise all of a range are replaced. */
  readonly isHashed: boolean;
  /** The rows are of a copy that was not finished. */
  readonly isUnfinished: boolean;
  /** What each connection lists rows in, range after range. */
  readonly lists: WeakMap<LaneConnection, RowList>;
}

export interface ComparedRange {
  readonly rows: number;
  readonly rowsThere: number;
  /** How many rows of the target differ. Those that are missing there cost no more than a copy. */
  readonly changed: number;
  readonly patch?: RangePatch;
}

/** Row by row, or by digests first, and row by row where those differ. Reads only. */
export const compareRange = async (
  lane: Lane,
  scope: PatchScope,
  range: KeyRange,
  first: 'digest' | 'rows',
): Promise<ComparedRange> => {
  const { sql, from, into } = scope;
  const { where } = sql.entry;
  let mark: RangeMark | undefined;
  if (first === 'digest') {
    const [here, there] = await Promise.all([
      digestRange(lane.source, renderRangeDigest(sql, from, where, range, 'sent')),
      digestRange(lane.target, renderRangeDigest(sql, into, null, range, 'stored')),
    ]);
    const counts = { rows: here.rows, rowsThere: there.rows };
    if (here.digest === there.digest) return { ...counts, changed: 0 };
    mark = { kind: 'digest', digest: here.digest };
    if (there.rows === 0) return { ...counts, changed: 0, patch: { range, mark, stale: NONE, fresh: 'all' } };
    if (!hasWholeKey(sql.entry.table)) return compareUnnamed(lane, scope, { range, mark, counts });
  }
  // What lanes had not copied yet is missing in long runs, and would travel here to be listed, and once more to be copied.
  if (scope.isUnfinished && scope.listing === 'cells' && !(await hasRow(lane.target, sql, into, range))) {
    const rows = await countRows(lane.source, sql, from, where, range);
    return {
      rows,
      rowsThere: 0,
      changed: 0,
      ...(rows > 0 && { patch: { range, stale: NONE, fresh: 'all' } }),
    };
  }
  const [here, there] = await Promise.all([
    listRows(scope, lane.source, renderListed(sql, from, where, range, scope.listing, 'sent')),
    listRows(scope, lane.target, renderListed(sql, into, null, range, scope.listing, 'stored')),
  ]);
  if (here.rows.isCut || there.rows.isCut)
    return compareRange(lane, { ...scope, listing: 'numbers' }, range, 'digest');
  const counts = { rows: here.count, rowsThere: there.count };
  if (here.rows.hasSamePackets(there.rows)) return { ...counts, changed: 0 };
  if (scope.listing === 'numbers') mark ??= { kind: 'listed', hash: here.rows.hash() };
  here.rows.findRows(here.count);
  there.rows.findRows(there.count);
  const { onlyHere, onlyThere } = compareListed(here.rows, there.rows);
  const changed = Math.max(onlyHere.length, onlyThere.length);
  if (changed === 0) return { ...counts, changed };
  const isMost = changed > Math.max(counts.rows, counts.rowsThere) * MOST_CHANGED;
  const keysOf = (list: RowList, rows: readonly number[]): Named =>
    isMost ? 'all' : { keys: rows.map((row) => renderKey(sql, list.readKey(row))) };
  return {
    ...counts,
    changed: onlyThere.length,
    patch: {
      range,
      ...(mark && { mark }),
      stale: keysOf(there.rows, onlyThere),
      fresh: keysOf(here.rows, onlyHere),
    },
  };
};

const NONE: Named = { keys: [] };

const compareUnnamed = async (
  lane: Lane,
  { sql, from, into, isHashed }: PatchScope,
  {
    counts,
    ...patch
  }: Pick<RangePatch, 'range' | 'mark'> & { readonly counts: Pick<ComparedRange, 'rows' | 'rowsThere'> },
): Promise<ComparedRange> => {
  const { range } = patch;
  const found = isHashed ? await findDifferingHashes(lane, { sql, from, into, range, counts }) : undefined;
  if (!found)
    return {
      ...counts,
      changed: Math.max(counts.rows, counts.rowsThere),
      patch: { ...patch, stale: 'all', fresh: 'all' },
    };
  return { ...counts, changed: found.stale.rows, patch: { ...patch, ...found } };
};

/** Whether the rows of a range at the target are those that the mark was made of. */
export const hasMark = async (
  { target }: Lane,
  { sql, into, listing }: PatchScope,
  { range, mark }: RangePatch,
): Promise<boolean> => {
  if (!mark) return false;
  if (mark.kind === 'digest')
    return (
      mark.digest === (await digestRange(target, renderRangeDigest(sql, into, null, range, 'stored'))).digest
    );
  const hash = createHash('sha256');
  const { select, cells } = renderListed(sql, into, null, range, listing, 'stored');
  await streamRows(target.wire, { sql: select, columns: cells, packets: hash });
  return mark.hash === hash.digest('hex');
};

const digestRange = async (
  connection: LaneConnection,
  select: string,
): Promise<{ readonly rows: number; readonly digest: string }> => {
  const [[count, sum] = []] = await connection.queryRows(select);
  const rows = Number(count?.toString('latin1'));
  return { rows, digest: `${String(rows)} ${sum?.toString('latin1') ?? '0'}` };
};

const hasRow = async (
  connection: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  range: KeyRange,
): Promise<boolean> => {
  const rows = await connection.queryRows(`SELECT 1 FROM ${renderRows(sql, place, null, range)} LIMIT 1`);
  return rows.length > 0;
};

const listRows = async (
  { lists, sql }: PatchScope,
  connection: LaneConnection,
  { select, cells }: ListedRows,
): Promise<{ readonly rows: RowList; readonly count: number }> => {
  const list = lists.get(connection) ?? new RowList();
  lists.set(connection, list);
  list.clear(sql.key.length);
  const { rows } = await streamRows(connection.wire, { sql: select, columns: cells, packets: list });
  return { rows: list, count: rows };
};

const renderKey = ({ key }: TableSql, cells: ReturnType<RowList['readKey']>): KeyPoint =>
  key.map((column, at) => {
    const value = cells[at];
    if (!value) throw new BugError('the key of a row holds NULL');
    return renderKeyValue(column, value);
  });

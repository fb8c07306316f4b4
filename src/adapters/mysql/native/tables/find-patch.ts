import { createHash } from 'node:crypto';
import { MOST_CHANGED } from '../../../../core/change/refresh.js';
import { BugError } from '../../../../core/errors.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { Lane } from '../lanes/lanes.js';
import { type KeyPoint, type KeyRange, WHOLE_TABLE, renderKeyValue } from '../../rows/split-key.js';
import type { TablePlace, TableSql } from '../statements/table-sql.js';
import { planChunks } from './plan-chunks.js';
import { compareListed } from './compare-listed.js';
import { RowList } from '../read/row-list.js';
import { streamRows } from '../read/row-reader.js';
import {
  type ListedRows,
  type Listing,
  hasWholeKey,
  renderListed,
  renderRangeDigest,
} from '../statements/patch-sql.js';

/** What makes the rows of a staged table those of the source. */
export interface Patch {
  /** Of the source. */
  readonly rows: number;
  readonly listing: Listing;
  /** Those in which the sides differ, in the order of the key. */
  readonly ranges: readonly RangePatch[];
}

/** The keys of rows, or all of a range: of many, or where the key is not one that can be written in SQL. */
export type Keys = readonly KeyPoint[] | 'all';

export interface RangePatch {
  readonly range: KeyRange;
  /** Of the rows of the source; absent where each row that is written is read back. */
  readonly mark?: RangeMark;
  readonly stale: Keys;
  readonly fresh: Keys;
}

/** What tells the rows of a range: a digest in SQL, or SHA-256 of the bytes that carried their keys and numbers. */
export type RangeMark =
  { readonly kind: 'digest'; readonly digest: string } | { readonly kind: 'listed'; readonly hash: string };

export interface PatchScope {
  readonly sql: TableSql;
  readonly from: TablePlace;
  readonly into: TablePlace;
  /** What rows are compared by. */
  readonly listing: Listing;
  /** Work on a lane of the table, as soon as one is free. */
  readonly use: <Result>(work: (lane: Lane) => Promise<Result>) => Promise<Result>;
}

export interface ComparedScope extends PatchScope {
  /** So many are compared at a time. */
  readonly rangeRows: number;
  /** What each connection lists rows in, range after range. */
  readonly lists: WeakMap<LaneConnection, RowList>;
}

/** So many ranges are looked at before anything is judged by them. */
const FEWEST_RANGES = 4;

/** And so many, before a table of which nothing was there in any of them is copied with the indexes after its rows. */
const FEWEST_EMPTY_RANGES = 16;

/**
 * Compares the rows of a staged table, which has those of an earlier moment, with the snapshot of the source, range by range of the
 * primary key: row by row, or by digests first, and row by row within ranges that differ. Each row is in one range on each side,
 * also where the servers order keys differently. Reads only.
 * @returns undefined where too much differs
 */
export const findPatch = async (scope: ComparedScope): Promise<Patch | undefined> => {
  const inOrder = await scope.use((lane) => listRanges(lane, scope));
  const ranges = spread(inOrder);
  const patches: RangePatch[] = [];
  const seen = { ranges: 0, rows: 0, rowsThere: 0, larger: 0, changed: 0, differing: 0, isTooMuch: false };
  const compare = (range: KeyRange): Promise<void> =>
    scope.use(async (lane) => {
      if (seen.isTooMuch) return;
      // Where changes are everywhere, the digest of a range would only come on top.
      const isEverywhere =
        hasWholeKey(scope.sql.entry.table) && seen.ranges >= FEWEST_RANGES && seen.differing === seen.ranges;
      const isFirst = scope.listing === 'numbers' && !isEverywhere;
      const found = await compareRange(lane, scope, range, isFirst ? 'digest' : 'rows');
      seen.ranges += 1;
      seen.rows += found.rows;
      seen.rowsThere += found.rowsThere;
      seen.larger += Math.max(found.rows, found.rowsThere);
      seen.changed += found.changed;
      if (found.patch) patches.push(found.patch);
      if (found.patch && found.rowsThere > 0) seen.differing += 1;
      const hasSeen = (fewest: number): boolean => seen.ranges >= Math.min(fewest, ranges.length);
      seen.isTooMuch ||= hasSeen(FEWEST_RANGES) && seen.changed > seen.larger * MOST_CHANGED;
      seen.isTooMuch ||= hasSeen(FEWEST_EMPTY_RANGES) && seen.rowsThere === 0 && seen.rows > 0;
    });
  await Promise.all(ranges.map(compare));
  if (seen.isTooMuch) return undefined;
  const places = new Map(inOrder.map((range, at) => [range, at]));
  const placeOf = ({ range }: RangePatch): number => places.get(range) ?? 0;
  const sorted = patches.toSorted((a, b) => placeOf(a) - placeOf(b));
  return { rows: seen.rows, listing: scope.listing, ranges: sorted };
};

const listRanges = async (
  { source }: Lane,
  { sql, from, rangeRows }: ComparedScope,
): Promise<readonly KeyRange[]> => {
  const wanted = Math.ceil(sql.entry.table.rowsEstimate / rangeRows);
  if (sql.key.length === 0 || wanted <= 1) return [WHOLE_TABLE];
  const ranges: KeyRange[] = [];
  await planChunks(source, sql, from, wanted, (range) => ranges.push(range));
  return ranges;
};

/** In an order in which the first few are from all over the table. */
const spread = (ranges: readonly KeyRange[]): readonly KeyRange[] => {
  const GOLDEN = 0.618_033_988_75;
  return ranges
    .map((range, at) => ({ range, place: ((at + 1) * GOLDEN) % 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ range }) => range);
};

interface ComparedRange {
  readonly rows: number;
  readonly rowsThere: number;
  /** How many rows of the target differ. Those that are missing there cost no more than a copy. */
  readonly changed: number;
  readonly patch?: RangePatch;
}

const compareRange = async (
  lane: Lane,
  scope: ComparedScope,
  range: KeyRange,
  first: 'digest' | 'rows',
): Promise<ComparedRange> => {
  const { sql, from, into } = scope;
  const { where } = sql.entry;
  let mark: RangeMark | undefined;
  if (first === 'digest') {
    const [here, there] = await Promise.all([
      digestRange(lane.source, renderRangeDigest(sql, from, where, range)),
      digestRange(lane.target, renderRangeDigest(sql, into, null, range)),
    ]);
    const counts = { rows: here.rows, rowsThere: there.rows };
    if (here.digest === there.digest) return { ...counts, changed: 0 };
    mark = { kind: 'digest', digest: here.digest };
    if (there.rows === 0) return { ...counts, changed: 0, patch: { range, mark, stale: [], fresh: 'all' } };
    if (!hasWholeKey(sql.entry.table))
      return {
        ...counts,
        changed: Math.max(here.rows, there.rows),
        patch: { range, mark, stale: 'all', fresh: 'all' },
      };
  }
  const [here, there] = await Promise.all([
    listRows(scope, lane.source, renderListed(sql, from, where, range, scope.listing)),
    listRows(scope, lane.target, renderListed(sql, into, null, range, scope.listing)),
  ]);
  const counts = { rows: here.count, rowsThere: there.count };
  if (here.rows.hasSamePackets(there.rows)) return { ...counts, changed: 0 };
  if (scope.listing === 'numbers') mark ??= { kind: 'listed', hash: here.rows.hash() };
  here.rows.findRows(here.count);
  there.rows.findRows(there.count);
  const { onlyHere, onlyThere } = compareListed(here.rows, there.rows);
  const changed = Math.max(onlyHere.length, onlyThere.length);
  if (changed === 0) return { ...counts, changed };
  const isMost = changed > Math.max(counts.rows, counts.rowsThere) * MOST_CHANGED;
  const keysOf = (list: RowList, rows: readonly number[]): Keys =>
    isMost ? 'all' : rows.map((row) => renderKey(sql, list.readKey(row)));
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

/** Whether the rows of a range at the target are those that the mark was made of. */
export const hasMark = async (
  { target }: Lane,
  { sql, into, listing }: PatchScope,
  { range, mark }: RangePatch,
): Promise<boolean> => {
  if (!mark) return false;
  if (mark.kind === 'digest')
    return mark.digest === (await digestRange(target, renderRangeDigest(sql, into, null, range))).digest;
  const hash = createHash('sha256');
  const { select, cells } = renderListed(sql, into, null, range, listing);
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

const listRows = async (
  { lists, sql }: ComparedScope,
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
    if (!value) throw new BugError('a primary key holds NULL');
    return renderKeyValue(column, value);
  });

import { BugError } from '../../../../core/errors.js';
import type { LaneConnection, RawRow } from '../lanes/lane-connection.js';
import type { Lane } from '../lanes/lanes.js';
import {
  type KeyPoint,
  type KeyRange,
  WHOLE_TABLE,
  listPrimaryKey,
  renderKeyValue,
} from '../../rows/split-key.js';
import type { TablePlace, TableSql } from '../statements/table-sql.js';
import { planChunks } from './plan-chunks.js';
import { compareListed } from './compare-listed.js';
import { renderRangeDigest, renderRowNumbers } from '../statements/patch-sql.js';

/** What makes the rows of a staged table those of the source. */
export interface Patch {
  /** Of the source. */
  readonly rows: number;
  /** Those in which the sides differ. */
  readonly ranges: readonly RangePatch[];
}

/** The keys of rows, or all of a range: of many, or where the key is not one that can be written in SQL. */
export type Keys = readonly KeyPoint[] | 'all';

export interface RangePatch {
  readonly range: KeyRange;
  readonly rows: number;
  /** Of the rows of the source. */
  readonly digest: string;
  readonly stale: Keys;
  readonly fresh: Keys;
}

export interface PatchScope {
  readonly sql: TableSql;
  readonly from: TablePlace;
  readonly into: TablePlace;
  /** Work on a lane of the table, as soon as one is free. */
  readonly use: <Result>(work: (lane: Lane) => Promise<Result>) => Promise<Result>;
}

export interface ComparedScope extends PatchScope {
  /** So many are compared at a time. */
  readonly rangeRows: number;
}

/** Where a larger part of the rows differs, copying all is faster. */
const MOST_CHANGED = 0.35;

/** So many ranges are looked at before anything is judged by them. */
const FEWEST_RANGES = 4;

/**
 * Compares the rows of a staged table, which has those of an earlier moment, with the snapshot of the source: range by range of the
 * primary key by digests, and row by row within ranges that differ. Each row is in one range on each side, also where the
 * servers order keys differently. Reads only.
 * @returns undefined where too much differs
 */
export const findPatch = async (scope: ComparedScope): Promise<Patch | undefined> => {
  const ranges = spread(await scope.use((lane) => listRanges(lane, scope)));
  const patches: RangePatch[] = [];
  const seen = { ranges: 0, rows: 0, larger: 0, changed: 0, isTooMuch: false };
  const compare = (range: KeyRange): Promise<void> =>
    scope.use(async (lane) => {
      if (seen.isTooMuch) return;
      // Where changes are everywhere, the digest of a range would only come on top.
      const isEverywhere = seen.ranges >= FEWEST_RANGES && patches.length === seen.ranges;
      const found = await compareRange(lane, scope, range, isEverywhere ? 'rows' : 'digest');
      seen.ranges += 1;
      seen.rows += found.rows;
      seen.larger += Math.max(found.rows, found.rowsThere);
      seen.changed += found.changed;
      if (found.patch) patches.push(found.patch);
      const isKnown = seen.ranges >= Math.min(FEWEST_RANGES, ranges.length);
      seen.isTooMuch ||= isKnown && seen.changed > seen.larger * MOST_CHANGED;
    });
  await Promise.all(ranges.map(compare));
  return seen.isTooMuch ? undefined : { rows: seen.rows, ranges: patches };
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
  /** How many rows differ, at the side that has more of them. */
  readonly changed: number;
  readonly patch?: RangePatch;
}

const compareRange = async (
  { source, target }: Lane,
  { sql, from, into }: PatchScope,
  range: KeyRange,
  first: 'digest' | 'rows',
): Promise<ComparedRange> => {
  const { where } = sql.entry;
  if (first === 'digest') {
    const [here, there] = await Promise.all([
      digestRange(source, renderRangeDigest(sql, from, where, range)),
      digestRange(target, renderRangeDigest(sql, into, null, range)),
    ]);
    const counts = { rows: here.rows, rowsThere: there.rows };
    if (here.digest === there.digest) return { ...counts, changed: 0 };
    if (!hasWholeKey(sql))
      return {
        ...counts,
        changed: Math.max(here.rows, there.rows),
        patch: { range, ...here, stale: 'all', fresh: 'all' },
      };
  }
  const [here, there] = await Promise.all([
    source.queryRows(renderRowNumbers(sql, from, where, range)),
    target.queryRows(renderRowNumbers(sql, into, null, range)),
  ]);
  const { onlyHere, onlyThere } = compareListed(here, there);
  const changed = Math.max(onlyHere.length, onlyThere.length);
  const counts = { rows: here.length, rowsThere: there.length, changed };
  if (changed === 0) return counts;
  const isMost = changed > Math.max(here.length, there.length) * MOST_CHANGED;
  const keysOf = (rows: readonly RawRow[]): Keys => (isMost ? 'all' : rows.map((row) => readKey(sql, row)));
  return {
    ...counts,
    patch: {
      range,
      rows: here.length,
      digest: describeDigest(here.length, sumNumbers(here)),
      stale: keysOf(onlyThere),
      fresh: keysOf(onlyHere),
    },
  };
};

/** Otherwise rows are replaced by the range. */
const hasWholeKey = ({ key, entry }: TableSql): boolean =>
  key.length > 0 && key.length === listPrimaryKey(entry.table).length;

export const digestRange = async (
  connection: LaneConnection,
  select: string,
): Promise<Pick<RangePatch, 'rows' | 'digest'>> => {
  const [[count, sum] = []] = await connection.queryRows(select);
  const rows = Number(count?.toString('latin1'));
  return { rows, digest: describeDigest(rows, BigInt(sum?.toString('latin1') ?? '0')) };
};

const describeDigest = (rows: number, sum: bigint): string => `${String(rows)} ${String(sum)}`;

const sumNumbers = (rows: readonly RawRow[]): bigint =>
  rows.reduce((sum, row) => sum + BigInt(row.at(-1)?.toString('latin1') ?? '0'), 0n);

const readKey = ({ key }: TableSql, row: RawRow): KeyPoint =>
  key.map((column, at) => {
    const value = row[at];
    if (!value) throw new BugError('a primary key holds NULL');
    return renderKeyValue(column, value);
  });

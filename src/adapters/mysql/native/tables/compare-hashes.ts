import type { LaneConnection } from '../lanes/lane-connection.js';
import type { Lane } from '../lanes/lanes.js';
import { HashList } from '../read/hash-list.js';
import { streamRows } from '../read/row-reader.js';
import type { KeyRange } from '../../rows/split-key.js';
import { renderHashes } from '../statements/patch-sql.js';
import type { TablePlace, TableSql } from '../statements/table-sql.js';

/** Rows by what stands for them. */
export interface RowHashes {
  readonly hashes: readonly bigint[];
  /** A row may be there several times. */
  readonly rows: number;
}

/** Of a range, what differs on each side. Where not as many of a row are on both sides, all of them differ. */
export interface DifferingHashes {
  readonly stale: RowHashes;
  readonly fresh: RowHashes;
}

interface HashedRange {
  readonly sql: TableSql;
  readonly from: TablePlace;
  readonly into: TablePlace;
  readonly range: KeyRange;
  /** Of the source and the target. */
  readonly counts: { readonly rows: number; readonly rowsThere: number };
}

/** Rows of a side whose hashes are held in memory: 16 MB. */
const MOST_ROWS = 2_000_000;

/** Each statement about some of them reads the whole range, so many are as good as all. */
const MOST_DIFFERING = 100_000;

/** Which rows of a range differ, told by hashes; undefined where they are too many. */
export const findDifferingHashes = async (
  { source, target }: Lane,
  { sql, from, into, range, counts: { rows, rowsThere } }: HashedRange,
): Promise<DifferingHashes | undefined> => {
  if (Math.max(rows, rowsThere) > MOST_ROWS) return undefined;
  const [here, there] = await Promise.all([
    listHashes(source, renderHashes(sql, from, sql.entry.where, range), rows),
    listHashes(target, renderHashes(sql, into, null, range), rowsThere),
  ]);
  return here && there && compareHashes(here, there);
};

const listHashes = async (
  { wire }: LaneConnection,
  sql: string,
  rows: number,
): Promise<BigUint64Array | undefined> => {
  const list = new HashList(rows);
  await streamRows(wire, { sql, columns: 1, packets: list });
  return list.sort();
};

/** Of lists that go up. */
export const compareHashes = (
  here: BigUint64Array,
  there: BigUint64Array,
  most = MOST_DIFFERING,
): DifferingHashes | undefined => {
  const [stale, fresh]: [bigint[], bigint[]] = [[], []];
  const rows = { stale: 0, fresh: 0 };
  for (let at = 0, atThere = 0; at < here.length || atThere < there.length;) {
    const hash = lower(here[at], there[atThere]);
    const [end, endThere] = [endOf(here, at, hash), endOf(there, atThere, hash)];
    if (end - at !== endThere - atThere) {
      if (end > at) fresh.push(hash);
      if (endThere > atThere) stale.push(hash);
      rows.fresh += end - at;
      rows.stale += endThere - atThere;
      if (fresh.length + stale.length > most) return undefined;
    }
    [at, atThere] = [end, endThere];
  }
  return { stale: { hashes: stale, rows: rows.stale }, fresh: { hashes: fresh, rows: rows.fresh } };
};

const lower = (a: bigint | undefined, b: bigint | undefined): bigint =>
  b === undefined || (a !== undefined && a < b) ? (a ?? 0n) : b;

/** Where others begin. */
const endOf = (hashes: BigUint64Array, at: number, hash: bigint): number => {
  let end = at;
  while (hashes[end] === hash) end += 1;
  return end;
};

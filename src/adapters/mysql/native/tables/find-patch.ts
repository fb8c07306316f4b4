import { MOST_CHANGED } from '../../../../core/change/refresh.js';
import { hasWholeKey } from '../../../../core/server/row-key.js';
import type { Lane } from '../lanes/lanes.js';
import { type KeyRange, WHOLE_TABLE } from '../../rows/split-key.js';
import { type ComparedRange, type PatchScope, type RangePatch, compareRange } from './compare-range.js';
import { planChunks } from './plan-chunks.js';

/** Ranges of a staged table that make its rows those of the source, once they all are compared and those that differ are patched. */
export interface Patch {
  readonly scope: PatchScope;
  readonly tally: RangeTally;
  /** Those of the ranges that were compared that differ, in the order of the key. */
  readonly found: readonly RangePatch[];
  /** Those that were not compared, in the order of the key. */
  readonly left: readonly KeyRange[];
}

/** Work on a lane of the table, as soon as one is free. */
export type UseLane = <Result>(work: (lane: Lane) => Promise<Result>) => Promise<Result>;

/** So many ranges are looked at before anything is judged by them. */
const FEWEST_RANGES = 4;

/** So many at most. */
const MOST_RANGES = 16;

/**
 * Compares ranges from all over a staged table, which has the rows of an earlier moment, with the snapshot of the source, to tell
 * whether its rows are worth a patch. Reads only.
 * @param rangeRows about so many rows are compared at a time
 * @returns undefined where too much differs, or nothing of them is there: then a copy with the indexes last is faster
 */
export const findPatch = async (
  scope: PatchScope,
  rangeRows: number,
  use: UseLane,
): Promise<Patch | undefined> => {
  const ranges = await use((lane) => listRanges(lane, scope, rangeRows));
  const tally = new RangeTally();
  const patches = new Map<KeyRange, readonly RangePatch[]>();
  const first = spread(ranges).slice(0, MOST_RANGES);
  await Promise.all(
    first.map((range) =>
      use(async (lane) => {
        if (tally.isTooMuch(ranges.length)) return;
        patches.set(range, await compareNext(lane, scope, range, tally));
      }),
    ),
  );
  // Of a copy that was not finished so few may be there that none is in any of them.
  const isMissing = tally.isMissing && !scope.isUnfinished;
  if (tally.isTooMuch(ranges.length) || isMissing) return undefined;
  return {
    scope,
    tally,
    found: ranges.flatMap((range) => patches.get(range) ?? []),
    left: ranges.filter((range) => !patches.has(range)),
  };
};

/** What there was in the ranges of a table that have been compared. */
export class RangeTally {
  #ranges = 0;
  #rows = 0;
  #rowsThere = 0;
  #larger = 0;
  #changed = 0;
  #differing = 0;
  #kept = 0;
  #tellKept: (rows: number) => void = () => undefined;

  /** Tells of rows that were found to stay: of those so far at once, then of each range as it is compared. */
  tell(kept: (rows: number) => void): void {
    this.#tellKept = kept;
    kept(this.#kept);
  }

  add(compared: ComparedRange): void {
    const { rows, rowsThere, changed, patch } = compared;
    const kept = rows - countFresh(compared);
    this.#kept += kept;
    this.#tellKept(kept);
    this.#ranges += 1;
    this.#rows += rows;
    this.#rowsThere += rowsThere;
    this.#larger += Math.max(rows, rowsThere);
    this.#changed += changed;
    if (patch && rowsThere > 0) this.#differing += 1;
  }

  /** Of the source. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows of the source that the target has already. */
  get kept(): number {
    return this.#kept;
  }

  /** More than a patch is worth. */
  isTooMuch(ranges: number): boolean {
    return this.#ranges >= Math.min(FEWEST_RANGES, ranges) && this.#changed > this.#larger * MOST_CHANGED;
  }

  /** The target has none of the rows. */
  get isMissing(): boolean {
    return this.#rowsThere === 0 && this.#rows > 0;
  }

  get differsEverywhere(): boolean {
    return this.#ranges >= FEWEST_RANGES && this.#differing === this.#ranges;
  }
}

/** Those that are to be copied. */
const countFresh = ({ rows, patch }: ComparedRange): number => {
  if (!patch) return 0;
  if (patch.fresh === 'all') return rows;
  return 'keys' in patch.fresh ? patch.fresh.keys.length : patch.fresh.rows;
};

/** Compares one more range: where changes are everywhere, the digest of a range would only come on top. */
export const compareNext = async (
  lane: Lane,
  scope: PatchScope,
  range: KeyRange,
  tally: RangeTally,
): Promise<readonly RangePatch[]> => {
  const isFirst =
    scope.listing === 'numbers' && !(hasWholeKey(scope.sql.entry.table) && tally.differsEverywhere);
  const found = await compareRange(lane, scope, range, isFirst ? 'digest' : 'rows');
  tally.add(found);
  return found.patch ? [found.patch] : [];
};

const listRanges = async (
  { source }: Lane,
  { sql, from }: PatchScope,
  rangeRows: number,
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

import { inGroups } from '../../../../core/in-groups.js';
import { hasWholeKey } from '../../../../core/server/row-key.js';
import type { Lane } from '../lanes/lanes.js';
import { narrowRows } from '../../../../core/sql/narrow-rows.js';
import { type KeyPoint, type KeyRange, renderRange } from '../../rows/split-key.js';
import { renderDelete, renderDeleteRange, renderHasHash, renderHasKey } from '../statements/patch-sql.js';
import { type PatchScope, type RangePatch, hasMark } from './compare-range.js';
import { type Patch, type UseLane, compareNext } from './find-patch.js';

/** Copies the rows of a range of the source, as far as they have one of the keys of the condition. */
export type CopyRows = (lane: Lane, range: KeyRange, condition?: string) => Promise<Copied>;

/** `isSame`: the rows of the target, as they were read back, are those that were sent. */
interface Copied {
  readonly rows: number;
  readonly isSame: boolean;
}

interface Ways {
  readonly use: UseLane;
  readonly copy: CopyRows;
}

/** So many rows are deleted or copied by one statement. */
const KEYS_AT_ONCE = 500;

/** By hashes more, because each statement reads a whole range: a third of a MiB of SQL. */
const HASHES_AT_ONCE = 16_000;

/** So many ranges are compared before their rows are replaced: their pages are still in memory. */
const RANGES_AT_ONCE = 8;

/**
 * Compares what is left of the ranges, and puts the rows of the source in the place of those that differ.
 * @returns the rows that were copied, and whether what was compared and what was written make up the rows of the source
 */
export const applyPatch = async (patch: Patch, ways: Ways): Promise<Copied> => {
  const replace = isApart(patch.scope) ? replaceInParts : replaceTogether;
  return addUp(await replace(patch, ways));
};

/** Whether no row that comes has the unique value of one that goes elsewhere: only the key is unique, and in one order on both servers. */
const isApart = ({ sql }: PatchScope): boolean => {
  const { uniqueKeys = [], computes } = sql.entry.table;
  return (
    uniqueKeys.length === 1 &&
    // An index over an expression may be unique, too.
    computes === undefined &&
    hasWholeKey(sql.entry.table) &&
    sql.key.every(({ kind }) => kind !== 'text')
  );
};

/** A few ranges after the other on one lane, whose pages are read once for all that is done with them. */
const replaceInParts = async (
  { found, left, scope, tally }: Patch,
  { use, copy }: Ways,
): Promise<readonly Copied[]> => {
  const replaceOn = (lane: Lane, ranges: readonly RangePatch[]): Promise<Copied> =>
    replaceRanges({ scope, ranges, copy }, async (steps) => {
      const done = [];
      for (const step of steps) done.push(await step(lane));
      return done;
    });
  const parts = inGroups(left, RANGES_AT_ONCE);
  return Promise.all([
    ...inGroups(found, RANGES_AT_ONCE).map((ranges) => use((lane) => replaceOn(lane, ranges))),
    ...parts.map((part) =>
      use(async (lane) => {
        const ranges: RangePatch[] = [];
        for (const range of part) ranges.push(...(await compareNext(lane, scope, range, tally)));
        return replaceOn(lane, ranges);
      }),
    ),
  ]);
};

/** All that goes before anything comes. */
const replaceTogether = async (
  { found, left, scope, tally }: Patch,
  { use, copy }: Ways,
): Promise<readonly Copied[]> => {
  const more = await Promise.all(left.map((range) => use((lane) => compareNext(lane, scope, range, tally))));
  const ranges = [...found, ...more.flat()];
  return [await replaceRanges({ scope, ranges, copy }, (steps) => Promise.all(steps.map(use)))];
};

type Step<Result> = (lane: Lane) => Promise<Result>;

interface Replacement {
  readonly scope: PatchScope;
  readonly ranges: readonly RangePatch[];
  readonly copy: CopyRows;
}

const replaceRanges = async (
  { scope, ranges, copy }: Replacement,
  runAll: <Result>(steps: readonly Step<Result>[]) => Promise<readonly Result[]>,
): Promise<Copied> => {
  const { sql, into, listing } = scope;
  const remove = async ({ target }: Lane, statement: string): Promise<number> =>
    (await target.run(statement)).affectedRows;
  // A key that was given finds no other row than the one that was read.
  const removeKeys = async (lane: Lane, keys: readonly KeyPoint[]): Promise<boolean> =>
    keys.length === (await remove(lane, renderDelete(into, renderHasKey(sql.key, keys))));
  const areGone = await runAll([
    ...listWhole(ranges, 'stale').map(({ range }) => async (lane: Lane) => {
      await remove(lane, renderDeleteRange(sql, into, range));
      return true;
    }),
    ...listKeys(ranges, 'stale').map((keys) => (lane: Lane) => removeKeys(lane, keys)),
    ...listHashed(scope, ranges, 'stale').map(({ range, conditions }) => async (lane: Lane) => {
      // One after the other: each locks all rows that it reads.
      for (const condition of conditions)
        await remove(
          lane,
          renderDelete(into, narrowRows(renderRange(sql.key, range) ?? null, condition) ?? undefined),
        );
      return true;
    }),
  ]);
  const { rows, isSame } = addUp(
    await runAll([
      ...listWhole(ranges, 'fresh').map(
        ({ range }) =>
          (lane: Lane) =>
            copy(lane, range),
      ),
      ...listKeys(ranges, 'fresh').map((keys) => (lane: Lane) => copy(lane, {}, renderHasKey(sql.key, keys))),
      ...listHashed(scope, ranges, 'fresh').flatMap(({ range, conditions }) =>
        // Another object than the one that stands for a whole table, whose rows would be counted.
        conditions.map((condition) => (lane: Lane) => copy(lane, { ...range }, condition)),
      ),
    ]),
  );
  if (listing === 'cells') return { rows, isSame: isSame && areGone.every(Boolean) };
  const proofs = await runAll(ranges.map((range) => (lane: Lane) => hasMark(lane, scope, range)));
  return { rows, isSame: [...areGone, ...proofs].every(Boolean) };
};

const addUp = (copied: readonly Copied[]): Copied => ({
  rows: copied.reduce((sum, { rows }) => sum + rows, 0),
  isSame: copied.every(({ isSame }) => isSame),
});

type Side = 'stale' | 'fresh';

const listWhole = (ranges: readonly RangePatch[], side: Side): readonly RangePatch[] =>
  ranges.filter((range) => range[side] === 'all');

const listKeys = (ranges: readonly RangePatch[], side: Side): readonly (readonly KeyPoint[])[] =>
  inGroups(
    ranges
      .map((range) => range[side])
      .flatMap((named) => (named !== 'all' && 'keys' in named ? named.keys : [])),
    KEYS_AT_ONCE,
  );

interface HashedRows {
  readonly range: KeyRange;
  /** Each for some of them. */
  readonly conditions: readonly string[];
}

const listHashed = ({ sql }: PatchScope, ranges: readonly RangePatch[], side: Side): readonly HashedRows[] =>
  ranges.flatMap(({ range, [side]: named }) =>
    named !== 'all' && 'hashes' in named
      ? [
          {
            range,
            conditions: inGroups(named.hashes, HASHES_AT_ONCE).map((hashes) => renderHasHash(sql, hashes)),
          },
        ]
      : [],
  );

import { forEachConcurrently } from '../../../../core/concurrency.js';
import type { KeyPoint, KeyRange } from '../../rows/split-key.js';
import { hasWholeKey, renderDelete, renderDeleteRange, renderHasKey } from '../statements/patch-sql.js';
import { type Keys, type Patch, type PatchScope, type RangePatch, hasMark } from './find-patch.js';

/** Copies the rows of a range of the source, as far as they have one of the keys of the condition. */
export type CopyRows = (range: KeyRange, condition?: string) => Promise<Copied>;

/** `isSame`: the rows of the target, as they were read back, are those that were sent. */
interface Copied {
  readonly rows: number;
  readonly isSame: boolean;
}

/** So many rows are deleted or copied by one statement. */
const KEYS_AT_ONCE = 500;

/**
 * Puts the rows of the source in the place of those that differ.
 * @returns the rows that were copied, and whether what was compared and what was written make up the rows of the source
 */
export const applyPatch = async (scope: PatchScope, patch: Patch, copy: CopyRows): Promise<Copied> => {
  const { sql, into, use } = scope;
  const remove = async (statement: string): Promise<number> =>
    use(async ({ target }) => (await target.run(statement)).affectedRows);
  const removeRange = ({ range }: RangePatch): Promise<number> => remove(renderDeleteRange(sql, into, range));
  // A key that was given finds no other row than the one that was read.
  const removeKeys = async (keys: readonly KeyPoint[]): Promise<boolean> =>
    keys.length === (await remove(renderDelete(into, renderHasKey(sql.key, keys))));
  const copyKeys = (keys: readonly KeyPoint[]): Promise<Copied> => copy({}, renderHasKey(sql.key, keys));

  const areGone: boolean[] = [];
  const copied: Copied[] = [];
  const replace = async (ranges: Patch['ranges']): Promise<void> => {
    const [, gone] = await Promise.all([
      Promise.all(listWhole(ranges, 'stale').map(removeRange)),
      Promise.all(listKeys(ranges, 'stale').map(removeKeys)),
    ]);
    areGone.push(...gone);
    copied.push(
      ...(await Promise.all([
        ...listWhole(ranges, 'fresh').map(({ range }) => copy(range)),
        ...listKeys(ranges, 'fresh').map(copyKeys),
      ])),
    );
  };
  await forEachConcurrently(groupRanges(scope, patch.ranges), GROUPS_AT_ONCE, replace);
  return {
    rows: copied.reduce((sum, { rows }) => sum + rows, 0),
    isSame:
      areGone.every(Boolean) &&
      (patch.listing === 'cells' ? copied.every(({ isSame }) => isSame) : await hasMarks(scope, patch)),
  };
};

/** Enough for the lanes of one table; more would be more pages than memory holds. */
const GROUPS_AT_ONCE = 4;

/**
 * Ranges whose rows go before any of them comes. All, where a row that comes may have the unique value of one that goes elsewhere. Where
 * only the key is unique, and in one order on both servers, few: the pages that lost rows get the others while they are still
 * in memory.
 */
const groupRanges = ({ sql }: PatchScope, ranges: Patch['ranges']): readonly Patch['ranges'][] => {
  const { uniqueKeys = [], computes } = sql.entry.table;
  const isApart =
    uniqueKeys.length === 1 &&
    // An index over an expression may be unique, too.
    computes === undefined &&
    hasWholeKey(sql.entry.table) &&
    sql.key.every(({ kind }) => kind !== 'text');
  if (!isApart) return [ranges];
  const groups: RangePatch[][] = [];
  let keys = KEYS_AT_ONCE;
  for (const range of ranges) {
    const more = countKeys(range);
    if (keys + more > KEYS_AT_ONCE) groups.push([]);
    keys = keys + more > KEYS_AT_ONCE ? more : keys + more;
    groups.at(-1)?.push(range);
  }
  return groups;
};

const countKeys = ({ stale, fresh }: RangePatch): number =>
  Math.max(...[stale, fresh].map((keys) => (keys === 'all' ? KEYS_AT_ONCE : keys.length)));

/** Whether all ranges that differed have the rows of the source by now. */
const hasMarks = async (scope: PatchScope, { ranges }: Patch): Promise<boolean> => {
  const same = await Promise.all(ranges.map((range) => scope.use((lane) => hasMark(lane, scope, range))));
  return same.every(Boolean);
};

type Side = 'stale' | 'fresh';

const listWhole = (ranges: Patch['ranges'], side: Side): Patch['ranges'] =>
  ranges.filter((range) => range[side] === 'all');

const listKeys = (ranges: Patch['ranges'], side: Side): readonly (readonly KeyPoint[])[] => {
  const all = ranges.map((range): Keys => range[side]).flatMap((keys) => (keys === 'all' ? [] : keys));
  const batches = Math.ceil(all.length / KEYS_AT_ONCE);
  return Array.from({ length: batches }, (_, at) => all.slice(at * KEYS_AT_ONCE, (at + 1) * KEYS_AT_ONCE));
};

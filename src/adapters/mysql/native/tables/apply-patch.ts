import type { KeyPoint, KeyRange } from '../../rows/split-key.js';
import { renderDelete, renderDeleteRange, renderHasKey } from '../statements/patch-sql.js';
import { type Keys, type Patch, type PatchScope, hasMark } from './find-patch.js';

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
 * Puts the rows of the source in the place of those that differ. All that goes is deleted before anything comes: a row may have
 * the unique value of another one that goes.
 * @returns the rows that were copied, and whether what was compared and what was written make up the rows of the source
 */
export const applyPatch = async (scope: PatchScope, patch: Patch, copy: CopyRows): Promise<Copied> => {
  const { ranges } = patch;
  const { sql, into, use } = scope;
  const remove = async (statement: string): Promise<number> =>
    use(async ({ target }) => (await target.run(statement)).affectedRows);
  const stale = listKeys(ranges, 'stale');
  const [, removed] = await Promise.all([
    Promise.all(listWhole(ranges, 'stale').map(({ range }) => remove(renderDeleteRange(sql, into, range)))),
    Promise.all(stale.map((keys) => remove(renderDelete(into, renderHasKey(sql.key, keys))))),
  ]);
  const copied = await Promise.all([
    ...listWhole(ranges, 'fresh').map(({ range }) => copy(range)),
    ...listKeys(ranges, 'fresh').map((keys) => copy({}, renderHasKey(sql.key, keys))),
  ]);
  const areGone = stale.every(({ length }, at) => length === removed[at]);
  return {
    rows: copied.reduce((sum, { rows }) => sum + rows, 0),
    // A key that was given finds no other row than the one that was read.
    isSame:
      areGone &&
      (patch.listing === 'cells' ? copied.every(({ isSame }) => isSame) : await hasMarks(scope, patch)),
  };
};

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

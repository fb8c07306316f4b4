import type { KeyPoint, KeyRange } from '../../rows/split-key.js';
import type { TableSql } from '../statements/table-sql.js';
import { type Keys, type Patch, type PatchScope, hasMark } from './find-patch.js';
import { narrowTo, renderDelete, renderDeleteRange, renderHasKey } from '../statements/patch-sql.js';

/** Copies the rows of a range, as far as they are those of `sql`. */
export type CopyRows = (sql: TableSql, range: KeyRange) => Promise<{ readonly rows: number }>;

/** So many rows are deleted or copied by one statement. */
const KEYS_AT_ONCE = 500;

/**
 * Puts the rows of the source in the place of those that differ. All that goes is deleted before anything comes: a row may have
 * the unique value of another one that goes.
 * @returns the rows that were copied
 */
export const applyPatch = async (scope: PatchScope, { ranges }: Patch, copy: CopyRows): Promise<number> => {
  const { sql, into, use } = scope;
  const remove = (statement: string): Promise<unknown> => use(({ target }) => target.run(statement));
  await Promise.all([
    ...listWhole(ranges, 'stale').map(({ range }) => remove(renderDeleteRange(sql, into, range))),
    ...listKeys(ranges, 'stale').map((keys) => remove(renderDelete(into, renderHasKey(sql.key, keys)))),
  ]);
  const copied = await Promise.all([
    ...listWhole(ranges, 'fresh').map(({ range }) => copy(sql, range)),
    ...listKeys(ranges, 'fresh').map((keys) => copy(narrowTo(sql, renderHasKey(sql.key, keys)), {})),
  ]);
  return copied.reduce((sum, { rows }) => sum + rows, 0);
};

/** Whether all ranges that differed have the rows of the source by now. */
export const isPatched = async (scope: PatchScope, { ranges }: Patch): Promise<boolean> => {
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

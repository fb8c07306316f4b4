import { suggestNearest } from '../nearest.js';
import { isMatch, isPattern } from '../plan/pattern.js';
import type { SelectionRules } from '../plan/resolved-plan.js';
import type { DatabaseInventory } from '../server/inventory.js';

/** A name or glob in the rules of a database entry that nothing there has. */
export interface UnmatchedName {
  /** As in the plan, for example `tables.structure_only`. */
  readonly key: string;
  readonly text: string;
  readonly isPattern: boolean;
  /** A typing error for certain: no glob, which may well match nothing today, and all databases were looked at. */
  readonly isWrong: boolean;
  /** `did you mean "customers"?` */
  readonly suggestion: string | undefined;
}

/** A database that an entry of the plan selects, and what the target has of it. */
export interface EntryDatabase {
  readonly source: DatabaseInventory;
  readonly live: DatabaseInventory | undefined;
}

/**
 * What in the rules of an entry matches no object of any of its databases. What is excluded stays on the target, so
 * those names may be of the target only. Where a call leaves out databases of the entry, those may have it.
 */
export const findUnmatchedNames = (
  { tables, programs }: SelectionRules,
  databases: readonly EntryDatabase[],
  which: 'all' | 'some',
): readonly UnmatchedName[] => {
  const onSource = databases.flatMap(({ source }) => source.tables.map(({ name }) => name));
  const onTarget = databases.flatMap(({ live }) => (live?.tables ?? []).map(({ name }) => name));
  const allPrograms = databases.flatMap(({ source, live }) =>
    [...source.programs, ...(live?.programs ?? [])].map(({ name }) => name),
  );
  const lists = [
    ['tables.only', tables.only, onSource],
    ['tables.exclude', tables.exclude, [...onSource, ...onTarget]],
    ['tables.structure_only', tables.structure_only, onSource],
    ['tables.external', tables.external, onSource],
    ['programs.exclude', programs.exclude, allPrograms],
  ] as const;
  return lists.flatMap(([key, globs, names]) =>
    globs
      .filter((glob) => !names.some((name) => isMatch(glob, name)))
      .map((text) => ({
        key,
        text,
        isPattern: isPattern(text),
        isWrong: !isPattern(text) && which === 'all',
        suggestion: isPattern(text) ? undefined : suggestNearest(text, names),
      })),
  );
};

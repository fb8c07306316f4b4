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
  /** `did you mean "customers"?` */
  readonly suggestion: string | undefined;
}

/** The databases that one entry of the plan selects, and what the target has of them. */
export interface EntryDatabases {
  readonly source: DatabaseInventory;
  readonly target: DatabaseInventory | undefined;
}

/**
 * What in the rules of an entry matches no object of any of its databases. What is excluded stays on the target, so
 * those names may be of the target only.
 */
export const findUnmatchedNames = (
  { tables, programs }: SelectionRules,
  databases: readonly EntryDatabases[],
): readonly UnmatchedName[] => {
  const onSource = databases.flatMap(({ source }) => source.tables.map(({ name }) => name));
  const onTarget = databases.flatMap(({ target }) => (target?.tables ?? []).map(({ name }) => name));
  const allPrograms = databases.flatMap(({ source, target }) =>
    [...source.programs, ...(target?.programs ?? [])].map(({ name }) => name),
  );
  return [
    ...listUnmatched('tables.exclude', tables.exclude, [...onSource, ...onTarget]),
    ...listUnmatched('tables.structure_only', tables.structure_only, onSource),
    ...listUnmatched('tables.external', tables.external, onSource),
    ...listUnmatched('programs.exclude', programs.exclude, allPrograms),
  ];
};

const listUnmatched = (
  key: string,
  globs: readonly string[],
  names: readonly string[],
): readonly UnmatchedName[] =>
  globs
    .filter((glob) => !names.some((name) => isMatch(glob, name)))
    .map((text) => ({
      key,
      text,
      isPattern: isPattern(text),
      suggestion: isPattern(text) ? undefined : suggestNearest(text, names),
    }));

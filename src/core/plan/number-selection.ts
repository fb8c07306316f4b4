import { SyncError } from '../errors.js';
import { suggestNearest } from '../nearest.js';
import { exactPattern, isMatch, isPattern } from './pattern.js';

/** Numbers have a meaning only while the person looks at the numbered list. */
export type ListVisibility = 'shown' | 'unseen';

/** What one part of the text means: positions of the list, from 0. */
interface Part {
  readonly indexes: readonly number[];
  /** As it was typed, when it was a glob. */
  readonly glob?: string;
}
type Choice = Part | { readonly problem: string };

/** A selection as a plan says it: a glob stays one, so that it also takes what comes later. */
export type SelectionEntry<Name> =
  { readonly name: Name } | { readonly match: string; readonly exclude: readonly string[] };

export interface ParsedSelection<Name> {
  readonly names: readonly Name[];
  /** The same, in the same order. */
  readonly entries: readonly SelectionEntry<Name>[];
}

/**
 * Reads what a person typed to choose from a list: `1,3,5`, `1-5`, `5-`, `all`, globs, exact names, `=2024` for a
 * name that looks like a number, `^x` or `!x` to take away. Commas separate. The result has the order of the list.
 * Throws SELECTION_INVALID with every problem, SELECTION_EMPTY when nothing is left; it never guesses.
 */
export const parseSelection = <Name extends string>(
  text: string,
  list: readonly Name[],
  visibility: ListVisibility,
): ParsedSelection<Name> => {
  if (list.length === 0) throw new SyncError('SELECTION_EMPTY', { message: 'nothing to choose from' });
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const kept: Part[] = [];
  const removed: Part[] = [];
  const problems: string[] = [];
  for (const part of parts) {
    const isRemoval = /^[\^!]/.test(part);
    const choice = choosePart(isRemoval ? part.slice(1).trim() : part, list, visibility);
    if ('problem' in choice) problems.push(choice.problem);
    else (isRemoval ? removed : kept).push(choice);
  }
  if (problems.length > 0) throw new SyncError('SELECTION_INVALID', { message: problems.join('; ') });
  const isIn = (side: readonly Part[], index: number): boolean =>
    side.some(({ indexes }) => indexes.includes(index));
  const chosen = [...list.keys()].filter((index) => isIn(kept, index) && !isIn(removed, index));
  if (chosen.length === 0) throw explainEmpty(text.trim(), kept.length, removed.length);
  return {
    names: chosen.map((index) => nameAt(list, index)),
    entries: toEntries(list, chosen, kept, removed),
  };
};

/** The names that `parseSelection` finds. */
export const parseNumberSelection = <Name extends string>(
  text: string,
  list: readonly Name[],
  visibility: ListVisibility,
): readonly Name[] => parseSelection(text, list, visibility).names;

const nameAt = <Name>(list: readonly Name[], index: number): Name => list[index] as Name;

/** Each where the first of what it chooses stands in the list. */
const toEntries = <Name extends string>(
  list: readonly Name[],
  chosen: readonly number[],
  kept: readonly Part[],
  removed: readonly Part[],
): readonly SelectionEntry<Name>[] => {
  const taken = new Set<number>();
  return chosen.flatMap((index): readonly SelectionEntry<Name>[] => {
    if (taken.has(index)) return [];
    const part = kept.find(({ glob, indexes }) => glob !== undefined && indexes.includes(index));
    if (part?.glob === undefined) return [{ name: nameAt(list, index) }];
    for (const other of part.indexes) taken.add(other);
    const exclude = removed.flatMap(({ glob, indexes }) =>
      glob === undefined
        ? indexes
            .filter((other) => part.indexes.includes(other))
            .map((other) => exactPattern(nameAt(list, other)))
        : [glob],
    );
    return [{ match: part.glob, exclude: [...new Set(exclude)] }];
  });
};

const explainEmpty = (text: string, kept: number, removed: number): SyncError => {
  if (kept > 0)
    return new SyncError('SELECTION_EMPTY', { message: 'nothing selected: everything is excluded again' });
  if (removed > 0)
    return new SyncError('SELECTION_EMPTY', {
      message: `nothing selected: "${text}" only excludes; did you mean all,${text}?`,
    });
  return new SyncError('SELECTION_EMPTY', { message: 'nothing selected' });
};

const RANGE = /^(\d*)\s*-\s*(\d*)$/;

const choosePart = (part: string, list: readonly string[], visibility: ListVisibility): Choice => {
  if (part === 'all') return { indexes: [...list.keys()] };
  if (part.startsWith('=')) return chooseName(part.slice(1), list);
  const range = /\d/.test(part) ? (RANGE.exec(part) ?? /^(\d+)$/.exec(part)) : null;
  if (range) return visibility === 'shown' ? chooseRange(part, range, list) : nonNumberChoice(part);
  if (isPattern(part)) return chooseMatching(part, list);
  return chooseName(part, list);
};

const nonNumberChoice = (part: string): Choice => ({
  problem: `"${part}" is a number, and no numbered list is shown here; write =${part} for that name`,
});

const chooseRange = (
  part: string,
  [, from = '', to = from]: RegExpExecArray,
  list: readonly string[],
): Choice => {
  const { length } = list;
  const first = Number(from);
  const last = to === '' ? length : Number(to);
  if (from === '') return { problem: `"${part}" has no start; did you mean 1-${to}?` };
  if (first > last && to !== '') return { problem: `"${part}" runs backwards; did you mean ${to}-${from}?` };
  if (first < 1 || first > length || last > length)
    return {
      problem: `"${part}" is out of range 1-${length}${list.includes(part) ? `; write =${part} for that name` : ''}`,
    };
  return { indexes: Array.from({ length: last - first + 1 }, (_, offset) => first - 1 + offset) };
};

const chooseMatching = (pattern: string, list: readonly string[]): Choice => {
  const indexes = [...list.keys()].filter((index) => isMatch(pattern, list[index] ?? ''));
  return indexes.length > 0 ? { indexes, glob: pattern } : { problem: `"${pattern}" matches nothing` };
};

const chooseName = (name: string, list: readonly string[]): Choice => {
  const index = list.indexOf(name);
  if (index >= 0) return { indexes: [index] };
  const suggestion = /^\d+(\s+\d+)+$/.test(name)
    ? 'separate numbers with commas'
    : suggestNearest(name, [...list, 'all']);
  return { problem: `"${name}" is not in the list${suggestion ? `; ${suggestion}` : ''}` };
};

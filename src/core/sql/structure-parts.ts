import { fingerprintOf } from '../fingerprint.js';

const LETTERS = {
  column: 'c',
  index: 'i',
  'foreign key': 'f',
  check: 'k',
  partition: 'p',
  option: 'o',
} as const;

/** Something that makes a table what it is. An option is for example its engine. */
export interface StructurePart {
  readonly kind: keyof typeof LETTERS;
  readonly name: string;
  readonly facts: unknown;
}

/** Enough to tell two versions of one part apart. */
const MARK_DIGITS = 5;

const markOf = ({ kind, facts }: StructurePart): string =>
  `${LETTERS[kind]}${fingerprintOf(facts).slice(0, MARK_DIGITS)}`;

/** A short text by which it can be said later which parts changed: journals keep it for every table. */
export const markParts = (parts: readonly StructurePart[]): string => parts.map(markOf).join(' ');

const MOST_NAMES = 4;

/** What a table has now and had not, or what kind of part is gone; empty when that cannot be told. */
export const describeChangedParts = (marks: string, now: readonly StructurePart[]): string => {
  const before = marks === '' ? [] : marks.split(' ');
  const after = now.map(markOf);
  const made = now.filter((_, at) => !before.includes(after[at] ?? ''));
  const gone = before.filter((mark) => !after.includes(mark));
  // A part that was altered is gone and made.
  const kinds = (Object.keys(LETTERS) as (keyof typeof LETTERS)[]).filter((kind) => {
    const count = gone.filter((mark) => mark.startsWith(LETTERS[kind])).length;
    return count > made.filter((part) => part.kind === kind).length;
  });
  const names = [
    ...new Set(made.map(({ kind, name }) => (kind === 'option' ? `its ${name}` : `${kind} ${name}`))),
  ];
  const shown = [...names, ...kinds.map((kind) => `a lost ${kind}`)];
  if (shown.length === 0) return before.join(' ') === after.join(' ') ? '' : 'the order of its parts';
  const rest = shown.length - MOST_NAMES;
  return `${shown.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
};

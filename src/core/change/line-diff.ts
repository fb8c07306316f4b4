import { formatPlural } from '../plural.js';

/** A line for people, and what it is compared by: servers write one thing in several ways. */
export interface ComparedLine {
  readonly key: string;
  readonly text: string;
}

/** Lines that are compared as they stand. */
export const plainLines = (texts: readonly string[]): readonly ComparedLine[] =>
  texts.map((text) => ({ key: text, text }));

/** Pairs of lines that are compared at most; a server may print texts of any length. */
const MOST_PAIRS = 4_000_000;
/** More than a person reads, of one object. */
const MOST_LINES = 400;
const LONGEST_LINE = 4000;

/** The fewest lines that go (`- `) and come (`+ `), in their order; those that stay are left out. */
export const diffLines = (
  before: readonly ComparedLine[],
  after: readonly ComparedLine[],
): readonly string[] => {
  const lines = compareLines(before, after).map(cutLine);
  const rest = lines.length - MOST_LINES;
  return rest > 0 ? [...lines.slice(0, MOST_LINES), `(${formatPlural(rest, 'more line')})`] : lines;
};

const cutLine = (line: string): string =>
  line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} (cut)` : line;

const compareLines = (before: readonly ComparedLine[], after: readonly ComparedLine[]): readonly string[] => {
  let start = 0;
  while (start < before.length && start < after.length && isSame(before[start], after[start])) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && isSame(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const old = before.slice(start, before.length - end);
  const made = after.slice(start, after.length - end);
  // Where everything between is other, nothing is to be found in it.
  return old.length * made.length > MOST_PAIRS
    ? [...old.map(gone), ...made.map(come)]
    : walk(old, made, measureCommon(old, made));
};

const isSame = (a: ComparedLine | undefined, b: ComparedLine | undefined): boolean => a?.key === b?.key;
const gone = ({ text }: ComparedLine): string => `- ${text}`;
const come = ({ text }: ComparedLine): string => `+ ${text}`;

/** For each pair of places the most lines that both have from there on, in rows of `made.length + 1`. */
const measureCommon = (old: readonly ComparedLine[], made: readonly ComparedLine[]): Uint16Array => {
  const width = made.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = made.length - 1; j >= 0; j -= 1)
      common[i * width + j] = isSame(old[i], made[j])
        ? (common[(i + 1) * width + j + 1] ?? 0) + 1
        : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  return common;
};

const walk = (
  old: readonly ComparedLine[],
  made: readonly ComparedLine[],
  common: Uint16Array,
): readonly string[] => {
  const width = made.length + 1;
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < made.length) {
    const [here, there] = [old[i], made[j]];
    if (here && there && isSame(here, there)) [i, j] = [i + 1, j + 1];
    else if (here && (!there || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))) {
      lines.push(gone(here));
      i += 1;
    } else if (there) {
      lines.push(come(there));
      j += 1;
    }
  }
  return lines;
};

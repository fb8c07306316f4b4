import type { Diagnostic } from '../../core/plan/diagnostic.js';
import type { ErrorCode } from '../../core/errors.js';
import { type TextRange, type YamlNode, locateValue } from './yaml-tree.js';

/** What is wrong, before it has a place. */
export interface Complaint {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with the value at a path, or with the key that it stands under. */
export interface PlacedComplaint extends Complaint {
  readonly path: readonly string[];
  readonly mark: 'key' | 'value';
  /** Mark only these characters of the value. */
  readonly within?: string;
}

/** Turns a range of a file into a diagnostic with its line, column and excerpt. */
export type Locator = (range: TextRange, complaint: Complaint) => Diagnostic;

const LINES_BEFORE = 2;
/** Longer lines are not shown: nobody wrote them to be read, and every width of them is counted. */
const LONGEST_LINE = 2_000;

/**
 * Excerpts show the text with its secrets masked, or are left out (`hidden`); lines and columns are those of the file.
 */
export const createLocator = (
  file: string,
  text: string,
  secrets: readonly TextRange[] | 'hidden',
): Locator => {
  const lines = splitLines(text);
  const shown =
    secrets === 'hidden' ? [] : splitLines(maskRanges(text, secrets)).map((line) => line.text.trimEnd());
  return (range, { code, message, hint }) => {
    const index = findLine(lines, range.start);
    const rows = shown.slice(Math.max(0, index - LINES_BEFORE), index + 1);
    const line = lines[index] ?? { start: 0, text: '' };
    const column = range.start - line.start + 1;
    const rest = line.text.length - column + 1;
    return {
      code,
      file,
      line: index + 1,
      column,
      length: Math.max(1, Math.min(range.end - range.start, rest)),
      message,
      ...(hint === undefined ? {} : { hint }),
      excerpt: rows.some((row) => row.length > LONGEST_LINE)
        ? []
        : rows.map((row, offset) => ({
            line: Math.max(0, index - LINES_BEFORE) + offset + 1,
            text: row,
          })),
    };
  };
};

interface Line {
  readonly start: number;
  readonly text: string;
}

/** The last line that starts at or before the offset: by halves, because a file may have as many problems as lines. */
const findLine = (lines: readonly Line[], offset: number): number => {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

const splitLines = (text: string): readonly Line[] => {
  const ends = [...text.matchAll(/\r\n|\r|\n/g)];
  const starts = [0, ...ends.map((match) => match.index + match[0].length)];
  return starts.map((start, index) => ({ start, text: text.slice(start, ends[index]?.index) }));
};

/** `***` and blanks, so that what follows keeps its column and, at the end of a line, the length stays hidden. */
const maskRanges = (text: string, ranges: readonly TextRange[]): string => {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    parts.push(text.slice(done, from), maskText(text.slice(from, end)));
    done = end;
  }
  return [...parts, text.slice(done)].join('');
};

const maskText = (text: string): string =>
  text.replace(/[^\r\n]+/g, (part) => '***'.slice(0, part.length).padEnd(part.length));

/** Where a complaint points at: as near as the file has it. */
export const rangeOf = (root: YamlNode, text: string, { path, mark, within }: PlacedComplaint): TextRange => {
  const { node, keyRange } = locateValue(root, path);
  if (mark === 'key') return keyRange ?? node.range;
  const offset = within === undefined ? -1 : text.slice(node.range.start, node.range.end).indexOf(within);
  if (within === undefined || offset < 0) return node.range;
  return { start: node.range.start + offset, end: node.range.start + offset + within.length };
};

import type { Diagnostic } from '../../core/diagnostic.js';
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

/** Excerpts show the text with its secrets masked; lines and columns are those of the file. */
export const createLocator = (file: string, text: string, secrets: readonly TextRange[]): Locator => {
  const lines = splitLines(text);
  const shown = splitLines(maskRanges(text, secrets)).map((line) => line.text.trimEnd());
  return (range, { code, message, hint }) => {
    const index = Math.max(
      0,
      lines.findLastIndex((line) => line.start <= range.start),
    );
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
      excerpt: shown
        .slice(Math.max(0, index - LINES_BEFORE), index + 1)
        .map((row, offset) => ({ line: Math.max(0, index - LINES_BEFORE) + offset + 1, text: row })),
    };
  };
};

const splitLines = (text: string): readonly { readonly start: number; readonly text: string }[] => {
  const ends = [...text.matchAll(/\r\n|\r|\n/g)];
  const starts = [0, ...ends.map((match) => match.index + match[0].length)];
  return starts.map((start, index) => ({ start, text: text.slice(start, ends[index]?.index) }));
};

/** `***` and blanks, so that what follows keeps its column and, at the end of a line, the length stays hidden. */
const maskRanges = (text: string, ranges: readonly TextRange[]): string =>
  ranges.reduce(
    (masked, { start, end }) =>
      masked.slice(0, start) +
      masked
        .slice(start, end)
        .replace(/[^\r\n]+/g, (part) => '***'.slice(0, part.length).padEnd(part.length)) +
      masked.slice(end),
    text,
  );

/** Where a complaint points at: as near as the file has it. */
export const rangeOf = (root: YamlNode, text: string, { path, mark, within }: PlacedComplaint): TextRange => {
  const { node, keyRange } = locateValue(root, path);
  if (mark === 'key') return keyRange ?? node.range;
  const offset = within === undefined ? -1 : text.slice(node.range.start, node.range.end).indexOf(within);
  if (within === undefined || offset < 0) return node.range;
  return { start: node.range.start + offset, end: node.range.start + offset + within.length };
};

import { stripVTControlCharacters } from 'node:util';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;
const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;

const widthOf = (grapheme: string): number =>
  INVISIBLE.test(grapheme) ? 0 : WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;

const graphemesOf = (text: string): readonly string[] =>
  Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);

/** Columns that the text takes on a terminal; colours and combining marks take none, East Asian characters two. */
export const displayWidth = (text: string): number =>
  graphemesOf(stripVTControlCharacters(text)).reduce((sum, grapheme) => sum + widthOf(grapheme), 0);

/** The text, or as much of it as fits in `columns` with `…` at its end. Never cuts a character in two. */
export const truncateText = (text: string, columns: number): string => {
  if (displayWidth(text) <= columns) return text;
  let width = 1;
  let kept = '';
  for (const grapheme of graphemesOf(text)) {
    width += widthOf(grapheme);
    if (width > columns) break;
    kept += grapheme;
  }
  return `${kept}…`;
};

/** Names come from servers: what could move the cursor or break a line is shown as an escape such as `\n` or `\x1b`. */
export const makePrintable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    if (character === '\r') return '\\r';
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });

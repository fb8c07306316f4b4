import { eastAsianWidth } from 'get-east-asian-width';
import { makePrintable } from '../core/printable.js';
import { mapPainted } from './paint.js';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const EMOJI = /^\p{Emoji_Presentation}/u;
const INVISIBLE = /^\p{M}+$/u;

/** What needs no look at single characters, which takes seconds for a megabyte. */
const PLAIN = /^[\x20-\x7e]*$/;
const MOST_CHARACTERS = 10_000;

const widthOf = (grapheme: string): number => {
  if (INVISIBLE.test(grapheme)) return 0;
  return EMOJI.test(grapheme) || grapheme.includes('\ufe0f')
    ? 2
    : eastAsianWidth(grapheme.codePointAt(0) ?? 0);
};

const graphemesOf = (text: string): readonly string[] =>
  Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);

/** Columns that the text takes when it is printed; colours and combining marks take none, East Asian characters two. */
export const displayWidth = (text: string): number => {
  if (PLAIN.test(text)) return text.length;
  const printed = mapPainted(text, makePrintable, () => '');
  return graphemesOf(printed).reduce((sum, grapheme) => sum + widthOf(grapheme), 0);
};

/** The text as it is printed, or as much of it as fits in `columns` with `…` at its end. Never cuts a character in two. */
export const truncateText = (text: string, columns: number): string => {
  const printed = makePrintable(text);
  if (printed.length <= MOST_CHARACTERS && displayWidth(printed) <= columns) return printed;
  let width = 1;
  let kept = '';
  // Segments come one at a time: of a long text only the beginning is looked at.
  for (const { segment } of GRAPHEMES.segment(printed)) {
    width += widthOf(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept}…`;
};

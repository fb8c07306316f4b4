import { makePrintable } from '../core/printable.js';
import { mapPainted } from './look.js';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
// By code points and not by script: ー belongs to no script, and ｶ is half as wide as カ.
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}])/u;
const INVISIBLE = /^\p{M}+$/u;

/** What needs no look at single characters, which takes seconds for a megabyte. */
const PLAIN = /^[\x20-\x7e]*$/;
const MOST_CHARACTERS = 10_000;

const widthOf = (grapheme: string): number =>
  INVISIBLE.test(grapheme) ? 0 : WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;

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

import { makePrintable } from '../core/printable.js';

/**
 * Text from anywhere as text of Markdown and HTML: an entity is a character there and never structure, whatever the
 * dialect (CommonMark 0.31, section 2.5).
 */
export const escapeMarkdown = (text: string): string =>
  makePrintable(text).replaceAll(
    /[^\p{L}\p{N} ,/+-]/gu,
    (character) => `&#${String(character.codePointAt(0))};`,
  );

/** A name. In code GitHub makes no mention of `@somebody` and no link of `#1`. */
export const nameCode = (name: string): string => `<code>${escapeMarkdown(name)}</code>`;

/** A block of lines, whose fence is longer than every run of backticks in them, so that none of them ends it. */
export const fencedBlock = (language: 'text' | 'diff', lines: readonly string[]): readonly string[] => {
  const runs = lines.flatMap((line) => Array.from(line.matchAll(/`+/g), ([run]) => run.length + 1));
  const fence = '`'.repeat(Math.max(3, ...runs));
  return [`${fence}${language}`, ...lines, fence];
};

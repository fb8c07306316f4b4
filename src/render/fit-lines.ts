import { displayWidth } from './display-width.js';
import type { Look } from './paint.js';

/**
 * Lines that are too long for a terminal, broken between words and not where the terminal would. A command that is to
 * be typed stays whole, on a line of its own, so that it can be copied.
 */
export const fitLines = (lines: readonly string[], look: Look): readonly string[] =>
  look.isTerminal ? lines.flatMap((line) => fitLine(line, look.columns)) : lines;

const LABELLED_COMMAND = /^( *)(\S.*?) {2,}(mysql-sync .*)$/;

/** A longer one is data, which nobody reads word by word. */
const LONGEST_LINE = 10_000;

const fitLine = (line: string, columns: number): readonly string[] => {
  if (line.length > LONGEST_LINE || displayWidth(line) <= columns || /^ *mysql-sync \S+$/.test(line))
    return [line];
  const [, indent = '', label = '', command] = LABELLED_COMMAND.exec(line) ?? [];
  if (command !== undefined) return [...fitLine(indent + label, columns), `${indent}  ${command}`];
  return breakLine(line, columns);
};

/** Lines that follow stand below the text of the first, right of the sign that marks an entry of a list. */
const breakLine = (line: string, columns: number): readonly string[] => {
  const [start = ''] = /^ *(?:[-+=~!] )?/.exec(line) ?? [];
  const indent = ' '.repeat(start.length);
  const [first = '', ...words] = line.slice(start.length).match(/ *[^ ]+/g) ?? [];
  const broken = [start + first];
  for (const word of words) {
    const longer = `${broken.at(-1) ?? ''}${word}`;
    if (displayWidth(longer) <= columns) broken[broken.length - 1] = longer;
    else broken.push(indent + word.trimStart());
  }
  return broken;
};

import { makePrintable } from '../core/printable.js';
import { fitLines } from './fit-lines.js';
import { type Look, mapPainted, mapText } from './paint.js';

/**
 * The edge: lines as the bytes that a terminal, a pipe or a log gets. Whatever is in them, only `paint` makes colours,
 * one line stays one line, and none is a command to the pipeline that reads the log. Every text that mysql-sync prints
 * comes through here.
 */
export const printLines = (lines: readonly string[], look: Look): string => {
  const shown = lines.map((line) => defuse(mapText(line, look.isTerminal ? makePrintable : keepTabs)));
  return fitLines(shown, look)
    .map(
      (line) =>
        `${mapPainted(
          line,
          (part) => part,
          (code) => `\u001b[${code}m`,
        )}\n`,
    )
    .join('');
};

/** Tabs separate the cells of a table in a pipe; those inside a cell were made printable by the table. */
const keepTabs = (text: string): string => text.split('\t').map(makePrintable).join('\t');

/** GitHub obeys a line that begins with `::name::`. */
const defuse = (line: string): string => line.replace(/^(\s*):(?=:.*::)/, '$1\\x3a');

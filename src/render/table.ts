import { displayWidth, makePrintable, truncateText } from './display-width.js';
import { type Color, type Look, paint } from './look.js';

/** What stands in one place of a table: text for people and, where it differs, the exact value for a pipe. */
export interface RichCell {
  readonly shown: string;
  /** Printed in a pipe instead: bytes as an integer, times in RFC 3339. */
  readonly piped?: string;
  readonly color?: Color;
}
export type Cell = string | RichCell;

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

const GAP = '  ';
/** A column is not cut below this width. */
const NARROWEST = 8;

/**
 * On a terminal aligned columns under their titles, cut to its width; in a pipe one tab separated line a row, without
 * titles. Rows have as many cells as there are columns. No rows, no lines.
 */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  look: Look,
): readonly string[] => {
  if (rows.length === 0) return [];
  if (!look.isTerminal) return rows.map((row) => row.map(pipedText).join('\t'));
  const titles = columns.map(({ title }): RichCell => ({ shown: title, color: 'dim' }));
  const lines = [titles, ...rows];
  const widths = fitWidths(
    columns.map((_, index) => Math.max(...lines.map((line) => displayWidth(shownText(line[index] ?? ''))))),
    look.columns,
  );
  return lines.map((line) =>
    columns
      .map((column, index) => layCell(line[index] ?? '', widths[index] ?? 0, column.align ?? 'left', look))
      .join(GAP)
      .trimEnd(),
  );
};

const shownText = (cell: Cell): string => makePrintable(typeof cell === 'string' ? cell : cell.shown);

const pipedText = (cell: Cell): string =>
  makePrintable(typeof cell === 'string' ? cell : (cell.piped ?? cell.shown));

/** Takes from the widest column until the line fits, or until no column may be cut further. */
const fitWidths = (wanted: readonly number[], columns: number): readonly number[] => {
  const widths = [...wanted];
  const gaps = GAP.length * (widths.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, gaps) - columns;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= NARROWEST) break;
    widths[widest] = width - 1;
    excess -= 1;
  }
  return widths;
};

const layCell = (cell: Cell, width: number, align: 'left' | 'right', look: Look): string => {
  const text = truncateText(shownText(cell), width);
  const padding = ' '.repeat(Math.max(0, width - displayWidth(text)));
  const painted = typeof cell === 'object' && cell.color ? paint(look, cell.color, text) : text;
  return align === 'right' ? padding + painted : painted + padding;
};

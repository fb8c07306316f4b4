import { makePrintable } from '../core/printable.js';
import { displayWidth, truncateText } from './display-width.js';
import { type Color, type Look, paint } from './paint.js';

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
  /** A terminal that is too narrow for all columns does without this one; the highest number goes first. */
  readonly spare?: number;
  /** What is left of a cut address or size says nothing, so such a column is cut after all others. */
  readonly cut?: 'last';
  /** Never cut: a name that is longer than its column stands on a line of its own. */
  readonly isName?: true;
}

const GAP = '  ';
/** A column is not cut below this width. */
const NARROWEST = 8;
/** A longer name would push aside what stands right of all others. */
const LONGEST_ALIGNED_NAME = 32;

/**
 * On a terminal aligned columns under their titles, cut to its width; in a pipe one tab separated line a row, without
 * titles. Rows have as many cells as there are columns. No rows, no lines.
 */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  look: Look,
): readonly string[] => renderTableRows(columns, rows, look).flat();

/** The same, the lines of each row apart; on a terminal the titles are the first. */
export const renderTableRows = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  look: Look,
): readonly (readonly string[])[] => {
  if (rows.length === 0) return [];
  if (!look.isTerminal) return rows.map((row) => [row.map(pipedText).join('\t')]);
  const titles = columns.map(({ title }): RichCell => ({ shown: title, color: 'dim' }));
  const shown = dropSpareColumns(measureColumns(columns, rows), look.columns);
  const widths = fitWidths(shown, look.columns);
  return [titles, ...rows].map((row) =>
    layRow(
      shown.map(({ index, column }, place) => ({
        column,
        cell: row[index] ?? '',
        width: widths[place] ?? 0,
      })),
      look,
    ),
  );
};

/** Columns that the table takes on a terminal that is wide enough. */
export const widthOfTable = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): number =>
  totalWidth(measureColumns(columns, rows).map(({ width }) => width));

interface MeasuredColumn {
  readonly column: Column;
  /** Its place among all columns, shown or not. */
  readonly index: number;
  readonly width: number;
}

const measureColumns = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): readonly MeasuredColumn[] =>
  columns.map((column, index) => ({
    column,
    index,
    width: Math.max(
      displayWidth(column.title),
      ...rows
        .map((row) => displayWidth(shownText(row[index] ?? '')))
        .filter((width) => !column.isName || width <= LONGEST_ALIGNED_NAME),
    ),
  }));

const totalWidth = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));

const dropSpareColumns = (
  measured: readonly MeasuredColumn[],
  columns: number,
): readonly MeasuredColumn[] => {
  const most = Math.max(0, ...measured.map(({ column }) => column.spare ?? 0));
  if (most === 0 || totalWidth(measured.map(({ width }) => width)) <= columns) return measured;
  return dropSpareColumns(
    measured.filter(({ column }) => column.spare !== most),
    columns,
  );
};

const shownText = (cell: Cell): string => makePrintable(typeof cell === 'string' ? cell : cell.shown);

const pipedText = (cell: Cell): string =>
  makePrintable(typeof cell === 'string' ? cell : (cell.piped ?? cell.shown));

/** Takes from the widest column until the line fits, or until no column may be cut further. */
const fitWidths = (measured: readonly MeasuredColumn[], columns: number): readonly number[] => {
  const widths = measured.map(({ width }) => width);
  const all = [...widths.keys()];
  const first = all.filter((place) => measured[place]?.column.cut !== 'last');
  for (const places of [first, all])
    for (let excess = totalWidth(widths) - columns; excess > 0; excess -= 1) {
      const widest = Math.max(...places.map((place) => widths[place] ?? 0));
      if (widest <= NARROWEST) break;
      widths[places.find((place) => widths[place] === widest) ?? 0] = widest - 1;
    }
  return widths;
};

interface PlacedCell {
  readonly column: Column;
  readonly cell: Cell;
  readonly width: number;
}

/** One line, or one more for each name that is longer than its column: what follows it stands where it does in other rows. */
const layRow = (cells: readonly PlacedCell[], look: Look): readonly string[] => {
  const above: string[] = [];
  let line = '';
  let column = 0;
  for (const placed of cells) {
    const name = shownText(placed.cell);
    const isLonger = placed.column.isName && displayWidth(name) > placed.width;
    column += placed.width + GAP.length;
    if (isLonger) {
      above.push(line + paintCell(placed.cell, name, look));
      line = ' '.repeat(column);
    } else line += layCell(placed, look) + GAP;
  }
  const last = line.trimEnd();
  return above.length > 0 && last === '' ? above : [...above, last];
};

const layCell = ({ cell, column, width }: PlacedCell, look: Look): string => {
  const text = truncateText(shownText(cell), width);
  const padding = ' '.repeat(Math.max(0, width - displayWidth(text)));
  const painted = paintCell(cell, text, look);
  return column.align === 'right' ? padding + painted : painted + padding;
};

const paintCell = (cell: Cell, text: string, look: Look): string =>
  typeof cell === 'object' && cell.color ? paint(look, cell.color, text) : text;

import { SyncError } from '../../../core/errors.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import type { PlacedTable, TableDigest } from '../../../engine/ports/rows.js';
import { together } from '../connection/together.js';
import { renderRowNumber } from './digest.js';
import { renderCopiedRows } from './masked-cells.js';
import { renderRows } from './render-rows.js';

/** Rows of a table, with the columns of which the digest is made. */
export interface DigestedTable {
  readonly rows: PlacedTable;
  readonly columns: readonly ColumnInventory[];
}

/** A statement is no longer than this, in characters, unless one table alone is: servers take 1 MiB at least. */
const MOST_CHARACTERS = 131_072;

/** Servers and their memory for parsing: so many SELECTs stand in one statement at most. */
const MOST_SELECTS = 32;

/**
 * Rows and digests of tables, in their order: several tables with each statement, and the statements sent together.
 * `ask` gives the rows of one. Rejects as it does: which of several tables the server could not read is not told.
 */
export const digestTogether = async (
  tables: readonly DigestedTable[],
  ask: (sql: string) => Promise<readonly (readonly (string | null | undefined)[])[]>,
): Promise<readonly TableDigest[]> => {
  const selects = tables.map((table, index) => renderTableDigest(table, index));
  const answers = (await together(joinSelects(selects).map(ask))).flat();
  const found = new Map(answers.map(([index, rows, sum]) => [Number(index), { rows, sum }]));
  const isWhole = answers.length === tables.length && tables.every((_, index) => found.has(index));
  if (!isWhole)
    throw new SyncError('SERVER_ERROR', {
      message: `${tables[0]?.rows.database ?? ''}: the digests of tables have another form; is a condition over rows more than a condition?`,
    });
  return [...found].sort(([a], [b]) => a - b).map(([, { rows, sum }]) => readTableDigest(rows, sum));
};

const joinSelects = (selects: readonly string[]): readonly string[] => {
  const statements: string[][] = [];
  let length = 0;
  for (const select of selects) {
    const last = statements.at(-1);
    length += select.length;
    if (last && last.length < MOST_SELECTS && length <= MOST_CHARACTERS) last.push(select);
    else {
      statements.push([select]);
      length = select.length;
    }
  }
  return statements.map((one) => one.join('\nUNION ALL '));
};

/** SELECT of what tells the table apart, its rows, and the sum of the numbers that stand for these columns of theirs. */
const renderTableDigest = ({ rows, columns }: DigestedTable, index: number): string => {
  const stored = renderRows(rows.database, rows.table, rows.where);
  const from = renderCopiedRows(columns, rows, stored);
  return `SELECT ${index}, COUNT(*), SUM(${renderRowNumber(columns)}) FROM ${from}`;
};

/** The sum is NULL where there are no rows. */
const readTableDigest = (rows: string | null | undefined, sum: string | null | undefined): TableDigest => ({
  rows: Number(rows),
  digest: BigInt(sum ?? '0').toString(16),
});

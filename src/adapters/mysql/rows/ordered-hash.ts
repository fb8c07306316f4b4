import type { ColumnInventory, TableInventory } from '../../../core/server/inventory.js';
import type { DatabaseName } from '../../../core/names.js';
import type { TableDigest } from '../../../engine/ports/rows.js';
import { columnTypeOf } from '../../../core/sql/column-types.js';
import { quoteName, quoteTable } from '../connection/identifiers.js';
import { declaredBytes, limitCells, renderRowText } from './digest.js';
import { PRIMARY, findRowKey, hasWholeKey } from '../../../core/server/row-key.js';

/** Rows make up one text of this many bytes at most. MariaDB's usual `max_allowed_packet`, which no text may exceed. */
const MOST_TEXT_BYTES = 16_777_216;

/** Statements for fewer rows cost more than they save. */
const FEWEST_ROWS = 2_000;

/**
 * How many rows of a table MariaDB can hash at once, one after another: a third cheaper than a number for each row. Undefined where
 * that would be few, or their order is not known.
 */
export const countHashedRows = (table: TableInventory): number | undefined => {
  const rowBytes = limitRow(table.columns);
  if (!hasWholeKey(table) || rowBytes === undefined) return undefined;
  // Ranges of a key have more rows or fewer.
  const rows = Math.floor(MOST_TEXT_BYTES / 2 / rowBytes);
  return rows < FEWEST_ROWS ? undefined : rows;
};

/**
 * Of each piece the rows, and SHA-256 of their texts in the order of their key; undefined where there are so many rows that their
 * text may have been cut. `ask` gives the rows of a statement of MariaDB. Each text shows where it ends: commas stand between its parts,
 * no cell without a length holds one of these or a semicolon, and that stands between rows.
 */
export const hashPieces = async (
  database: DatabaseName,
  table: TableInventory,
  pieces: readonly string[],
  ask: (sql: string) => Promise<readonly Row[]>,
): Promise<readonly (TableDigest | undefined)[]> => {
  const { name, columns } = table;
  const index = quoteName(findRowKey(table)?.index ?? PRIMARY);
  const nullable = columns.filter(({ isNotNull }) => isNotNull !== true);
  const texts = `GROUP_CONCAT(${renderRowText(columns, nullable, 'with types')} SEPARATOR ';')`;
  const selects = pieces.map(
    (
      piece,
      at,
    ) => `SELECT ${at}, COUNT(*), SHA2(${texts}, 256), LEAST(@@group_concat_max_len, @@max_allowed_packet)
      FROM ${quoteTable(database, name)} FORCE INDEX (${index}) WHERE ${piece}`,
  );
  const found = await ask(
    `SET STATEMENT group_concat_max_len = ${MOST_TEXT_BYTES} FOR ${selects.join('\nUNION ALL ')}`,
  );
  const answers = new Map(found.map(([at, ...answer]) => [Number(at), readAnswer(columns, answer)]));
  return pieces.map((_, at) => answers.get(at));
};

type Row = readonly (string | null | undefined)[];

const readAnswer = (
  columns: readonly ColumnInventory[],
  [count, hash, mostBytes]: Row,
): TableDigest | undefined => {
  const rows = Number(count);
  const rowBytes = limitRow(columns);
  if (rows === 0) return { rows, digest: '' };
  if (rowBytes === undefined || typeof hash !== 'string') return undefined;
  return rows * rowBytes < Number(mostBytes) ? { rows, digest: hash } : undefined;
};

/** Bytes of the text of a row at most, and of what follows it. */
const limitRow = (columns: readonly ColumnInventory[]): number | undefined => {
  const longestBytes = limitCells(columns.length);
  const cells = columns.map((column) => limitCell(column, longestBytes));
  return cells.reduce<number | undefined>(
    (sum, bytes) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
};

/** Of a length, of whether the cell is NULL, of a number, and of the commas between. */
const FIXED_BYTES = 50;
/** DECIMAL has 65 digits, and an address 45 characters. */
const PLAIN_BYTES = 80;
/** The largest DOUBLE without an exponent, and 30 digits after the point. */
const FLOATING_BYTES = 400;

const limitCell = ({ dataType, columnType }: ColumnInventory, longestBytes: number): number | undefined => {
  switch (columnTypeOf(dataType)?.digest) {
    case 'plain':
    case 'bit':
      return FIXED_BYTES + PLAIN_BYTES;
    case 'floating':
      return FIXED_BYTES + FLOATING_BYTES;
    case 'short':
      return FIXED_BYTES + Math.min(Math.max(32, declaredBytes(columnType)), Math.max(32, longestBytes));
    case 'members':
    case 'long':
    case 'vector':
      return FIXED_BYTES + Math.max(32, longestBytes);
    case 'json':
    case undefined:
      return undefined;
  }
};

import { SyncError } from '../../../core/errors.js';
import { columnTypeOf } from '../../../core/sql/column-types.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { quoteName } from '../connection/identifiers.js';
import { renderAsParsed, renderJsonTypes } from './json-types.js';

/**
 * SQL of the number that stands for one row; their sum is the digest of a table. Rows in any order give the same sum,
 * and a row that is there twice counts twice.
 *
 * The row is written as text so that different rows give different texts: first which cells are NULL, then the
 * lengths of all cells that may hold a comma, then the cells. SHA-256 of it is cut to 26 hexadecimal digits (104
 * bits); `HEX` of those has decimal digits only, 52 of them, which DECIMAL adds without rounding for up to 10^13 rows.
 * (SUM over CONV, a string, would be a DOUBLE of 53 bits that depends on the order.)
 *
 * A cast separator makes the text binary, so that no cell is converted: the bytes are those that are stored.
 */
export const renderRowNumber = (
  columns: readonly ColumnInventory[],
  json: 'with types' | 'as text' = 'with types',
): string => renderTextNumber(renderRowText(columns, columns, json));

/** SQL of eight bytes that stand for one row, for rows that no key names: what is told by them is proven by the digest of all. */
export const renderRowHash = (columns: readonly ColumnInventory[]): string =>
  `UNHEX(LEFT(SHA2(${renderRowText(columns, columns, 'with types')}, 256), 16))`;

/** SQL of the text of a row. Of columns that are not in `nullable` it is known that they hold no NULL. */
export const renderRowText = (
  columns: readonly ColumnInventory[],
  nullable: readonly ColumnInventory[],
  json: 'with types' | 'as text',
): string => {
  const longestBytes = limitCells(columns.length);
  const cells = columns.map((column) => renderCell(column, longestBytes, json));
  const parts = [
    ...nullable.map(({ name }) => `${quoteName(name)} IS NULL`),
    ...cells.flatMap(({ length }) => length ?? []),
    ...cells.flatMap(({ values }) => values),
  ];
  return `CONCAT_WS(CAST(',' AS BINARY), ${parts.join(', ')})`;
};

/** SQL of the number that stands for a text. */
export const renderTextNumber = (text: string): string =>
  `CAST(HEX(LEFT(SHA2(${text}, 256), 26)) AS DECIMAL(52, 0))`;

/**
 * Cells that are longer than this many bytes are hashed on their own first: text above `max_allowed_packet` would be
 * NULL. It depends on nothing but the table, so that both servers do the same, and all cells of a row together stay
 * below half a MiB.
 */
export const limitCells = (columns: number): number => Math.min(2_048, Math.floor(524_288 / columns));

/** What servers must allow in one text for `limitCells` to be right: their smallest default. */
export const SMALLEST_PACKET_BYTES = 1_048_576;

interface Cell {
  /** For cells that may hold a comma. */
  readonly length?: string;
  readonly values: readonly string[];
}

/** A FLOAT is printed with six digits, and as the DOUBLE that it is with all of them; FLOAT(M,D) is rounded. */
export const renderDouble = ({ name, negativeZero }: ColumnInventory): string =>
  `${quoteName(name)} * 1e0${negativeZero === 'zero' ? ' + 0e0' : ''}`;

/** @throws SyncError SERVER_ERROR for a type that nobody has thought about: it must not count as compared. */
const renderCell = (column: ColumnInventory, longestBytes: number, json: 'with types' | 'as text'): Cell => {
  const { name, dataType, columnType } = column;
  const cell = quoteName(name);
  switch (columnTypeOf(dataType)?.digest) {
    case 'plain':
      return { values: [cell] };
    case 'floating':
      return { values: [renderDouble(column)] };
    case 'bit':
      return { values: [`${cell} + 0`] };
    case 'members':
      return renderMember(cell, longestBytes);
    case 'short':
      return declaredBytes(columnType) <= longestBytes
        ? { length: `LENGTH(${cell})`, values: [cell] }
        : renderText(cell, longestBytes);
    case 'long':
      return renderText(cell, longestBytes);
    case 'vector':
      return renderText(`CAST(${cell} AS BINARY)`, longestBytes);
    case 'json':
      return renderJson(cell, longestBytes, json);
    case undefined:
      throw new SyncError('SERVER_ERROR', {
        message: `column ${name} is of type ${columnType}, whose values mysql-sync cannot compare`,
        hints: ['Compare row counts only:  options: {verify: counts}'],
      });
  }
};

/** The position tells the error value '' from a member '', the text tells members that changed places. */
const renderMember = (cell: string, longestBytes: number): Cell => {
  const { length, values } = renderText(cell, longestBytes);
  return { length, values: [`${cell} + 0`, ...values] };
};

const renderJson = (cell: string, longestBytes: number, json: 'with types' | 'as text'): Cell => {
  if (json === 'as text') return renderText(renderAsParsed(cell), longestBytes);
  const { length, values } = renderText(`CAST(${cell} AS CHAR)`, longestBytes);
  return { length, values: [renderJsonTypes(cell), ...values] };
};

const renderText = (text: string, longestBytes: number): Required<Cell> => ({
  length: `LENGTH(${text})`,
  values: [shorten(text, longestBytes)],
});

/** Both branches are bytes: MySQL would convert a hash to the character set of the other one. */
const shorten = (text: string, longestBytes: number): string =>
  `IF(LENGTH(${text}) > ${longestBytes}, UNHEX(SHA2(${text}, 256)), CAST(${text} AS BINARY))`;

/** `varchar(40)` is at most 160 bytes. */
export const declaredBytes = (columnType: string): number =>
  Number(/\((\d+)\)/.exec(columnType)?.[1] ?? 255) * 4;

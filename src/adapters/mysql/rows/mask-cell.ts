import { SyncError } from '../../../core/errors.js';
import { widthOf } from '../../../core/mask/column-size.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { columnTypeOf, isOfFamily } from '../../../core/sql/column-types.js';
import { quoteName } from '../connection/identifiers.js';

/** What is masked as text: a column, or a place within JSON. */
export interface MaskCell {
  /** SQL of the value. */
  readonly value: string;
  /** SQL of its bytes in utf8mb4, so that one value has one mask in every character set. */
  readonly bytes: string;
  /** The same to be hashed: a long value is its hash. */
  readonly message: string;
  /** How many ASCII characters may come of it. */
  readonly width: number;
  readonly isBinary: boolean;
}

export const cellOf = (column: ColumnInventory): MaskCell => {
  const value = quoteName(column.name);
  const width = widthOf(column) ?? Infinity;
  const isBinary = isOfFamily(column.dataType, 'bytes');
  if (isBinary) return { value, bytes: value, message: shorten(value, value, width), width, isBinary };
  if (columnTypeOf(column.dataType)?.family === 'address') {
    const text = `CAST(${value} AS CHAR)`;
    const bytes = `CAST(${text} AS BINARY)`;
    return { value: text, bytes, message: bytes, width: 39, isBinary };
  }
  const isUtf8 = /^(?:utf8mb4|utf8mb3|utf8|ascii)$/.test(column.charset ?? 'utf8mb4');
  const text = isUtf8 ? value : `CONVERT(${value} USING utf8mb4)`;
  const bytes = `CAST(${text} AS BINARY)`;
  return { value, bytes, message: shorten(bytes, text, width * 4), width, isBinary };
};

/** Text at a path of a document. */
export const cellWithin = (extracted: string): MaskCell => {
  const value = `CONVERT(JSON_UNQUOTE(${extracted}) USING utf8mb4)`;
  const bytes = `CAST(${value} AS BINARY)`;
  return { value, bytes, message: shorten(bytes, value, Infinity), width: Infinity, isBinary: false };
};

/** NULL stays NULL, and '' stays ''. */
export const unlessEmpty = (value: string, mask: string): string =>
  `CASE WHEN LENGTH(${value}) > 0 THEN ${mask} WHEN LENGTH(${value}) = 0 THEN '' END`;

/** `CONCAT` gives NULL above `max_allowed_packet`. */
const LONGEST_BYTES = 65_536;

const shorten = (bytes: string, text: string, mostBytes: number): string =>
  mostBytes <= LONGEST_BYTES
    ? bytes
    : `IF(LENGTH(${text}) > ${LONGEST_BYTES}, UNHEX(SHA2(${bytes}, 256)), ${bytes})`;

/**
 * As it travels: in the bytes of the column's character set.
 *
 * @throws SyncError SERVER_ERROR for a character set whose name is none
 */
export const inCharsetOf = (column: ColumnInventory, mask: string): string => {
  if (isOfFamily(column.dataType, 'bytes')) return `CAST(${mask} AS BINARY)`;
  const charset = column.charset ?? 'utf8mb4';
  if (!/^\w+$/.test(charset))
    throw new SyncError('SERVER_ERROR', {
      message: `column ${column.name} has a character set that mysql-sync does not know`,
      hints: ['Leave the table out of the plan (tables: exclude).'],
    });
  return `CONVERT(${mask} USING ${charset})`;
};

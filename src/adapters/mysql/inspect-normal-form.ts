import { type Flavor, type Vendor, isAtLeast } from '../../core/flavor.js';
import { replaceDatabase } from '../../core/sql-names.js';
import { quoteName } from './identifiers.js';
import type { Cell, Row } from './information-schema.js';

/** The text of a cell; null, and so a column that the server does not have, is empty. */
export const textOf = (cell: Cell): string => (cell === null ? '' : String(cell));

/** `utf8` has become `utf8mb3` in MySQL 8.0.30 and MariaDB 10.6, in character sets and in collations. */
export const normalizeCharset = (name: Cell): string => textOf(name).replace(/^utf8(?=_|$)/, 'utf8mb3');

/** MySQL 8.0.19 stopped printing the display width of integers (but for `tinyint(1)` and zerofill) and years. */
export const normalizeColumnType = (vendor: Vendor, columnType: string): string => {
  if (vendor === 'mariadb' || columnType.startsWith('tinyint(1)') || columnType.endsWith('zerofill'))
    return columnType;
  return columnType.replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)/, '$1');
};

const CURRENT_TIMESTAMP = /current_timestamp(?:\(\))?/gi;

/** Reads `COLUMN_DEFAULT` as MariaDB has printed it since 10.2.7: an expression, text in quotes, NULL as a word. */
export const normalizeDefault = (flavor: Flavor, column: Row<'COLUMNS'>): string | null => {
  if (column.COLUMN_DEFAULT === null || column.COLUMN_DEFAULT === 'NULL') return null;
  const text = textOf(column.COLUMN_DEFAULT);
  if (/^current_timestamp/i.test(text)) return text.replace(CURRENT_TIMESTAMP, 'current_timestamp');
  const isBare = flavor.vendor === 'mariadb' && !isAtLeast(flavor, 'mariadb', 10, 2, 7);
  return isBare && !isNumeric(textOf(column.DATA_TYPE)) ? `'${text.replaceAll("'", "''")}'` : text;
};

const isNumeric = (dataType: string): boolean => /int$|^(?:decimal|float|double|bit|year)$/.test(dataType);

/** MySQL 8 marks `DEFAULT CURRENT_TIMESTAMP` as an expression, MySQL 5.7 does not. */
export const normalizeExtra = (column: Row<'COLUMNS'>): string => {
  const isTimestamp = /^current_timestamp/i.test(textOf(column.COLUMN_DEFAULT));
  const extra = textOf(column.EXTRA).replace(isTimestamp ? /DEFAULT_GENERATED ?/ : /^$/, '');
  return extra.toLowerCase().replace(CURRENT_TIMESTAMP, 'current_timestamp');
};

/** What InnoDB does is the same; servers differ in which of the two is the one they do not print. */
export const normalizeRule = (rule: Cell): string => (rule === 'RESTRICT' ? 'NO ACTION' : textOf(rule));

/** MySQL 8 prints the encryption that tables have by default. */
export const normalizeOptions = (options: Cell): string =>
  textOf(options)
    .replace(/\s*ENCRYPTION='N'/i, '')
    .trim();

/**
 * Takes the own database's name from an expression that the server printed (view, default, check), so that the same
 * object in a database of another name is equal.
 */
export const leaveOutDatabase = (text: string, database: string): string =>
  text.includes(`${quoteName(database)}.`) ? replaceDatabase(text, database, '``') : text;

import { readLiteral } from '../../../core/sql/token-cursor.js';
import { columnTypeOf, isOfFamily } from '../../../core/sql/column-types.js';
import type { Flavor, Vendor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import { replaceDatabase } from '../../../core/sql/sql-names.js';
import {
  type Token,
  isSymbol,
  isWord,
  joinTokens,
  listSignificant,
  tokenizeSql,
} from '../../../core/sql/sql-text.js';
import { renameUtf8, renameUtf8InSql } from '../../../core/sql/utf8-name.js';
import { quoteName } from '../connection/identifiers.js';
import type { Cell, Row } from './information-schema.js';

/** The text of a cell; null, and so a column that the server does not have, is empty. */
export const textOf = (cell: Cell): string => (cell === null ? '' : String(cell));

/** `utf8` has become `utf8mb3` in MySQL 8.0.30 and MariaDB 10.6, in character sets and in collations. */
export const normalizeCharset = (name: Cell): string => renameUtf8(textOf(name), 'utf8mb3');

/**
 * MySQL 8.0.19 stopped printing the display width of integers (but for a signed `tinyint(1)` and zerofill) and years. MariaDB
 * writes its own comments with an M since 10.6.
 */
export const normalizeColumnType = (vendor: Vendor, columnType: string): string => {
  if (vendor === 'mariadb') return columnType.replace('/*!100301 COMPRESSED', '/*M!100301 COMPRESSED');
  if (columnType === 'tinyint(1)' || columnType.endsWith('zerofill')) return columnType;
  return isOfFamily(columnType, 'integer') ? columnType.replace(/^(\w+)\(\d+\)/, '$1') : columnType;
};

const CURRENT_TIMESTAMP = /current_timestamp(?:\(\))?/gi;

/** Reads `COLUMN_DEFAULT` as MariaDB has printed it since 10.2.7: an expression, text in quotes, NULL as a word. */
export const normalizeDefault = (flavor: Flavor, column: Row<'COLUMNS'>): string | null => {
  if (column.COLUMN_DEFAULT === null || column.COLUMN_DEFAULT === 'NULL') return null;
  const text = textOf(column.COLUMN_DEFAULT);
  if (/^current_timestamp/i.test(text)) return text.replace(CURRENT_TIMESTAMP, 'current_timestamp');
  const bytes = /^x'([\da-f]*)'$/i.exec(text)?.[1];
  if (bytes !== undefined) return readPlainBytes(bytes) ?? text;
  if (isShortBytes(column.DATA_TYPE) && text.startsWith("'")) {
    const hex = Buffer.from(readLiteral({ kind: 'string', text })).toString('hex');
    return readPlainBytes(hex) ?? `x'${hex}'`;
  }
  const isBare = flavor.vendor === 'mariadb' && !supports(flavor, 'quotedDefaults');
  return isBare && !isNumeric(textOf(column.DATA_TYPE)) ? `'${text.replaceAll("'", "''")}'` : text;
};

/** MariaDB prints the default of a binary column in hexadecimal since 11.x, and as text before. */
const readPlainBytes = (hex: string): string | undefined => {
  const text = Buffer.from(hex, 'hex').toString('latin1');
  return /^[\x20-\x7e]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : undefined;
};

/** BINARY and VARBINARY. */
export const isShortBytes = (dataType: Cell): boolean => {
  const type = columnTypeOf(textOf(dataType));
  return type?.family === 'bytes' && !type.isLong;
};

const isNumeric = (dataType: string): boolean =>
  isOfFamily(dataType, 'integer', 'decimal', 'floating', 'bit');

/** MySQL marks an expression; in MariaDB it is what is neither text in quotes nor a number. */
export const hasConstantDefault = (flavor: Flavor, column: Row<'COLUMNS'>): boolean => {
  const text = normalizeDefault(flavor, column) ?? '';
  return flavor.vendor === 'mysql'
    ? !textOf(column.EXTRA).includes('DEFAULT_GENERATED') && !/^current_timestamp/i.test(text)
    : /^(?:[xb]?'[^]*'|-?[\d.]+(?:e[-+]?\d+)?)$/i.test(text);
};

/** MySQL 8 marks `DEFAULT CURRENT_TIMESTAMP` as an expression, MySQL 5.7 does not. */
export const normalizeExtra = (column: Row<'COLUMNS'>): string => {
  const isTimestamp = /^current_timestamp/i.test(textOf(column.COLUMN_DEFAULT));
  const extra = textOf(column.EXTRA).replace(isTimestamp ? /DEFAULT_GENERATED ?/ : /^$/, '');
  return extra.toLowerCase().replace(CURRENT_TIMESTAMP, 'current_timestamp');
};

/** What InnoDB does is the same; servers differ in which of the two is the one they do not print. */
export const normalizeRule = (rule: Cell): string => (rule === 'RESTRICT' ? 'NO ACTION' : textOf(rule));

/** MySQL 8 prints the encryption that tables have by default, and Aria a checksum of pages that nobody asked for. */
export const normalizeOptions = (options: Cell): string =>
  textOf(options)
    .replace(/\s*ENCRYPTION='N'/i, '')
    .replace(/\s*\bpage_checksum=1\b/i, '')
    .trim();

/** The mode is gone in MySQL 8 and never meant anything in a program; MySQL 5.7 has it by default. */
export const normalizeSqlMode = (sqlMode: Cell): string =>
  textOf(sqlMode)
    .split(',')
    .filter((mode) => mode !== 'NO_AUTO_CREATE_USER')
    .join(',');

/**
 * An expression that the server printed (default, check, generated column), without the own database's name, so that
 * the same object in a database of another name is equal.
 */
export const normalizeExpression = (vendor: Vendor, text: string, database: string): string =>
  vendor === 'mysql' ? text.replaceAll(INTRODUCER, '') : renameOldUtf8(leaveOutDatabase(text, database));

/**
 * MySQL writes the character set before every text, at first that of the session and, when the table is made again from
 * what it printed, that of the column. Its expressions cannot mention a database.
 */
const INTRODUCER = /(?<![\w$])_[a-z\d]+(?=\\?')/g;

const leaveOutDatabase = (text: string, database: string): string =>
  text.includes(`${quoteName(database)}.`) ? replaceDatabase(text, database, '``') : text;

/**
 * The character set and collation of a parameter. MariaDB has them in the type where they were given; what it adds
 * elsewhere is the default of whichever server it is.
 */
export const normalizeCharacters = (
  vendor: Vendor,
  { CHARACTER_SET_NAME, COLLATION_NAME }: Row<'PARAMETERS'>,
): readonly string[] =>
  vendor === 'mysql' ? [CHARACTER_SET_NAME, COLLATION_NAME].map(normalizeCharset) : [];

/** The type of a parameter or result as the server printed it. */
export const normalizeDataType = (vendor: Vendor, type: Cell): string =>
  renameOldUtf8(normalizeColumnType(vendor, textOf(type)));

const renameOldUtf8 = (text: string): string => renameUtf8InSql(text, 'utf8mb3');

/**
 * A view's query. Servers print `FROM a, b` as `from a join b` at first, and as `from (a join b)` when the view is made
 * again from what they printed, so parentheses around joins do not count: the places of ON tell what is joined first.
 */
export const normalizeQuery = (text: string, database: string): string => {
  const tokens = tokenizeSql(renameOldUtf8(leaveOutDatabase(text, database)));
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  const dropped = new Set<Token>();
  const open: boolean[] = [];
  for (const [at, token] of seen.entries()) {
    if (!isSymbol(token, '(') && !isSymbol(token, ')')) continue;
    const isJoins = isSymbol(token, ')') ? open.pop() : opensJoins(seen[at - 1], seen[at + 1], open.at(-1));
    if (isSymbol(token, '(')) open.push(isJoins ?? false);
    if (isJoins) dropped.add(token);
  }
  return joinTokens(tokens.filter((token) => !dropped.has(token)));
};

const opensJoins = (
  before: Token | undefined,
  after: Token | undefined,
  isWithinJoins: boolean | undefined,
): boolean =>
  (isWord(before, 'FROM', 'JOIN', 'STRAIGHT_JOIN') || (isSymbol(before, '(') && isWithinJoins === true)) &&
  !isWord(after, 'SELECT', 'WITH', 'VALUES', 'TABLE');

/** MySQL keeps the semicolon behind a body that came with further statements, and not when it is made again alone. */
export const normalizeBody = (body: Cell): string => textOf(body).replace(/[;\s]+$/, '');

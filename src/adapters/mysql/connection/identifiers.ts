import type { DatabaseName, TableName } from '../../../core/names.js';
import { quoteName } from '../../../core/sql/quote-name.js';

export { quoteName };

/** `database`.`table` */
export const quoteTable = (database: DatabaseName, table: TableName | string): string =>
  `${quoteName(database)}.${quoteName(table)}`;

/**
 * A string literal that no sql_mode (NO_BACKSLASH_ESCAPES, ANSI_QUOTES) and no connection character set can read
 * differently: the UTF-8 bytes in hexadecimal with their character set.
 */
export const quoteText = (text: string): string =>
  text === '' ? "''" : `_utf8mb4 0x${Buffer.from(text, 'utf8').toString('hex')}`;

/** `'user'@'host'` of an account for GRANT statements and messages. */
export const quoteAccount = (user: string, host: string): string =>
  `${quoteAccountPart(user)}@${quoteAccountPart(host)}`;

const quoteAccountPart = (part: string): string => `'${part.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

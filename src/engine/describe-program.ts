import type { DatabaseName } from '../core/names.js';
import { replaceDatabase } from '../core/sql-names.js';
import { renameUtf8, renameUtf8InSql } from '../core/utf8-name.js';
import type { ProgramDefinition } from './ports.js';

/**
 * All that is stored about a program, its own database called the same on both sides. What the server prints is
 * compared, because information_schema gains parentheses in some views that are made from their own text.
 */
export const describeProgram = (program: ProgramDefinition, database: DatabaseName): string => {
  const { statement, sqlMode, charsetClient, collationConnection, databaseCollation, timeZone } = program;
  const text = renameUtf8InSql(replaceDatabase(statement, database, '`its own database`'), 'utf8mb3');
  const charsets = [charsetClient, collationConnection, databaseCollation ?? ''];
  return JSON.stringify([text, sqlMode, charsets.map((name) => renameUtf8(name, 'utf8mb3')), timeZone]);
};

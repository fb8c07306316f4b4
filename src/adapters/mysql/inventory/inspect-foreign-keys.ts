import type mysql from 'mysql2/promise';
import type { OutsideForeignKey } from '../../../core/server/inventory.js';
import { toDatabaseName, toTableName } from '../../../core/names.js';
import { isAccessDenied, isUnknownTable } from '../connection/errors.js';
import type { Catalog } from './inspect-catalog.js';
import { textOf } from './inspect-normal-form.js';
import { compareText } from './inspect-columns.js';

/** A foreign key from a table of one database to a table of another. */
export interface CrossingForeignKey extends OutsideForeignKey {
  readonly referencedDatabase: string;
}

/**
 * Foreign keys of other databases that refer to tables of these. Tables of other databases that the account may not
 * see are not among them.
 */
export const readOutsideForeignKeys = async (
  connection: mysql.Connection,
  catalog: Catalog,
  databases: readonly string[],
): Promise<readonly CrossingForeignKey[]> => {
  const referring = await findReferringDatabases(connection);
  const crosses = {
    and: 'CAST(TABLE_SCHEMA AS BINARY) <> CAST(REFERENCED_TABLE_SCHEMA AS BINARY) AND ORDINAL_POSITION = 1',
  };
  const rows =
    referring === undefined
      ? await catalog.read('KEY_COLUMN_USAGE', databases, { by: 'REFERENCED_TABLE_SCHEMA', ...crosses })
      : await catalog.read('KEY_COLUMN_USAGE', referring, crosses);
  return rows
    .map((row) => ({
      name: textOf(row.CONSTRAINT_NAME),
      database: toDatabaseName(textOf(row.TABLE_SCHEMA)),
      table: toTableName(textOf(row.TABLE_NAME)),
      referencedDatabase: textOf(row.REFERENCED_TABLE_SCHEMA),
      referencedTable: toTableName(textOf(row.REFERENCED_TABLE_NAME)),
    }))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.database, b.database));
};

/**
 * The databases with a foreign key to another one, compared by bytes because case may tell databases apart; undefined when that is not known. KEY_COLUMN_USAGE alone would open
 * every table of the server. InnoDB's own list answers in milliseconds, to accounts with the PROCESS privilege; it
 * spells names as file names, where `@` starts the code of a special character.
 */
const findReferringDatabases = async (
  connection: mysql.Connection,
): Promise<readonly string[] | undefined> => {
  for (const view of ['INNODB_SYS_FOREIGN', 'INNODB_FOREIGN']) {
    try {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(
        `SELECT DISTINCT CAST(SUBSTRING_INDEX(FOR_NAME, '/', 1) AS BINARY) AS referring
         FROM information_schema.${view}
         WHERE CAST(SUBSTRING_INDEX(FOR_NAME, '/', 1) AS BINARY) <> CAST(SUBSTRING_INDEX(REF_NAME, '/', 1) AS BINARY)`,
      );
      const names = rows.map((row) => String(row['referring']));
      return names.some((name) => name.includes('@')) ? undefined : names;
    } catch (error) {
      if (!isUnknownTable(error) && !isAccessDenied(error)) throw error;
    }
  }
  return undefined;
};

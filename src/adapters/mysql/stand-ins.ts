import type mysql from 'mysql2/promise';
import type { DatabaseName } from '../../core/names.js';
import { listColumnsOfView, listTablesOfView } from '../../core/view-order.js';
import { quoteName, quoteTable } from './identifiers.js';
import { readColumn } from './rows.js';

/**
 * Makes an empty table for each missing one that the views read, with every column that the views use. No server
 * creates a view on a missing table, so a broken view can only be copied like this. A column that is missing in a
 * table that exists cannot be stood in for.
 * @returns the names of the tables made
 */
export const makeStandIns = async (
  connection: mysql.Connection,
  database: DatabaseName,
  views: readonly { readonly name: string; readonly statement: string }[],
): Promise<readonly string[]> => {
  await connection.query('SET NAMES utf8mb4');
  await connection.query(`SET SESSION sql_mode = ''`);
  const known = new Set([
    ...(await readColumn(connection, `SHOW TABLES FROM ${quoteName(database)}`)),
    ...views.map(({ name }) => name),
  ]);
  const read = new Set(views.flatMap(({ statement }) => [...listTablesOfView(statement, database)]));
  const missing = [...read].filter((name) => !known.has(name));
  const columns = listStandInColumns(views.map(({ statement }) => statement));
  const made: string[] = [];
  try {
    for (const name of missing) {
      await connection.query(
        `CREATE TABLE ${quoteTable(database, name)} (${columns.join(', ')})
         COMMENT = 'mysql-sync: stands in for a missing table while a broken view is created'`,
      );
      made.push(name);
    }
    return made;
  } catch (error) {
    await dropStandIns(connection, database, made);
    throw error;
  }
};

/** Names of columns are the same in any case. */
const listStandInColumns = (statements: readonly string[]): readonly string[] => {
  const names = ['mysql_sync', ...statements.flatMap((statement) => [...listColumnsOfView(statement)])];
  const distinct = new Map(names.map((name) => [name.toLowerCase(), name]));
  return [...distinct.values()].map((name) => `${quoteName(name)} VARCHAR(1) CHARACTER SET utf8mb4`);
};

export const dropStandIns = async (
  connection: mysql.Connection,
  database: DatabaseName,
  names: readonly string[],
): Promise<void> => {
  for (const name of names) await connection.query(`DROP TABLE IF EXISTS ${quoteTable(database, name)}`);
};

import type mysql from 'mysql2/promise';
import type { TableElsewhere } from '../../../core/server/inventory.js';
import { isUnknownDatabase, isUnknownTable, serverErrorNumber } from '../connection/errors.js';
import { quoteTable } from '../connection/identifiers.js';

/** Those tables, views and sequences that there are. What this account may not look at counts as there. */
export const findTables = async (
  connection: mysql.Connection,
  wanted: readonly TableElsewhere[],
): Promise<readonly TableElsewhere[]> => {
  const found: TableElsewhere[] = [];
  for (const one of wanted) if (await hasTable(connection, one)) found.push(one);
  return found;
};

/** The server itself knows best which spellings mean one table. */
const hasTable = async (
  connection: mysql.Connection,
  { database, name }: TableElsewhere,
): Promise<boolean> => {
  try {
    await connection.query(`SHOW COLUMNS FROM ${quoteTable(database, name)}`);
    return true;
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return !isUnknownDatabase(error) && !isUnknownTable(error);
  }
};

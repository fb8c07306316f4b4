import type mysql from 'mysql2/promise';
import type { DatabaseName, TableName } from '../../../core/names.js';
import type { TableInventory } from '../../../core/server/inventory.js';
import { readRows } from '../connection/rows.js';
import { renderRows } from './render-rows.js';

/** A statement of so many tables is far from any limit of servers. */
const TABLES_AT_ONCE = 50;

/** Those of these tables that have a row. One row of each is looked for, and none is read. */
export const findFilled = async (
  connection: mysql.Connection,
  database: DatabaseName,
  tables: readonly Pick<TableInventory, 'name' | 'kind'>[],
): Promise<ReadonlySet<TableName>> => {
  const filled = new Set<TableName>();
  for (let start = 0; start < tables.length; start += TABLES_AT_ONCE) {
    const batch = tables.slice(start, start + TABLES_AT_ONCE);
    const tests = batch.map((table) => `EXISTS (SELECT 1 FROM ${renderRows(database, table, null)})`);
    const [row = []] = await readRows(connection, `SELECT ${tests.join(', ')}`);
    batch.forEach(({ name }, index) => row[index] === '1' && filled.add(name));
  }
  return filled;
};

import type mysql from 'mysql2/promise';
import {
  type DatabaseName,
  type TableName,
  isScratchDatabase,
  toDatabaseName,
  toTableName,
} from '../../../core/names.js';
import { readCreateTable, textOfElement } from '../../../core/sql/create-table.js';
import type { OutsideKey } from '../../../engine/ports/target-server.js';
import { readTableDefinitions } from '../definitions/show-create.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { LONG_PATIENCE, retryWhileLocked } from '../locks/metadata-locks.js';
import { readRows } from '../connection/rows.js';
import { prepareForTables } from '../staging/table-session.js';

/**
 * Foreign keys that refer to the live database from tables that a swap leaves where they are: InnoDB lets them follow
 * their parents through the rename, into a scratch database.
 */
export const readOutsideKeys = async (
  connection: mysql.Connection,
  live: DatabaseName,
  moving: readonly TableName[],
): Promise<readonly OutsideKey[]> => {
  const movingNames = new Set<string>(moving);
  return readKeys(
    connection,
    `UNIQUE_CONSTRAINT_SCHEMA = ${quoteText(live)}`,
    ({ database, table, parent }) =>
      parent === live && !isScratchDatabase(database) && !(database === live && movingNames.has(table)),
  );
};

/** The foreign keys of a database that refer to one of the others. */
export const readKeysOf = async (
  connection: mysql.Connection,
  database: DatabaseName,
  parents: readonly DatabaseName[],
): Promise<readonly OutsideKey[]> =>
  readKeys(
    connection,
    `CONSTRAINT_SCHEMA = ${quoteText(database)} AND UNIQUE_CONSTRAINT_SCHEMA IN (${parents.map(quoteText).join(', ')})`,
    (key) => key.database === database && parents.includes(key.parent),
  );

/** The foreign keys of these tables to other tables of their database. */
export const readKeysBeside = async (
  connection: mysql.Connection,
  database: DatabaseName,
  tables: readonly TableName[],
): Promise<readonly OutsideKey[]> => {
  const names = new Set<string>(tables);
  return readKeys(
    connection,
    `CONSTRAINT_SCHEMA = ${quoteText(database)} AND UNIQUE_CONSTRAINT_SCHEMA = ${quoteText(database)}`,
    (key, parentTable) =>
      key.database === database && key.parent === database && names.has(key.table) && !names.has(parentTable),
  );
};

/** Names of databases are compared by a collation there, so the exact ones are sorted out. */
const readKeys = async (
  connection: mysql.Connection,
  condition: string,
  isWanted: (key: Omit<OutsideKey, 'clause'>, parentTable: string) => boolean,
): Promise<readonly OutsideKey[]> => {
  const rows = await readRows(
    connection,
    `SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME
     FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE ${condition} ORDER BY 1, 2, 3`,
  );
  const keys: OutsideKey[] = [];
  for (const row of rows) {
    const [database = '', table = '', name = '', parent = '', parentTable = ''] = row.map(
      (cell) => cell ?? '',
    );
    const key = {
      database: toDatabaseName(database),
      table: toTableName(table),
      name,
      parent: toDatabaseName(parent),
    };
    if (!isWanted(key, parentTable)) continue;
    const [definition] = await readTableDefinitions(connection, key.database, [key.table]);
    keys.push({ ...key, clause: findClause(definition?.statement ?? '', name) });
  }
  return keys;
};

const findClause = (statement: string, name: string): string => {
  const table = readCreateTable(statement);
  const key = table.elements.find((element) => element.kind === 'foreign-key' && element.name === name);
  return key ? textOfElement(table, key) : '';
};

/**
 * Makes each key refer to the live database again, unchecked; one that already does is left alone, so this may be
 * repeated. Dropping and adding are two statements because servers refuse both under one name (1826); the journal of
 * the swap knows the key in between.
 */
export const restoreOutsideKeys = async (
  connection: mysql.Connection,
  keys: readonly OutsideKey[],
): Promise<void> => {
  await prepareForTables(connection);
  for (const key of keys) {
    const [state] = await readRows(connection, stateOf(key));
    const [table, parent] = state ?? [];
    if (table === null || table === undefined || parent === key.parent) continue;
    const child = quoteTable(key.database, key.table);
    const alter = (change: string): Promise<unknown> =>
      retryWhileLocked(connection, LONG_PATIENCE, () => connection.query(`ALTER TABLE ${child} ${change}`));
    if (parent !== null && parent !== undefined) await alter(`DROP FOREIGN KEY ${quoteName(key.name)}`);
    await alter(`ADD ${key.clause}`);
  }
};

/** Those that are there. Tables of a scratch database only: what is live keeps its keys. */
export const dropKeys = async (
  connection: mysql.Connection,
  scratch: DatabaseName,
  keys: readonly Pick<OutsideKey, 'table' | 'name'>[],
): Promise<void> => {
  for (const { table, name } of keys) {
    const [[, parent] = []] = await readRows(connection, stateOf({ database: scratch, table, name }));
    if (parent === null || parent === undefined) continue;
    const sql = `ALTER TABLE ${quoteTable(scratch, table)} DROP FOREIGN KEY ${quoteName(name)}`;
    await retryWhileLocked(connection, LONG_PATIENCE, () => connection.query(sql));
  }
};

/** The child table, where it still is, and the database that its key refers to, where it still has it. */
const stateOf = ({ database, table, name }: Pick<OutsideKey, 'database' | 'table' | 'name'>): string =>
  `SELECT t.TABLE_NAME, r.UNIQUE_CONSTRAINT_SCHEMA FROM information_schema.TABLES t
   LEFT JOIN information_schema.REFERENTIAL_CONSTRAINTS r
     ON r.CONSTRAINT_SCHEMA = t.TABLE_SCHEMA AND r.TABLE_NAME = t.TABLE_NAME AND r.CONSTRAINT_NAME = ${quoteText(name)}
   WHERE t.TABLE_SCHEMA = ${quoteText(database)} AND t.TABLE_NAME = ${quoteText(table)}`;

import { randomUUID } from 'node:crypto';
import { type DatabaseName, type TableName, toTableName } from '../../../core/names.js';
import { serverErrorNumber } from '../errors.js';
import { quoteName, quoteTable } from '../identifiers.js';
import { describeWithoutCounter, hasFullText, readCounter } from './deferred-indexes.js';
import type { LaneConnection } from './lane-connection.js';

/**
 * MariaDB writes the counter of an AUTO_INCREMENT table into the root page of its primary key with every row (its
 * `PAGE_ROOT_AUTO_INC`), so that all writers of the table wait for each other there. A loading table has the same
 * columns and indexes and no counter; as a table cannot get a counter without being written again, its rows lie in a
 * partition, which changes places with the empty table when they are complete. Only names move then.
 * @returns its name; undefined where the server cannot do that with this table
 */
export const openLoadingTable = async (
  target: LaneConnection,
  database: DatabaseName,
  table: TableName,
  statement: string,
): Promise<TableName | undefined> => {
  const column = describeWithoutCounter(statement);
  if (column === undefined || hasFullText(statement)) return undefined;
  const name = toTableName(`mysql_sync_${randomUUID()}`);
  const loading = quoteTable(database, name);
  try {
    await target.run(`CREATE TABLE ${loading} LIKE ${quoteTable(database, table)}`);
  } catch (error) {
    passOver(error);
    return undefined;
  }
  try {
    await target.run(`ALTER TABLE ${loading} MODIFY ${column} PARTITION BY KEY () PARTITIONS 1`);
    // While both are empty, so that it cannot be refused when they are not.
    await exchange(target, loading, quoteTable(database, table));
    // InnoDB would go on writing the counter of the table that came in: its own object of it lives on.
    await target.run(`TRUNCATE TABLE ${loading}`);
    return name;
  } catch (error) {
    await target.run(`DROP TABLE ${loading}`);
    passOver(error);
    return undefined;
  }
};

/** The table gets its rows, and goes on counting where `statement` or its highest number says. */
export const closeLoadingTable = async (
  target: LaneConnection,
  database: DatabaseName,
  table: TableName,
  statement: string,
  name: TableName,
): Promise<void> => {
  const [loading, live] = [quoteTable(database, name), quoteTable(database, table)];
  await exchange(target, loading, live);
  await target.run(`ALTER TABLE ${live} AUTO_INCREMENT = ${readCounter(statement) ?? '1'}`);
  await target.run(`DROP TABLE ${loading}`);
};

const exchange = (target: LaneConnection, loading: string, table: string): Promise<unknown> =>
  target.run(`ALTER TABLE ${loading} EXCHANGE PARTITION ${quoteName('p0')} WITH TABLE ${table}`);

/** What the server says no to has another way; what keeps it from answering has none. */
const passOver = (error: unknown): void => {
  if (serverErrorNumber(error) === undefined) throw error;
};

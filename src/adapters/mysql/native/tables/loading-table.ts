import { randomUUID } from 'node:crypto';
import { loadingPrefix } from '../../../../core/loading-name.js';
import { type DatabaseName, type TableName, toTableName } from '../../../../core/names.js';
import { serverErrorNumber } from '../../connection/errors.js';
import { quoteName, quoteTable } from '../../connection/identifiers.js';
import { together } from '../../connection/together.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import { readCreateTable, textOfElement } from '../../../../core/sql/create-table.js';
import {
  isAutoIncrement,
  isOneUsualFile,
  splitCounter,
  withoutAutoIncrement,
} from '../../../../core/sql/table-statement.js';

export interface LoadingTable {
  readonly name: TableName;
  /** Clauses of ALTER TABLE that make the unique indexes of the table again. */
  readonly addUnique: readonly string[];
}

/**
 * MariaDB writes the counter of an AUTO_INCREMENT table into the root page of its primary key with every row (its
 * `PAGE_ROOT_AUTO_INC`), so that all writers of the table wait for each other there. A loading table has the same
 * columns and indexes and no counter; as a table cannot get a counter without being written again, its rows lie in a
 * partition, which changes places with the empty table when they are complete. Only names move then. Partitions have
 * no unique indexes but the primary key, so the table gets the others last.
 * @returns undefined where the server cannot do that with this table, which is as it was
 */
export const openLoadingTable = async (
  target: LaneConnection,
  database: DatabaseName,
  table: TableName,
  statement: string,
): Promise<LoadingTable | undefined> => {
  const printed = readCreateTable(statement);
  const column = printed.elements.find(isAutoIncrement);
  if (!column || !isOneUsualFile(printed)) return undefined;
  const unique = printed.elements.filter(({ kind }) => kind === 'unique');
  const loading: LoadingTable = {
    name: toTableName(`${loadingPrefix(table)}${randomUUID()}`),
    addUnique: unique.map((key) => `ADD ${textOfElement(printed, key)}`),
  };
  const live = quoteTable(database, table);
  const drop = unique.map(({ name }) => `DROP KEY ${quoteName(name)}`);
  if (!(await tries(() => alter(target, live, drop)))) return undefined;
  if (
    await tries(() =>
      createPartition(
        target,
        quoteTable(database, loading.name),
        live,
        withoutAutoIncrement(printed, column),
      ),
    )
  )
    return loading;
  await target.run(`DROP TABLE IF EXISTS ${quoteTable(database, loading.name)}`);
  await alter(target, live, loading.addUnique);
  return undefined;
};

/** Sent together: behind one that is refused, the others find no such table or one without rows. */
const createPartition = async (
  target: LaneConnection,
  loading: string,
  table: string,
  column: string,
): Promise<void> => {
  await together([
    target.run(`CREATE TABLE ${loading} LIKE ${table}`),
    target.run(`ALTER TABLE ${loading} MODIFY ${column} PARTITION BY KEY () PARTITIONS 1`),
    // While both are empty, so that it cannot be refused when they are not.
    exchange(target, loading, table),
    // InnoDB would go on writing the counter of the table that came in: its own object of it lives on.
    target.run(`TRUNCATE TABLE ${loading}`),
  ]);
};

/**
 * The table gets its rows, and goes on counting where `statement` or its highest number says. Sent together: a copy of
 * which one of these is refused has failed, and nothing of it is kept.
 */
export const closeLoadingTable = async (
  target: LaneConnection,
  database: DatabaseName,
  table: TableName,
  statement: string,
  { name, addUnique }: LoadingTable,
): Promise<void> => {
  const [loading, live] = [quoteTable(database, name), quoteTable(database, table)];
  const counter = `AUTO_INCREMENT = ${splitCounter(readCreateTable(statement)).counter ?? '1'}`;
  await together([
    exchange(target, loading, live),
    alter(target, live, [counter, ...addUnique]),
    target.run(`DROP TABLE ${loading}`),
  ]);
};

const alter = async (target: LaneConnection, table: string, clauses: readonly string[]): Promise<void> => {
  if (clauses.length > 0) await target.run(`ALTER TABLE ${table} ${clauses.join(', ')}`);
};

const exchange = (target: LaneConnection, loading: string, table: string): Promise<unknown> =>
  target.run(`ALTER TABLE ${loading} EXCHANGE PARTITION ${quoteName('p0')} WITH TABLE ${table}`);

/** What the server says no to has another way; what keeps it from answering has none. */
const tries = async (work: () => Promise<void>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return false;
  }
};

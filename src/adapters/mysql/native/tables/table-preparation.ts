import type { TableInventory } from '../../../../core/server/inventory.js';
import type { DatabaseName, TableName } from '../../../../core/names.js';
import type { CopyJob } from '../../../../engine/ports.js';
import { supports } from '../../../../core/server/features.js';
import { explainFailure } from '../../connection/failures.js';
import { quoteTable } from '../../connection/identifiers.js';
import { leniently } from '../../staging/leniently.js';
import { type DeferredIndexes, chooseDeferredIndexes } from './deferred-indexes.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import { type LoadingTable, closeLoadingTable, openLoadingTable } from './loading-table.js';
import { readCreateTable } from '../../../../core/sql/create-table.js';
import { splitCounter } from '../../../../core/sql/table-statement.js';

/** What was done to an empty table so that its rows go in faster, and is undone after them. */
export interface Preparation {
  /** Built after the rows. */
  readonly indexes: DeferredIndexes | undefined;
  /** Into which the rows go. */
  readonly loading: LoadingTable | undefined;
  /** SHOW CREATE TABLE before. */
  readonly statement: string;
}

export type Preparations = ReadonlyMap<TableName, Preparation>;

export interface PreparationRules {
  /** By table, the columns that foreign keys of other tables refer to. */
  readonly referenced: ReadonlyMap<TableName, ReadonlySet<string>>;
  /** So much of a table is written at a time. */
  readonly chunkBytes: number;
}

/**
 * Drops the indexes of empty tables that are better built after the rows, and with them the foreign keys. ALTER TABLE
 * also locks the tables at the other end of a foreign key, so that several side by side wait for each other, of which
 * not every server gets out: so this comes before all other work, table after table, and `linkTables` after it.
 */
export const prepareTables = async (
  target: LaneConnection,
  { from, into, tables, targetFacts: { flavor } }: CopyJob,
  { referenced, chunkBytes }: PreparationRules,
): Promise<Preparations> => {
  const large: (Omit<Preparation, 'loading'> & { readonly table: TableInventory })[] = [];
  for (const { table } of tables) {
    // Only InnoDB sorts the entries of an index that is built.
    if (table.kind !== 'table' || table.engine?.toLowerCase() !== 'innodb') continue;
    // A smaller one is not worth two ALTER TABLE.
    if (table.dataBytes < chunkBytes / 2) continue;
    await explainAt(from, table.name, async () => {
      const statement = await readDefinition(target, into, table.name);
      const indexes = chooseDeferredIndexes(statement, {
        referenced: referenced.get(table.name) ?? new Set(),
        foreignKeys: table.foreignKeys.length,
      });
      if (indexes && indexes.unlink.length > 0) await alterTable(target, into, table.name, indexes.unlink);
      large.push({ table, indexes, statement });
    });
  }
  const preparations = new Map<TableName, Preparation>();
  // A table with a foreign key at either end cannot be exchanged, so this comes after all are dropped.
  for (const { table, indexes, statement } of large)
    await explainAt(from, table.name, async () => {
      const isDivided = table.dataBytes > chunkBytes;
      const loading =
        isDivided && supports(flavor, 'loadingTables')
          ? await leniently(
              (sql) => target.run(sql),
              () => openLoadingTable(target, into, table.name, statement),
            )
          : undefined;
      if (indexes) await alterTable(target, into, loading?.name ?? table.name, indexes.drop);
      if (indexes || loading) preparations.set(table.name, { indexes, loading, statement });
    });
  return preparations;
};

/** When the rows of the table are complete. */
export const finishTable = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
  { indexes, loading, statement }: Preparation,
): Promise<void> => {
  for (const clauses of indexes?.add ?? [])
    await alterTable(target, database, loading?.name ?? name, clauses);
  if (loading)
    await leniently(
      (sql) => target.run(sql),
      () => closeLoadingTable(target, database, name, statement, loading),
    );
};

/**
 * Gives the tables their foreign keys back, when all indexes are built.
 * @throws SyncError COPY_FAILED when a table is not defined exactly as it was before
 */
export const linkTables = async (
  target: LaneConnection,
  { from, into }: CopyJob,
  preparations: Preparations,
): Promise<void> => {
  for (const [name, { indexes, statement }] of preparations)
    await explainAt(from, name, async () => {
      if (indexes && indexes.link.length > 0) await alterTable(target, into, name, indexes.link);
      const now = await readDefinition(target, into, name);
      // Rows move the counter on.
      if (withoutCounter(now) === withoutCounter(statement)) return;
      throw new Error('its definition changed while its rows were copied');
    });
};

const withoutCounter = (statement: string): string => splitCounter(readCreateTable(statement)).rest;

const explainAt = async (
  database: DatabaseName,
  name: TableName,
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work();
  } catch (error) {
    throw explainFailure(error, { code: 'COPY_FAILED', what: `cannot copy table ${database}.${name}` });
  }
};

const alterTable = (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
  clauses: readonly string[],
): Promise<unknown> => {
  const run = (sql: string): Promise<unknown> => target.run(sql);
  return leniently(run, () => run(`ALTER TABLE ${quoteTable(database, name)} ${clauses.join(', ')}`));
};

const readDefinition = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
): Promise<string> => {
  const [row] = await target.queryRows(`SHOW CREATE TABLE ${quoteTable(database, name)}`);
  return row?.[1]?.toString() ?? '';
};

import type { DatabaseName, TableName } from '../../../../core/names.js';
import type { CopyJob } from '../../../../engine/ports/row-engine.js';
import { supports } from '../../../../core/server/features.js';
import type { TableInventory } from '../../../../core/server/inventory.js';
import { PRIMARY, findRowKey } from '../../../../core/server/row-key.js';
import { explainFailure } from '../../connection/failures.js';
import { quoteTable } from '../../connection/identifiers.js';
import { together } from '../../connection/together.js';
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

/** A table that is worth it, and its SHOW CREATE TABLE. */
interface LargeTable extends Omit<Preparation, 'loading'> {
  readonly name: TableName;
  readonly isDivided: boolean;
}

/**
 * Drops the indexes of empty tables that are better built after the rows, and with them the foreign keys. Tables that have rows
 * keep their indexes, and lose their keys. ALTER TABLE also locks the tables at the other end of a foreign key, so that several side
 * by side wait for each other, of which not every server gets out: so this comes before all other work, on one connection, and
 * `linkTables` after it. What is said about one table does not depend on the others, so all are sent together.
 */
export const prepareTables = async (
  target: LaneConnection,
  job: CopyJob,
  rules: PreparationRules,
): Promise<Preparations> => {
  const large = await readLarge(target, job, rules);
  if (large.length === 0) return new Map();
  const { from, into, targetFacts } = job;
  const hasLoading = supports(targetFacts.flavor, 'loadingTables');
  const forEach = <Result>(work: (table: LargeTable) => Promise<Result>): Promise<readonly Result[]> =>
    together(large.map((table) => explainAt(from, table.name, () => work(table))));
  const prepared = await inLenientSession(target, async () => {
    await forEach(async ({ name, indexes }) => alterTable(target, into, name, indexes?.unlink ?? []));
    // A table with a foreign key at either end cannot be exchanged, so this comes after all are dropped.
    return forEach(async ({ name, isDivided, indexes, statement }) => {
      const loading =
        isDivided && hasLoading ? await openLoadingTable(target, into, name, statement) : undefined;
      await alterTable(target, into, loading?.name ?? name, indexes?.drop ?? []);
      return { name, indexes, loading, statement };
    });
  });
  return new Map(
    prepared.flatMap(({ name, ...one }) => (one.indexes || one.loading ? [[name, one] as const] : [])),
  );
};

const readLarge = (
  target: LaneConnection,
  { from, into, tables }: CopyJob,
  { referenced, chunkBytes }: PreparationRules,
): Promise<readonly LargeTable[]> => {
  const worthIt = tables.filter(
    ({ table: { kind, engine, dataBytes } }) =>
      // Only InnoDB sorts the entries of an index that is built.
      kind === 'table' &&
      engine?.toLowerCase() === 'innodb' &&
      // A smaller one is not worth two ALTER TABLE.
      dataBytes >= chunkBytes / 2,
  );
  return together(
    worthIt.map(({ table, isFilled = false }) =>
      explainAt(from, table.name, async () => {
        const { name, dataBytes, foreignKeys } = table;
        const statement = await readDefinition(target, into, name);
        const indexes = chooseDeferredIndexes(statement, {
          referenced: referenced.get(name) ?? new Set(),
          foreignKeys: foreignKeys.length,
        });
        return {
          name,
          isDivided: !isFilled && dataBytes > chunkBytes && isToldByPrimary(table),
          indexes: isFilled ? indexes && onlyKeys(indexes) : indexes,
          statement,
        };
      }),
    ),
  );
};

/** Of the unique indexes, a loading table has only the primary key. */
const isToldByPrimary = (table: TableInventory): boolean => (findRowKey(table)?.index ?? PRIMARY) === PRIMARY;

const onlyKeys = (indexes: DeferredIndexes): DeferredIndexes | undefined =>
  indexes.link.length === 0 ? undefined : { ...indexes, drop: [], add: [] };

/** When the rows of the table are complete. */
export const finishTable = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
  { indexes, loading, statement }: Preparation,
): Promise<void> => {
  await inLenientSession(target, async () => {
    for (const clauses of indexes?.add ?? [])
      await alterTable(target, database, loading?.name ?? name, clauses);
    if (loading) await closeLoadingTable(target, database, name, statement, loading);
  });
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
  const forEach = (work: (name: TableName, preparation: Preparation) => Promise<void>): Promise<unknown> =>
    together(
      [...preparations].map(([name, preparation]) => explainAt(from, name, () => work(name, preparation))),
    );
  if ([...preparations.values()].some(({ indexes }) => indexes !== undefined && indexes.link.length > 0))
    await inLenientSession(target, () =>
      forEach((name, { indexes }) => alterTable(target, into, name, indexes?.link ?? [])),
    );
  await forEach(async (name, { statement }) => {
    const now = await readDefinition(target, into, name);
    // Rows move the counter on.
    if (withoutCounter(now) === withoutCounter(statement)) return;
    throw new Error('its definition changed while its rows were copied');
  });
};

const withoutCounter = (statement: string): string => splitCounter(readCreateTable(statement)).rest;

export const explainAt = async <Result>(
  database: DatabaseName,
  name: TableName,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw explainFailure(error, { code: 'COPY_FAILED', what: `cannot copy table ${database}.${name}` });
  }
};

const inLenientSession = <Result>(target: LaneConnection, work: () => Promise<Result>): Promise<Result> =>
  leniently((sql) => target.run(sql), work);

const alterTable = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
  clauses: readonly string[],
): Promise<void> => {
  if (clauses.length > 0) await target.run(`ALTER TABLE ${quoteTable(database, name)} ${clauses.join(', ')}`);
};

export const readDefinition = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
): Promise<string> => {
  const [row] = await target.queryRows(`SHOW CREATE TABLE ${quoteTable(database, name)}`);
  return row?.[1]?.toString() ?? '';
};

import type { DatabaseName, TableName } from '../../../core/names.js';
import type { CopyJob } from '../../../engine/ports.js';
import { explainFailure } from '../failures.js';
import { quoteTable } from '../identifiers.js';
import { type DeferredIndexes, chooseDeferredIndexes } from './deferred-indexes.js';
import type { LaneConnection } from './lane-connection.js';

export interface Deferral {
  readonly indexes: DeferredIndexes;
  /** SHOW CREATE TABLE before. */
  readonly statement: string;
}

export type Deferrals = ReadonlyMap<TableName, Deferral>;

export interface DeferralRules {
  /** By table, the columns that foreign keys of other tables refer to. */
  readonly referenced: ReadonlyMap<TableName, ReadonlySet<string>>;
  /** A smaller table is not worth two ALTER TABLE. */
  readonly leastBytes: number;
}

/**
 * Drops the indexes of empty tables that are better built after the rows, and with them the foreign keys. ALTER TABLE
 * also locks the tables at the other end of a foreign key, so that several side by side wait for each other, of which
 * not every server gets out: so this comes before all other work, table after table, and `linkTables` after it.
 */
export const deferIndexes = async (
  target: LaneConnection,
  { from, into, tables }: CopyJob,
  { referenced, leastBytes }: DeferralRules,
): Promise<Deferrals> => {
  const deferrals = new Map<TableName, Deferral>();
  for (const { table } of tables) {
    // Only InnoDB sorts the entries of an index that is built.
    if (table.kind !== 'table' || table.engine?.toLowerCase() !== 'innodb') continue;
    if (table.dataBytes < leastBytes) continue;
    await explainAt(from, table.name, async () => {
      const statement = await readDefinition(target, into, table.name);
      const indexes = chooseDeferredIndexes(statement, {
        referenced: referenced.get(table.name) ?? new Set(),
        foreignKeys: table.foreignKeys.length,
      });
      if (!indexes) return;
      await alterTable(target, into, table.name, indexes.drop);
      deferrals.set(table.name, { indexes, statement });
    });
  }
  return deferrals;
};

export const buildIndexes = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
  { indexes }: Deferral,
): Promise<void> => {
  for (const clauses of indexes.add) await alterTable(target, database, name, clauses);
};

/**
 * Gives the tables their foreign keys back, when all indexes are built.
 * @throws SyncError COPY_FAILED when a table is not defined exactly as it was before
 */
export const linkTables = async (
  target: LaneConnection,
  { from, into }: CopyJob,
  deferrals: Deferrals,
): Promise<void> => {
  for (const [name, { indexes, statement }] of deferrals)
    await explainAt(from, name, async () => {
      if (indexes.link.length > 0) await alterTable(target, into, name, indexes.link);
      const now = await readDefinition(target, into, name);
      if (withoutCounter(now) === withoutCounter(statement)) return;
      throw new Error('its indexes were built after its rows, and it is not defined as it was before');
    });
};

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
): Promise<unknown> => target.run(`ALTER TABLE ${quoteTable(database, name)} ${clauses.join(', ')}`);

/** Rows move the counter on. */
const withoutCounter = (statement: string): string => statement.replace(/\bAUTO_INCREMENT=\d+ ?/, '');

const readDefinition = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
): Promise<string> => {
  const [row] = await target.queryRows(`SHOW CREATE TABLE ${quoteTable(database, name)}`);
  return row?.[1]?.toString() ?? '';
};

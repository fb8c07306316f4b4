import type { DatabaseName, TableName } from '../../../core/names.js';
import type { CopyTable } from '../../../engine/ports.js';
import { quoteTable } from '../identifiers.js';
import { type DeferredIndexes, chooseDeferredIndexes } from './deferred-indexes.js';
import type { LaneConnection } from './lane-connection.js';

export interface Deferral {
  readonly indexes: DeferredIndexes;
  /** SHOW CREATE TABLE before. */
  readonly statement: string;
}

/** Drops the indexes of an empty table that are better built after its rows. Only InnoDB sorts them then. */
export const deferIndexes = async (
  target: LaneConnection,
  database: DatabaseName,
  { table }: CopyTable,
  referenced: ReadonlySet<string>,
): Promise<Deferral | undefined> => {
  if (table.kind !== 'table' || table.engine?.toLowerCase() !== 'innodb') return undefined;
  const statement = await readDefinition(target, database, table.name);
  const indexes = chooseDeferredIndexes(statement, { referenced, foreignKeys: table.foreignKeys.length });
  if (!indexes) return undefined;
  await target.run(`ALTER TABLE ${quoteTable(database, table.name)} ${indexes.drop.join(', ')}`);
  return { indexes, statement };
};

/** @throws Error when the table is not defined exactly as it was before. */
export const buildIndexes = async (
  target: LaneConnection,
  database: DatabaseName,
  name: TableName,
  { indexes, statement }: Deferral,
): Promise<void> => {
  for (const clauses of indexes.add)
    await target.run(`ALTER TABLE ${quoteTable(database, name)} ${clauses.join(', ')}`);
  const now = await readDefinition(target, database, name);
  if (withoutCounter(now) === withoutCounter(statement)) return;
  throw new Error('its indexes were built after its rows, and it is not defined as it was before');
};

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

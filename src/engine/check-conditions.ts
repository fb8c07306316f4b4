import { type SelectedDatabase, findLive } from '../core/change/diff.js';
import { listPreserved } from '../core/change/preserve.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { SourceServer } from './ports/server.js';
import type { TargetServer } from './ports/target-server.js';

/** Why the source refuses conditions of `tables.where`. */
export const checkFilters = async (
  source: SourceServer,
  chosen: readonly SelectedDatabase[],
  databases: readonly DatabaseInventory[],
): Promise<ReadonlyMap<DatabaseName, ReadonlyMap<TableName, string>>> => {
  const refused = new Map<DatabaseName, ReadonlyMap<TableName, string>>();
  for (const { from, rules } of chosen) {
    const { tables = [] } = databases.find(({ name }) => name === from) ?? {};
    const filters = tables.flatMap(({ name: table }) => {
      const where = Object.hasOwn(rules.tables.where, table) ? rules.tables.where[table] : undefined;
      return where === undefined ? [] : [{ table, where }];
    });
    if (filters.length > 0) refused.set(from, await source.checkFilters(from, filters));
  }
  return refused;
};

/** The same of `tables.preserve`, by the target, of the tables that the target has: where it has none, nothing stays. */
export const checkPreserved = async (
  target: TargetServer,
  chosen: readonly SelectedDatabase[],
  databases: readonly DatabaseInventory[],
): Promise<ReadonlyMap<DatabaseName, ReadonlyMap<TableName, string>>> => {
  const refused = new Map<DatabaseName, ReadonlyMap<TableName, string>>();
  for (const { to, rules } of chosen) {
    const live = findLive({ server: target.facts, databases }, to);
    const filters = listPreserved(rules, [], live?.tables ?? [], target.facts).flatMap(
      ({ live: table, where }) => (table && where !== null ? [{ table: table.name, where }] : []),
    );
    if (live && filters.length > 0) refused.set(to, await target.checkPreserved(live.name, filters));
  }
  return refused;
};

import type { DatabaseChange } from '../core/change/change-set.js';
import { SyncError } from '../core/errors.js';
import { diffStructures } from './explain-structure.js';
import type { OpenServers } from './open-servers.js';

/**
 * The change with what the tables of a database that is overwritten lose and get. What only tells more must not keep a plan
 * from being made: where a definition cannot be read, the reason stands.
 */
export const explainTables = async (
  servers: OpenServers,
  change: DatabaseChange,
): Promise<DatabaseChange> => {
  if (change.action !== 'overwrite') return change;
  const names = change.tables.filter(({ isRestructured }) => isRestructured).map(({ name }) => name);
  const explain = (diffOf: (name: string) => readonly string[] | undefined): DatabaseChange => ({
    ...change,
    tables: change.tables.map((table) => {
      const diff = diffOf(table.name);
      return diff === undefined ? table : { ...table, diff };
    }),
  });
  try {
    const diffs = new Map<string, readonly string[]>(await diffStructures(servers, change, names));
    return explain((name) => diffs.get(name));
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const reason = [`(cannot be shown: ${error.message})`];
    return explain((name) => (names.some((one) => one === name) ? reason : undefined));
  }
};

import type { DatabaseChange } from '../core/change/change-set.js';
import { listAltered } from '../core/change/preserve.js';
import type { ComparedRows } from '../core/change/sameness.js';
import type { DatabaseName } from '../core/names.js';
import type { VerifyLevel } from '../core/plan/sync-plan.js';
import type { DatabaseInventory, TableInventory } from '../core/server/inventory.js';
import type { OpenServers } from './open-servers.js';
import type { Snapshot, TableDigest } from './ports.js';

/**
 * Of tables that both servers have in one structure, as far as the plan copies their rows and neither hooks change them nor other rows stay in them; each server in a snapshot of
 * its own. By counts, as many rows are the same rows.
 */
export const compareRows = async (
  { change, servers }: { readonly change: DatabaseChange; readonly servers: OpenServers },
  { tables }: Pick<DatabaseInventory, 'tables'>,
  by: VerifyLevel,
): Promise<readonly ComparedRows[]> => {
  const [here, there] = await Promise.all([servers.source.openSnapshot(), servers.target.openSnapshot()]);
  const compared: ComparedRows[] = [];
  const altered = listAltered(change);
  try {
    for (const { name, action, content, isRestructured, where } of change.tables) {
      const table = tables.find((one) => one.name === name);
      if (!table || table.kind === 'sequence') continue;
      if (action !== 'replace' || isRestructured || content === 'none' || altered.has(name)) continue;
      const read = (snapshot: Snapshot, database: DatabaseName, condition: string | null) =>
        readTable(snapshot, { database, table, where: condition }, by);
      const [source, target] = await Promise.all([
        read(here, change.from, where),
        read(there, change.to, null),
      ]);
      const isSame = source.rows === target.rows && source.digest === target.digest;
      compared.push({ table: name, isSame, source: source.rows, target: target.rows });
    }
  } finally {
    await Promise.all([here.close(), there.close()]);
  }
  return compared;
};

const readTable = async (
  snapshot: Snapshot,
  {
    database,
    table,
    where,
  }: { readonly database: DatabaseName; readonly table: TableInventory; readonly where: string | null },
  by: VerifyLevel,
): Promise<TableDigest> =>
  by === 'digest'
    ? snapshot.digestTable(database, table, where)
    : { rows: await snapshot.countTable(database, table, where), digest: '' };

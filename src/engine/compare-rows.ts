import type { DatabaseChange } from '../core/change/change-set.js';
import { listAltered } from '../core/change/preserve.js';
import type { ComparedRows } from '../core/change/sameness.js';
import { comparedPart } from '../core/mask/table-masks.js';
import type { DatabaseName } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { VerifyLevel } from '../core/plan/sync-plan.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { CopyTable, Snapshot, TableDigest } from './ports.js';
import type { OpenServers } from './open-servers.js';

export interface RowsJob {
  readonly plan: Pick<ResolvedPlan, 'mask'>;
  readonly change: DatabaseChange;
  readonly servers: OpenServers;
}

/**
 * Of tables that both servers have in one structure, as far as the plan copies their rows and neither hooks change them nor other rows stay in them; each server in a snapshot of
 * its own. By counts, as many rows are the same rows.
 */
export const compareRows = async (
  { plan, change, servers }: RowsJob,
  { tables }: Pick<DatabaseInventory, 'tables'>,
  by: VerifyLevel,
): Promise<readonly ComparedRows[]> => {
  const [here, there] = await Promise.all([
    servers.source.openSnapshot(plan.mask?.key),
    servers.target.openSnapshot(),
  ]);
  const compared: ComparedRows[] = [];
  const altered = listAltered(change);
  try {
    for (const { name, action, content, isRestructured, where, masks } of change.tables) {
      const table = tables.find((one) => one.name === name);
      if (!table || table.kind === 'sequence') continue;
      if (action !== 'replace' || isRestructured || content === 'none' || altered.has(name)) continue;
      const [source, target] = await Promise.all([
        readTable(here, change.from, { table, where, ...(masks && { masks }) }, by),
        readTable(there, change.to, { table: comparedPart(table, masks), where: null }, by),
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
  database: DatabaseName,
  rows: CopyTable,
  by: VerifyLevel,
): Promise<TableDigest> =>
  by === 'digest'
    ? snapshot.digestTable(database, rows)
    : { rows: await snapshot.countTable(database, rows.table, rows.where), digest: '' };

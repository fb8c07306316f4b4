import type { SelectedDatabase } from '../core/change/diff.js';
import { classifyColumns } from '../core/change/classify-masks.js';
import { type MaskSql, type PlannedMasks, listFilledTables, listMaskSql } from '../core/change/plan-masks.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { SourceServer } from './ports/server.js';

/**
 * Decides every column of the databases that come, and asks the source about the plan's SQL, which runs nothing.
 * Undefined where the plan masks nothing.
 */
export const planMasks = async (
  { mask }: Pick<ResolvedPlan, 'mask'>,
  source: SourceServer,
  coming: readonly SelectedDatabase[],
  databases: readonly DatabaseInventory[],
  ofPlan: PlannedMasks['ofPlan'],
): Promise<PlannedMasks | undefined> => {
  if (!mask) return undefined;
  const tables = listFilledTables(coming, databases);
  const classification = classifyColumns(mask, tables);
  const refused = await findRefused(source, listMaskSql(classification, mask, tables));
  return { ...classification, mask, refused, ofPlan };
};

/** Asks of all that is for a table at once, and one by one only where something of it is refused. */
const findRefused = async (
  source: SourceServer,
  all: readonly MaskSql[],
): Promise<PlannedMasks['refused']> => {
  const byTable = new Map<string, MaskSql[]>();
  for (const sql of all) {
    const key = JSON.stringify([sql.database, sql.table]);
    byTable.set(key, [...(byTable.get(key) ?? []), sql]);
  }
  const ask = async (
    { database, table }: MaskSql,
    conditions: readonly string[],
  ): Promise<string | undefined> => {
    const where = conditions.map((condition) => `(${condition})`).join(' AND ');
    return (await source.checkFilters(database, [{ table, where }])).get(table);
  };
  const refused: PlannedMasks['refused'][number][] = [];
  for (const ofTable of byTable.values()) {
    const [first] = ofTable;
    if (
      !first ||
      (await ask(
        first,
        ofTable.map(({ condition }) => condition),
      )) === undefined
    )
      continue;
    for (const sql of ofTable) {
      const reason = await ask(sql, [sql.condition]);
      if (reason !== undefined) refused.push({ ...sql, reason });
    }
  }
  return refused;
};

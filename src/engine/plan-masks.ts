import type { SelectedDatabase } from '../core/change/diff.js';
import { classifyColumns } from '../core/change/classify-masks.js';
import { type PlannedMasks, listFilledTables, listMaskSql } from '../core/change/plan-masks.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { SourceServer } from './ports.js';

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
  const refused: PlannedMasks['refused'][number][] = [];
  for (const sql of listMaskSql(classification, mask, tables)) {
    const { database, table, condition } = sql;
    const reason = (await source.checkFilters(database, [{ table, where: condition }])).get(table);
    if (reason !== undefined) refused.push({ ...sql, reason });
  }
  return { ...classification, mask, refused, ofPlan };
};

import { BugError } from '../core/errors.js';
import { type DatabaseMasks, type PlannedMasks, describeMasks } from '../core/change/plan-masks.js';
import type { SelectedDatabase } from '../core/change/diff.js';
import { selectDatabases } from '../core/change/selection.js';
import type { DatabaseName } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { SourceServer } from './ports/server.js';
import { planMasks } from './plan-masks.js';

/** What the masks of a plan make of the source, without a look at the target. */
export interface SourceMasks {
  readonly planned: PlannedMasks;
  readonly selected: readonly SelectedDatabase[];
  readonly databases: readonly DatabaseInventory[];
  readonly masks: ReadonlyMap<DatabaseName, DatabaseMasks>;
}

/** Reads structure only, of every database that the plan selects; rejects with a BugError where the plan masks nothing. */
export const classifySource = async (plan: ResolvedPlan, source: SourceServer): Promise<SourceMasks> => {
  const { selected } = selectDatabases(plan.selections, await source.listDatabases());
  const databases = await source.inspectDatabases([...new Set(selected.map(({ from }) => from))]);
  const planned = await planMasks(plan, source, selected, databases, 'all');
  if (!planned) throw new BugError('the plan masks nothing');
  const masks = new Map(
    databases.map(({ name }) => [
      name,
      describeMasks(plan, planned, name, [...new Set(planned.columns.map(({ table }) => table))]),
    ]),
  );
  return { planned, selected, databases, masks };
};

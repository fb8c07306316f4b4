import type { ChangeSet } from '../core/change-set.js';
import type { Access } from '../core/connection.js';
import type { Inventory } from '../core/inventory.js';
import type { ResolvedPlan } from '../core/resolved-plan.js';
import type { UnsavedPlan } from '../core/unsaved-plan.js';
import { type Narrowing, type OpenServers, closeServers, planSync } from '../engine/plan-sync.js';
import type { Composition } from './compose.js';
import { openPlanServers } from './open-plan-servers.js';
import type { Screen } from './screen.js';
import { type PlanFlagValues, narrowingOf, overridesOf } from './plan-flags.js';

/** A sync plan with both servers open and the change set computed from them. */
export interface PlanSession {
  readonly plan: ResolvedPlan;
  readonly narrowing: Narrowing;
  readonly servers: OpenServers;
  readonly changeSet: ChangeSet;
  /** What it was computed from. */
  readonly source: Inventory;
  readonly target: Inventory;
  close(): Promise<void>;
}

/** What `plan` and `apply` both begin with: one planner, so that what is shown is what runs. */
export const openPlanSession = async (
  composition: Composition,
  file: string | UnsavedPlan | undefined,
  flags: PlanFlagValues,
  screen: Pick<Screen, 'canPrompt' | 'notice' | 'error'>,
  targetUse: Access = 'read-write',
): Promise<PlanSession> => {
  const ask = screen.canPrompt ? await composition.passwordPrompt() : undefined;
  const resolved = await composition.resolvePlan(file, overridesOf(flags), {
    targetUse,
    ...(ask && { ask }),
  });
  const narrowing = narrowingOf(flags);
  const { plan, servers } = await openPlanServers(composition, resolved, screen);
  try {
    const { changeSet, source, target, warnings } = await planSync(plan, servers, narrowing);
    for (const warning of warnings) screen.notice(`warning: ${warning}`);
    await composition.noteUse(plan, servers);
    return { plan, narrowing, servers, changeSet, source, target, close: () => closeServers(servers) };
  } catch (error) {
    await closeServers(servers);
    throw error;
  }
};

import { type ChangeSet, effectOf, isPending } from '../../core/change/change-set.js';
import { exitOfBlocked } from '../../core/change/consent.js';
import type { ExitName } from '../../core/exit-codes.js';
import type { Access } from '../../core/server/connection.js';
import type { Inventory } from '../../core/server/inventory.js';
import { SyncError } from '../../core/errors.js';
import type { RunId } from '../../core/names.js';
import { suggestNearest } from '../../core/nearest.js';
import { isAnyMatch } from '../../core/plan/pattern.js';
import type { ResolvedPlan } from '../../core/plan/resolved-plan.js';
import type { PlanFile } from '../../core/plan/sync-plan.js';
import { type UnsavedPlan, planArgument } from '../../core/plan/unsaved-plan.js';
import { tryRunLock } from '../../engine/hold-run-lock.js';
import { type Narrowing, closeServers, planSync } from '../../engine/plan-sync.js';
import type { LockedLook } from '../../engine/apply-request.js';
import type { OpenServers } from '../../engine/open-servers.js';
import type { RunLock } from '../../engine/ports/locks.js';
import type { Services } from '../services/compose.js';
import { openPlanServers } from './open-plan-servers.js';
import type { Screen } from '../frame/screen.js';
import { type PlanFlagValues, narrowingOf, overridesOf } from './plan-flags.js';
import { suggestCommand } from '../../core/shell-word.js';

/** A sync plan with both servers open and the change set computed from them. */
export interface PlanSession {
  readonly plan: ResolvedPlan;
  readonly narrowing: Narrowing;
  readonly servers: OpenServers;
  readonly changeSet: ChangeSet;
  /** What it was computed from. */
  readonly source: Inventory;
  readonly target: Inventory;
  /** Where the target's lock was to be held since before the plan, and was free. */
  readonly held: LockedLook | undefined;
  close(): Promise<void>;
}

interface SessionWish {
  readonly targetUse?: Access;
  readonly planRead?: (file: PlanFile) => void;
  /** The run that is to hold the target's lock meanwhile. */
  readonly lockFor?: RunId | undefined;
}

/** What `plan` and `apply` both begin with: one planner, so that what is shown is what runs. */
export const openPlanSession = async (
  services: Services<'settings' | 'memory' | 'planEndpoints' | 'person' | 'servers'>,
  file: string | UnsavedPlan | undefined,
  flags: PlanFlagValues,
  screen: Pick<Screen, 'canPrompt' | 'notice' | 'error'>,
  { targetUse = 'read-write', planRead, lockFor }: SessionWish = {},
): Promise<PlanSession> => {
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  const resolved = await services.planEndpoints.resolvePlan(file, overridesOf(flags), {
    targetUse,
    ...(ask && { ask }),
    ...(planRead && { planRead }),
  });
  const narrowing = narrowingOf(flags);
  const { plan, servers } = await openPlanServers(services, resolved, screen);
  let lock: RunLock | undefined;
  const close = async (): Promise<void> => {
    try {
      await lock?.release();
    } finally {
      await closeServers(servers);
    }
  };
  try {
    if (lockFor !== undefined) lock = await tryRunLock(servers.target, lockFor);
    const planned = await planSync(plan, servers, narrowing, new Date());
    const { changeSet, source, target, warnings } = planned;
    for (const warning of warnings) screen.notice(`warning: ${warning}`);
    refuseUnmatched(plan, narrowing, changeSet);
    await services.planEndpoints.noteUse(plan, servers);
    const held = lock && { lock, planned };
    return { plan, narrowing, servers, changeSet, source, target, held, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** What `plan` tells a script: what apply would refuse ends as apply would; what did not change is no change. */
export const exitOfPlan = (
  changeSet: ChangeSet,
  { 'detailed-exitcode': isDetailed }: { readonly 'detailed-exitcode': boolean },
): ExitName =>
  exitOfBlocked(changeSet) ??
  (isDetailed && changeSet.databases.some((change) => isPending(change) && effectOf(change) !== 'unchanged')
    ? 'changesPending'
    : 'done');

/** With a mistyped name nothing would be done, and that would look like success. */
const refuseUnmatched = (
  { selections }: ResolvedPlan,
  { only }: Narrowing,
  { databases, plan }: ChangeSet,
): void => {
  const unmatched = only.find((pattern) => !databases.some(({ from }) => isAnyMatch([pattern], from)));
  if (unmatched === undefined) return;
  const names = selections.flatMap((selection) => (selection.kind === 'named' ? [selection.name] : []));
  const suggestion = suggestNearest(unmatched, names);
  throw new SyncError('SELECTION_EMPTY', {
    message: `--only "${unmatched}" matches no database of the plan${suggestion === undefined ? '' : `; ${suggestion}`}`,
    hints: [`What the plan selects:  ${suggestCommand`plan ${planArgument(plan.path)} --show-skipped`}`],
  });
};

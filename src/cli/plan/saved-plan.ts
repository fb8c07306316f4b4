import { randomUUID } from 'node:crypto';
import type { ChangeSet } from '../../core/change/change-set.js';
import { SyncError } from '../../core/errors.js';
import { type SavedPlan, refuseEdited, refuseExpired, savePlan } from '../../core/change/saved-plan.js';
import type { Services } from '../services/compose.js';
import { type PlanFlagValues, narrowingOf } from './plan-flags.js';
import { suggestCommand } from '../../core/shell-word.js';
import { STDIN_PLAN, planArgument } from '../../core/plan/unsaved-plan.js';

/** Writes the change set for a later apply. A plan from stdin cannot be read again then. */
export const saveChangeSet = async (
  services: Services<'planFiles'>,
  path: string,
  changeSet: ChangeSet,
  flags: PlanFlagValues,
): Promise<SavedPlan> => {
  if (changeSet.plan.path === STDIN_PLAN)
    throw new SyncError('INPUT_INVALID', {
      message: 'a plan from stdin cannot be saved: applying it reads the sync plan again',
      hints: ['Write the sync plan to a file first.'],
    });
  const saved = savePlan(changeSet, narrowingOf(flags), { id: randomUUID(), now: new Date() });
  await services.planFiles.writeSaved(path, saved);
  return saved;
};

/** Undefined when the file is a sync plan. Rejects when the saved plan was edited, has expired or was applied here. */
export const openSavedPlan = async (
  services: Services<'memory' | 'planFiles'>,
  path: string | undefined,
  flags: PlanFlagValues,
): Promise<SavedPlan | undefined> => {
  const saved = path === undefined || path === '-' ? undefined : await services.planFiles.readSaved(path);
  if (saved === undefined || path === undefined) return undefined;
  if (flags.only.length > 0 || flags.exclude.length > 0)
    throw new SyncError('INPUT_INVALID', {
      message: '--only and --exclude cannot be used with a saved plan: it is applied as it was saved',
      hints: [
        `Save another:  ${suggestCommand`plan ${planArgument(saved.changeSet.plan.path)} --only ${flags.only} --exclude ${flags.exclude} --out FILE`}`,
      ],
    });
  refuseEdited(saved, path);
  refuseExpired(saved, path, new Date());
  const runs = await (await services.memory.history()).listRuns({ limit: Number.MAX_SAFE_INTEGER });
  refuseApplied(saved, path, runs.find(({ savedPlan }) => savedPlan === saved.id)?.id);
  return saved;
};

/** A saved plan is good once. The run is found in the history, or in what a run on another machine kept on the target. */
export const refuseApplied = (saved: SavedPlan, path: string, run: string | null | undefined): void => {
  if (run === undefined || run === null) return;
  throw new SyncError('PLAN_ALREADY_APPLIED', {
    message: `${path}: was applied by run ${run}`,
    hints: [
      `See how it ended:  ${suggestCommand`history show ${run}`}`,
      `Plan again:        ${suggestCommand`plan ${planArgument(saved.changeSet.plan.path)} --out FILE`}`,
    ],
  });
};

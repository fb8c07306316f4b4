import type { Endpoint } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import type { RunId } from '../../core/names.js';
import { suggestCommand } from '../../core/shell-word.js';
import type { PlanMark, SwapJournal } from '../../engine/journal-form.js';
import type { RollbackFlagValues } from './rollback-flags.js';

/** What a rollback is to undo. */
export interface RollbackWish {
  readonly run: RunId | undefined;
  readonly plan: PlanMark | undefined;
}

/**
 * What the run kept that was named, or the newest run of the plan: of this very file, because another person's plan can
 * have the same name. Everything when neither is named.
 */
export const chooseKept = (
  found: readonly SwapJournal[],
  { run, plan }: RollbackWish,
): readonly SwapJournal[] => {
  if (run !== undefined) return found.filter((journal) => journal.run === run);
  if (plan === undefined) return found;
  const ofPlan = found.filter((journal) => journal.plan.digest === plan.digest);
  const newest = ofPlan.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0];
  return ofPlan.filter((journal) => journal.run === newest?.run);
};

/** The command that undoes one run of those that were listed. */
export const suggestRollback = (run: RunId, { plan, target }: RollbackFlagValues): string => {
  if (plan !== undefined) return suggestCommand`rollback ${run} --plan ${plan}`;
  return target === undefined
    ? suggestCommand`rollback ${run}`
    : suggestCommand`rollback ${run} --target ${target}`;
};

interface Search {
  readonly endpoint: Endpoint;
  readonly flags: RollbackFlagValues;
  readonly found: readonly SwapJournal[];
  /** Something stands there that is not believed. */
  readonly isDoubted: boolean;
}

export const explainNothingKept = (
  { run, plan }: RollbackWish,
  { endpoint, flags, found, isDoubted }: Search,
): SyncError => {
  const sought =
    run !== undefined
      ? `run ${run}`
      : plan === undefined
        ? 'any run'
        : `a run of plan ${plan.name} as its file is now`;
  return new SyncError('RUN_UNKNOWN', {
    message: `${endpoint.name} has nothing kept of ${sought}`,
    hints: [
      ...found.map(
        (journal) =>
          `Kept:  ${journal.live}, as it was before run ${journal.run} of plan ${journal.plan.name}:  ${suggestRollback(journal.run, flags)}`,
      ),
      ...(isDoubted ? [`Some journals are not believed. List them:  ${suggestCommand`scratch`}`] : []),
    ],
  });
};

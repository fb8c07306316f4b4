import { randomUUID } from 'node:crypto';
import { Errors } from '@oclif/core';
import { type ChangeSet, listPending } from '../../core/change/change-set.js';
import { refuseBlocked } from '../../core/change/consent.js';
import { SyncError } from '../../core/errors.js';
import type { DatabaseName } from '../../core/names.js';
import type { Shard } from '../../core/plan/shard.js';
import { limitToSlice, listSlice } from '../../core/change/slice.js';
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

/**
 * What a call does of a saved plan: all of it, or one slice, which then is all that its change set holds. Undefined when the
 * file is a sync plan. Rejects when the saved plan was edited, has expired or was applied here.
 */
export const openSavedPlan = async (
  services: Services<'memory' | 'planFiles'>,
  path: string | undefined,
  flags: PlanFlagValues & { readonly shard?: Shard | undefined },
): Promise<SavedPlan | undefined> => {
  const saved = await readSavedPlan(services, path, flags);
  if (saved === undefined || path === undefined) {
    if (flags.shard) await refuseShard(services, path);
    return undefined;
  }
  const part = flags.shard ? takeSlice(saved, flags.shard) : saved;
  const runs = await (await services.memory.history()).listRuns({ limit: Number.MAX_SAFE_INTEGER });
  refuseApplied(
    part,
    path,
    runs
      .filter(({ savedPlan }) => savedPlan === saved.id)
      .flatMap(({ id, databases }) => databases.map(({ to }) => ({ run: id, database: to }))),
  );
  return part;
};

/** The same of a saved plan that several processes share: what of it is applied, the target says. */
export const readSavedPlan = async (
  services: Services<'planFiles'>,
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
  return saved;
};

/** A file that is not there is told of by whoever reads it as a sync plan next. */
const refuseShard = async (services: Services<'planFiles'>, path: string | undefined): Promise<void> => {
  if (path !== undefined && path !== '-' && !(await services.planFiles.exists(path))) return;
  throw new Errors.CLIError(
    'Slices are of a saved plan, so that all who work on it see the same ones: plan --out FILE, then apply FILE --shard I/N',
  );
};

/** Each slice is refused for what the whole plan is refused for: the others would be refused, and half of it be done. */
export const takeSlice = (saved: SavedPlan, shard: Shard): SavedPlan => {
  refuseBlocked(saved.changeSet);
  if (saved.changeSet.options.consistency === 'batch')
    throw new SyncError('INPUT_INVALID', {
      message:
        'this plan wants all databases as of one moment (consistency: batch), and each slice would have its own',
      hints: ['Apply it as a whole, or plan again with consistency: database.'],
    });
  return { ...saved, changeSet: limitToSlice(saved.changeSet, listSlice(saved.changeSet, shard)) };
};

/** What runs of a saved plan had to do: from the history, or from what a run on another machine kept on the target. */
export interface AppliedPart {
  readonly run: string;
  readonly database: DatabaseName;
}

export const describeSlice = ({ index, count }: Shard, names: ReadonlySet<DatabaseName>): string =>
  `Slice ${String(index)} of ${String(count)}: ${names.size === 0 ? 'there is no database for it.' : `${[...names].join(', ')}.`}`;

/** What runs of this saved plan, wherever they ran, have kept on the target. */
export const listKeptParts = ({ id }: SavedPlan, { scratch }: ChangeSet): readonly AppliedPart[] =>
  scratch.flatMap(({ savedPlan, run, live }) =>
    savedPlan === id && run !== null && live !== null ? [{ run, database: live }] : [],
  );

/** Each database of a saved plan is applied once: by a run of the whole plan, or of a slice. */
export const refuseApplied = (saved: SavedPlan, path: string, applied: readonly AppliedPart[]): void => {
  const wanted = listPending(saved.changeSet);
  const found = applied.filter(({ database }) => wanted.has(database));
  const [first] = found;
  if (!first) return;
  const { run } = first;
  const isAll = new Set(found.map(({ database }) => database)).size === wanted.size;
  throw new SyncError('PLAN_ALREADY_APPLIED', {
    message: `${path}: ${isAll ? 'was' : `${first.database} of it was`} applied by run ${run}`,
    hints: [
      `See how it ended:  ${suggestCommand`history show ${run}`}`,
      `Plan again:        ${suggestCommand`plan ${planArgument(saved.changeSet.plan.path)} --out FILE`}`,
    ],
  });
};

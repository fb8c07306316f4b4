import { SyncError, reportError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import type { RecoveryStep } from '../core/change/recovery.js';
import { suggestCommand } from '../core/shell-word.js';
import { describeUnapproved } from '../core/change/drift.js';
import { settleApplied } from './applied.js';
import { type ReadScratch, readScratch } from './journal.js';
import type { Journal, JournalHeader, SwapJournal } from './journal-form.js';
import type { RunLock } from './ports/locks.js';
import type { TargetServer } from './ports/target-server.js';
import { settleProvenance } from './provenance.js';
import { cleanUndone, closeSwap, tryToFinish, tryToUndo } from './settle-swap.js';
import { groupSteps, isClosedElsewhere, listSwapping, listTogether } from './swapped-together.js';
import { type SwapPlace, listMoves, locateSwap } from './tasks/locate-swap.js';
import { underFence } from './under-fence.js';
import { type MayStay, listUnfinished } from './unfinished.js';

export interface RecoveryPlan {
  readonly steps: readonly RecoveryStep[];
  /** Why the swap of a scratch database cannot be settled by anybody but a person who looks. */
  readonly doubts: ReadonlyMap<DatabaseName, string>;
}

/**
 * What killed runs left that is to be put in order. Only what a signed journal names is ours, and empty databases with
 * a name of ours. A swap whose rename has happened is finished, because its rows have been visible since; one whose
 * rename has not is undone; where neither can be told nothing is done. What a run may go on from stays. Reads only.
 */
export const planRecovery = async (
  target: TargetServer,
  found: readonly ReadScratch[],
  mayStay: MayStay = () => false,
): Promise<RecoveryPlan> => {
  const steps: RecoveryStep[] = [];
  const doubts = new Map<DatabaseName, string>();
  const swapping = listSwapping(found);
  const places = new Map<SwapJournal, SwapPlace>();
  for (const journal of swapping) places.set(journal, await locateSwap(target, journal.swap));
  for (const journal of swapping) {
    const { retired: database, run, live } = journal;
    const unit = listTogether(journal, swapping);
    const unclear = unit.find((one) => places.get(one) === 'unclear');
    if (unclear) {
      doubts.set(
        database,
        `there is no telling whether the tables of ${unclear.live} were swapped, so it is left as it is`,
      );
      continue;
    }
    // Nothing says it of a database without tables.
    const telling = unit.filter(({ swap }) => listMoves(swap).length > 0);
    const isMoved =
      isClosedElsewhere(journal, found) ||
      (telling.length > 0 && telling.every((one) => places.get(one) === 'moved'));
    steps.push({ action: isMoved ? 'finish-swap' : 'undo-swap', database, run, live });
  }
  return { steps: [...steps, ...listLeftOvers(found, listUnfinished(found, mayStay))], doubts };
};

/** Staging of a run that is over, what a run that never came to its swap left, and what it could write nothing into. */
const listLeftOvers = (
  found: readonly ReadScratch[],
  unfinished: readonly Journal[],
): readonly RecoveryStep[] => {
  const journals = found.flatMap(({ journal }) => journal ?? []);
  const ownerOf = (name: DatabaseName): Journal | undefined =>
    journals.find(({ staging, retired }) => staging === name || retired === name);
  return found.flatMap(({ database, isEmpty, journal }): readonly RecoveryStep[] => {
    const owner = ownerOf(database);
    if (owner && unfinished.includes(owner)) return [];
    const isOver = owner?.phase === 'staging' || (owner?.phase === 'kept' && owner.staging === database);
    if (isOver) return [{ action: 'drop', database, run: owner.run, live: owner.live }];
    return isEmpty && !owner && !journal ? [{ action: 'drop', database, run: null, live: null }] : [];
  });
};

/** What was done, for the person and for the drift check. */
export interface Recovery {
  readonly notes: readonly string[];
  /** Live databases that a swap was finished or undone in. */
  readonly touched: ReadonlySet<DatabaseName>;
  /** Live databases that are between old and new, and why: nothing may be copied into them before a person has looked. */
  readonly unsettled: ReadonlyMap<DatabaseName, string>;
}

/**
 * Does what was approved, and refuses with PLAN_STALE when there is more to do by now. Call it only under the target's
 * lock: then no other run lives. What fails is left, said, and keeps only its own database from going on.
 */
export const recoverTarget = async (
  target: TargetServer,
  lock: Lock,
  approved: readonly RecoveryStep[],
  mayStay?: MayStay,
): Promise<Recovery> => {
  const found = await readScratch(target);
  const plan = await planRecovery(target, found, mayStay);
  refuseUnapproved(approved, plan.steps);
  return performRecovery(target, lock, found, plan);
};

/** The same for the databases of a unit, before their run tries them again. */
export const recoverDatabases = async (
  target: TargetServer,
  lock: Lock,
  unit: readonly JournalHeader[],
): Promise<void> => {
  const names = new Set(unit.flatMap(({ retired, staging }) => [retired, staging]));
  const found = (await readScratch(target)).filter(({ database }) => names.has(database));
  const { unsettled } = await performRecovery(target, lock, found, await planRecovery(target, found));
  for (const { live } of unit) {
    const reason = unsettled.get(live);
    if (reason !== undefined) throw explainUnsettled(live, reason);
  }
};

/** For a database that is between old and new. */
export const explainUnsettled = (live: DatabaseName, reason: string): SyncError =>
  new SyncError('SWAP_UNSETTLED', {
    message: `${live}: an earlier swap is not settled: ${reason}`,
    hints: ['See what is there:  mysql-sync scratch'],
  });

export const refuseUnapproved = (approved: readonly RecoveryStep[], now: readonly RecoveryStep[]): void => {
  const lines = describeUnapproved(approved, now);
  if (lines.length === 0) return;
  throw new SyncError('PLAN_STALE', {
    message: ['the target changed since this was shown:', ...lines.map((line) => `  ${line}`)],
    hints: ['Run the same command again to see it.'],
  });
};

/** Does these steps of what was found, all that belongs together. */
export const performRecovery = async (
  target: TargetServer,
  lock: Lock,
  found: readonly ReadScratch[],
  plan: RecoveryPlan,
): Promise<Recovery> =>
  plan.steps.length === 0
    ? takeSteps(target, found, plan)
    : underFence(target, lock, (fenced) => takeSteps(fenced.target, found, plan));

type Lock = Pick<RunLock, 'check' | 'checkBeforeUndo'>;

const takeSteps = async (
  target: TargetServer,
  found: readonly ReadScratch[],
  { steps, doubts }: RecoveryPlan,
): Promise<Recovery> => {
  const notes: string[] = [];
  const touched = new Set<DatabaseName>();
  const unsettled = new Map<DatabaseName, string>();
  const journalOf = (database: DatabaseName): Journal | undefined =>
    found.find((one) => one.database === database)?.journal;
  for (const [database, reason] of doubts) {
    const live = journalOf(database)?.live;
    if (live !== undefined) unsettled.set(live, reason);
    notes.push(`${database}: ${reason}; look:  ${suggestCommand`scratch show ${database}`}`);
  }
  for (const { action, unit } of groupSteps(steps, listSwapping(found))) {
    const isFinishing = action === 'finish-swap';
    const isOpen = isFinishing && !unit.some((journal) => isClosedElsewhere(journal, found));
    const trouble = isOpen ? await tryToFinish(target, unit) : null;
    const isFinished = isFinishing && trouble === null;
    const fault = isFinished ? null : await tryToUndo(target, unit);
    // While the journals are open, so that this is repeated when it is cut off.
    if (fault === null)
      notes.push(...(await settleProvenance(target, unit, isFinished ? 'finished' : 'undone')));
    const unwritten = fault ?? (await settleApplied(target, unit, isFinished ? 'finished' : 'undone'));
    for (const journal of unit) {
      touched.add(journal.live);
      try {
        // While one of them is not settled, the next run needs the journals of all.
        if (unwritten !== null) throw unwritten as Error;
        notes.push(
          ...(isFinished ? await closeSwap(target, journal) : await cleanUndone(target, journal, trouble)),
        );
      } catch (error) {
        const { message } = reportError(error);
        unsettled.set(journal.live, message);
        notes.push(`${journal.retired} stays on the target: ${message}`);
      }
    }
  }
  for (const { action, database } of steps) {
    if (action !== 'drop') continue;
    try {
      await target.dropDatabase(database);
      notes.push(`removed ${database}, left behind by a run that was killed`);
    } catch (error) {
      notes.push(`${database} stays on the target: ${reportError(error).message}`);
    }
  }
  return { notes, touched, unsettled };
};

import { SyncError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import { exactPattern } from '../core/plan/pattern.js';
import { suggestCommand } from '../core/shell-word.js';
import { type LockWish, holdRunLock } from './hold-run-lock.js';
import { type ReadScratch, readScratch } from './journal.js';
import type { Journal, SwapJournal } from './journal-form.js';
import { parseJournal } from './parse-journal.js';
import type { RunLock } from './ports/locks.js';
import type { TargetServer } from './ports/target-server.js';
import { listKept } from './roll-back.js';
import { planRecovery } from './recover.js';
import { dropUndone } from './settle-swap.js';
import { settleProvenance } from './provenance.js';
import { listSwapping, listTogether } from './swapped-together.js';
import { undoSwaps } from './tasks/undo-swaps.js';
import { underFence } from './under-fence.js';

/** What a person says of a scratch database after looking at it. */
export interface ScratchVerdict {
  readonly database: DatabaseName;
  /** What was shown: another text by now is not what was looked at. */
  readonly seen: ReadScratch;
}

/** @throws SyncError INPUT_INVALID when the target has no such scratch database */
export const findScratch = (found: readonly ReadScratch[], name: string): ReadScratch => {
  const scratch = found.find(({ database }) => database === name);
  if (scratch) return scratch;
  throw new SyncError('INPUT_INVALID', {
    message: `${name} is not a scratch database of this target`,
    hints: [`List them:  ${suggestCommand`scratch`}`],
  });
};

/**
 * Signs a journal that a person knows to be real; the next apply or rollback then acts on it. Where a signed journal
 * tells of a swap that no single rename explains, the swap is undone now, table by table.
 * @throws SyncError INPUT_INVALID when there is nothing that could be accepted
 */
export const acceptScratch = async (
  target: TargetServer,
  { database, seen }: ScratchVerdict,
  wish: LockWish,
): Promise<readonly string[]> =>
  underLock(target, wish, async (lock) => {
    const found = await readScratch(target);
    const now = findScratch(found, database);
    refuseChanged(seen, now);
    if (now.journal) return settleUnclear(target, lock, found, now.journal);
    const { journal, fault } = parseJournal(now.claim ?? '', database);
    if (!journal)
      throw new SyncError('INPUT_INVALID', {
        message: `${database}: it has no journal that could be accepted: ${now.doubt ?? fault}`,
        hints: [`If nobody needs it any more:  ${suggestCommand`scratch drop ${database}`}`],
      });
    await target.writeJournal(database, now.claim ?? '');
    return [`${database}: its journal is signed now. Look again:  mysql-sync scratch`];
  });

const settleUnclear = async (
  target: TargetServer,
  lock: RunLock,
  found: readonly ReadScratch[],
  journal: Journal,
): Promise<readonly string[]> => {
  if (!(await isUnclear(target, found, journal)) || journal.phase !== 'swapping')
    throw new SyncError('INPUT_INVALID', {
      message: `${journal.retired}: its journal is signed already`,
      hints: ['The next apply or rollback on this target does what it needs.'],
    });
  const unit = listTogether(journal, listSwapping(found));
  return underFence(target, lock, async (fenced) => {
    const failures = await undoSwaps(
      fenced.target,
      unit.map(({ swap }) => swap),
    );
    for (const error of failures.values()) throw error;
    const notes = [...(await settleProvenance(fenced.target, unit, 'undone'))];
    for (const one of unit)
      notes.push(`${one.live}: undid the swap of run ${one.run}`, ...(await dropUndone(fenced.target, one)));
    return notes;
  });
};

const isUnclear = async (
  target: TargetServer,
  found: readonly ReadScratch[],
  { retired }: Journal,
): Promise<boolean> => (await planRecovery(target, found)).doubts.has(retired);

/**
 * Drops a scratch database that a person has looked at.
 * @throws SyncError DATABASE_BLOCKED when a swap that can be settled needs it
 */
export const dropScratch = async (
  target: TargetServer,
  { database, seen }: ScratchVerdict,
  wish: LockWish,
): Promise<readonly string[]> =>
  underLock(target, wish, async () => {
    const found = await readScratch(target);
    refuseChanged(seen, findScratch(found, database));
    refuseKept(seen.journal);
    for (const { journal } of found) {
      if (journal?.phase !== 'swapping' || !isPartOf(journal, database)) continue;
      if (await isUnclear(target, found, journal)) continue;
      throw new SyncError('DATABASE_BLOCKED', {
        message: `${database}: the swap of run ${journal.run} in ${journal.live} is not finished, and needs it`,
        hints: ['The next apply or rollback on this target settles it.'],
      });
    }
    await target.dropDatabase(database);
    return [`${database}: dropped`];
  });

/** What is kept for rollback is listed and dropped in one place, by the names of live databases. */
const refuseKept = (journal: Journal | undefined): void => {
  if (journal?.phase !== 'kept') return;
  throw new SyncError('INPUT_INVALID', {
    message: `${journal.retired} is what run ${journal.run} kept of ${journal.live} for rollback`,
    hints: [`Drop it:  ${suggestCommand`status --drop-previous --only ${exactPattern(journal.live)}`}`],
  });
};

/**
 * Drops what runs kept for rollback, as it was shown.
 * @throws SyncError PLAN_STALE, before anything is dropped, when any of it is not what was shown
 */
export const dropPrevious = async (
  target: TargetServer,
  seen: readonly SwapJournal[],
  wish: LockWish,
): Promise<void> =>
  underLock(target, wish, async () => {
    const now = new Set(listKept(await readScratch(target), []).map((journal) => JSON.stringify(journal)));
    const moved = seen.find((journal) => !now.has(JSON.stringify(journal)));
    if (moved)
      throw new SyncError('PLAN_STALE', {
        message: `${moved.live}: what is kept of it changed since it was shown`,
        hints: [`Look again:  ${suggestCommand`status`}`],
      });
    for (const { retired } of seen) await target.dropDatabase(retired);
  });

const isPartOf = ({ staging, retired }: SwapJournal, database: DatabaseName): boolean =>
  staging === database || retired === database;

const refuseChanged = (seen: ReadScratch, now: ReadScratch): void => {
  if (JSON.stringify(seen) === JSON.stringify(now)) return;
  throw new SyncError('PLAN_STALE', {
    message: `${now.database}: it changed since it was shown`,
    hints: [`Look again:  ${suggestCommand`scratch show ${now.database}`}`],
  });
};

const underLock = async <Result>(
  target: TargetServer,
  wish: LockWish,
  work: (lock: RunLock) => Promise<Result>,
): Promise<Result> => {
  const lock = await holdRunLock(target, wish);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
};

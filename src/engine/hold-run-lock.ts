import { SyncError } from '../core/errors.js';
import type { RunId } from '../core/names.js';
import type { RunLock } from './ports/locks.js';
import type { Clock } from './ports/ports.js';
import type { TargetServer } from './ports/target-server.js';

export interface LockWish {
  readonly run: RunId;
  /** How long to wait for another run to end; 0 refuses at once. */
  readonly waitMilliseconds: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const POLL_MILLISECONDS = 500;

/**
 * The target's lock for the length of a run. When the server was restarted the lock is taken again, unless another run
 * has it by then: it would have cleared away what this one staged.
 */
export const holdRunLock = async (target: TargetServer, wish: LockWish): Promise<RunLock> =>
  keepLock(target, wish.run, await waitForLock(() => target.lockForRun(wish.run), wish));

/** The same lock where it is free; undefined where another run has it. */
export const tryRunLock = async (target: TargetServer, run: RunId): Promise<RunLock | undefined> => {
  try {
    return keepLock(target, run, await target.lockForRun(run));
  } catch (error) {
    if (isLocked(error)) return undefined;
    throw error;
  }
};

const keepLock = (target: TargetServer, run: RunId, first: RunLock): RunLock => {
  let lock = first;
  return {
    check: async () => {
      try {
        await lock.check();
      } catch (error) {
        if (!isLocked(error)) throw error;
        await lock.release();
        lock = await target.lockForRun(run);
      }
    },
    checkBeforeUndo: () => lock.checkBeforeUndo(),
    release: () => lock.release(),
  };
};

/** Tries until there is nobody in the way, or the time is over. */
export const waitForLock = async <Lock>(
  take: () => Promise<Lock>,
  { waitMilliseconds, signal, clock }: Omit<LockWish, 'run'>,
): Promise<Lock> => {
  const deadline = clock.monotonic() + waitMilliseconds;
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (!isLocked(error) || clock.monotonic() >= deadline || signal.aborted) throw error;
      await clock.sleep(POLL_MILLISECONDS, signal);
    }
  }
};

const isLocked = (error: unknown): boolean => error instanceof SyncError && error.code === 'TARGET_LOCKED';

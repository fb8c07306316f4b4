import type { RunLock } from './ports/locks.js';
import type { TargetServer } from './ports/target-server.js';

export interface Fenced {
  /** As the target itself, but what it changes goes through the fence. */
  readonly target: TargetServer;
  /** Before a swap that failed is undone: opens the fence again, and rejects where the lock is lost. */
  readonly again: () => Promise<void>;
}

/** Changes what is live for as long as the lock is certain. Rejects before anything is changed where it is lost. */
export const underFence = async <Result>(
  target: TargetServer,
  lock: Pick<RunLock, 'check' | 'checkBeforeUndo'>,
  work: (fenced: Fenced) => Promise<Result>,
): Promise<Result> => {
  const fence = await target.openFence();
  try {
    // In this order: a process that stands still after the answer loses the session first.
    await lock.check();
    return await work({
      target: { ...target, ...fence.operations },
      again: async () => {
        await fence.reopen();
        await lock.checkBeforeUndo();
      },
    });
  } finally {
    await fence.close();
  }
};

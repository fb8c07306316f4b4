import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import type { DatabaseName } from '../../../core/names.js';
import { describeBlockers } from './blockers.js';
import { together } from '../connection/together.js';
import { describeEvidence, isDeadlock, isLockWaitTimeout } from '../connection/errors.js';

export interface Patience {
  /**
   * Whole seconds that one attempt waits for metadata locks. Short, because all new statements on these tables queue
   * up behind it.
   */
  readonly waitSeconds: number;
  readonly attempts: number;
}

/** Before a swap: nothing is lost by giving up. */
export const PATIENCE: Patience = { waitSeconds: 3, attempts: 6 };
/** Some minutes, when the rename has happened and giving up would leave it unfinished. */
export const LONG_PATIENCE: Patience = { waitSeconds: 3, attempts: 90 };

/**
 * Repeats a statement that other sessions' locks keep waiting: servers themselves wait a day (MariaDB) or a year
 * (MySQL). The session keeps the short wait, which is set together with what else the statement needs. Rejects as the
 * last attempt did.
 */
export const retryWhileLocked = async <Result>(
  connection: mysql.Connection,
  { waitSeconds, attempts }: Patience,
  work: () => Promise<Result>,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Result> => {
  await together([prepare(), connection.query(`SET SESSION lock_wait_timeout = ${waitSeconds}`)]);
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left <= 0 || !(isLockWaitTimeout(error) || isDeadlock(error))) throw error;
    }
    // The server sleeps for us, a random while, so that two who wait for each other do not meet again.
    await connection.query('DO SLEEP(0.2 + RAND())');
  }
};

/** Names the sessions that hold tables of these databases, when that is why it failed. Not tried again: they may hold them for hours. */
export const explainLocked = async (
  connection: mysql.Connection,
  error: unknown,
  what: string,
  databases: readonly DatabaseName[],
): Promise<unknown> =>
  isLockWaitTimeout(error)
    ? new SyncError('SWAP_FAILED', {
        message: `${what}: other sessions use them: ${describeEvidence(error)}`,
        hints: await describeBlockers(connection, databases),
        cause: error,
      })
    : error;

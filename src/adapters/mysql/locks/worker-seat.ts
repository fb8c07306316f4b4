import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import type { FoundApplied, Worker } from '../../../engine/ports/locks.js';
import type { TargetServer } from '../../../engine/ports/target-server.js';
import { openConnection } from '../connection/connect.js';
import { isConnectionLost, toServerError } from '../connection/errors.js';
import { together } from '../connection/together.js';
import { listScratchDatabases } from '../inventory/scratch-databases.js';
import { closeConnection, unlessSilent } from '../connection/silent-server.js';
import { freeLocks } from './run-lock.js';
import { checkLocks, lostError, takeClaim, takeSeat } from './worker-locks.js';

/** Well within the time after which the server gives up a worker that says nothing. */
const HEARTBEAT_MILLISECONDS = 60_000;

/** A seat on a connection of its own. Everything about its locks is asked there: where it is gone, so are they. */
export const openWorkerSeat = async (
  endpoint: Endpoint,
  identity: string,
  worker: Worker,
  readApplied: (connection: mysql.Connection, seen: 'seen' | 'unseen') => Promise<FoundApplied>,
): ReturnType<TargetServer['joinWorkers']> => {
  const holder = await openConnection(endpoint);
  let isLost = false;
  let seen: 'seen' | 'unseen' = 'unseen';
  const ask = async <Result>(attempt: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await unlessSilent(holder, endpoint, work);
    } catch (error) {
      const known = isConnectionLost(error) ? lostError(error) : toServerError(error, endpoint, attempt);
      isLost ||= known.code === 'TARGET_LOCKED';
      throw known;
    }
  };
  let seat: readonly string[];
  try {
    seat = await unlessSilent(holder, endpoint, () => takeSeat(holder, identity, worker));
  } catch (error) {
    await closeConnection(holder);
    throw toServerError(error, endpoint, 'take a seat among the workers on the target');
  }
  const heart = beat(holder);
  return {
    claim: async (databases) => {
      const [locks, scratch, applied] = await ask('claim databases', async () => {
        const taking = takeClaim(holder, identity, seat, databases);
        try {
          // Answered in this order, so what is read was there when the locks had been taken.
          return await together([taking, listScratchDatabases(holder), readApplied(holder, seen)]);
        } catch (error) {
          await freeLocks(holder, (await taking) ?? []);
          throw error;
        }
      });
      seen = applied.kind === 'rows' ? 'seen' : 'unseen';
      if (!locks) return undefined;
      const check = (): Promise<void> =>
        ask('check the locks of this worker', () => checkLocks(holder, [...seat, ...locks]));
      return {
        scratch,
        applied,
        check,
        checkBeforeUndo: check,
        // Locks of a connection that is gone are free already.
        release: () => ask('give databases back', () => freeLocks(holder, locks)).catch(() => undefined),
      };
    },
    isLost: () => isLost,
    release: async () => {
      clearInterval(heart);
      await unlessSilent(holder, endpoint, () => freeLocks(holder, seat)).catch(() => undefined);
      await closeConnection(holder);
    },
  };
};

/** Whether it is still there is seen by whoever asks next. */
const beat = (connection: mysql.Connection): NodeJS.Timeout => {
  const heart = setInterval(() => {
    connection.query('DO 0').catch(() => undefined);
  }, HEARTBEAT_MILLISECONDS);
  return heart.unref();
};

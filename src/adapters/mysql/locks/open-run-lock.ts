import type { Endpoint } from '../../../core/server/connection.js';
import type { RunId } from '../../../core/names.js';
import type { TargetServer } from '../../../engine/ports/target-server.js';
import { openConnection } from '../connection/connect.js';
import { toServerError } from '../connection/errors.js';
import type { SharedConnection } from '../connection/shared-connection.js';
import { closeConnection, unlessSilent } from '../connection/silent-server.js';
import { checkRunLock, freeLocks, takeRunLock } from './run-lock.js';

/** The lock of a run that works alone, on a connection of its own. */
export const openRunLock = async (
  endpoint: Endpoint,
  identity: string,
  shared: SharedConnection,
  run: RunId,
): ReturnType<TargetServer['lockForRun']> => {
  const holder = await openConnection(endpoint);
  let locks: readonly string[];
  try {
    locks = await unlessSilent(holder, endpoint, () => takeRunLock(holder, identity, run));
  } catch (error) {
    await closeConnection(holder);
    throw toServerError(error, endpoint, 'lock the target for this run');
  }
  const check = (): Promise<void> =>
    shared.use('check the lock of this run', (connection) =>
      checkRunLock(connection, identity, holder.threadId),
    );
  const release = async (): Promise<void> => {
    // Where the connection is gone, the server has freed them.
    await unlessSilent(holder, endpoint, () => freeLocks(holder, locks)).catch(() => undefined);
    await closeConnection(holder);
  };
  return { release, check, checkBeforeUndo: check };
};

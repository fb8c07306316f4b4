import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import type { Endpoint } from '../../../core/server/connection.js';
import { openConnection, socketOf } from './connect.js';

/**
 * Does the work, and gives it up when the server has fallen silent. A long statement is no silence: while it runs, a
 * new login is answered. A frozen machine, or a network that swallows packets, answers nothing, and no operating
 * system tells. The connection is gone then, and the outcome of its last statement unknown.
 */
export const unlessSilent = async <Result>(
  connection: mysql.Connection,
  endpoint: Endpoint,
  work: () => Promise<Result>,
): Promise<Result> => {
  let watch: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    watch = setInterval(() => {
      void answersLogin(endpoint).then((answers) => {
        if (answers) return;
        reject(silenceError(endpoint));
        socketOf(connection)?.destroy();
      });
    }, endpoint.timeoutMilliseconds);
    // What waits on a socket that was destroyed here is never answered, and must not keep the process.
    watch.unref();
  });
  try {
    return await Promise.race([work(), silence]);
  } finally {
    clearInterval(watch);
  }
};

/** A server that refuses is not silent. */
const answersLogin = async (endpoint: Endpoint): Promise<boolean> => {
  try {
    await closeConnection(await openConnection(endpoint));
    return true;
  } catch (error) {
    return !(error instanceof SyncError && error.code === 'CONN_TIMEOUT');
  }
};

const silenceError = ({ timeoutMilliseconds }: Endpoint): Error =>
  Object.assign(new Error(`no answer within ${timeoutMilliseconds / 1000} s, nor to a new login`), {
    code: 'ETIMEDOUT',
    fatal: true,
  });

/**
 * Says goodbye to the server where it still listens, and waits no longer for it than this process lives anyway. Never
 * rejects.
 */
export const closeConnection = async (connection: mysql.Connection): Promise<void> => {
  const socket = socketOf(connection);
  if (socket?.destroyed) return;
  try {
    await connection.end();
    socket?.unref();
  } catch {
    connection.destroy();
  }
};

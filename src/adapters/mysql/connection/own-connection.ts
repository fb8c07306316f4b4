import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import { openConnection } from './connect.js';
import { toServerError } from './errors.js';
import { closeConnection, unlessSilent } from './silent-server.js';

/**
 * Opens a connection for one piece of work, which may change its session as it likes, and closes it afterwards.
 * `attempt` says what is tried, for errors that do not name an object themselves.
 */
export const onOwnConnection = async <Result>(
  endpoint: Endpoint,
  attempt: string,
  work: (connection: mysql.Connection) => Promise<Result>,
): Promise<Result> => {
  const connection = await openConnection(endpoint);
  try {
    return await unlessSilent(connection, endpoint, () => work(connection));
  } catch (error) {
    throw toServerError(error, endpoint, attempt);
  } finally {
    await closeConnection(connection);
  }
};

import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../core/connection.js';
import { openConnection } from './connect.js';
import { toServerError } from './errors.js';

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
    return await work(connection);
  } catch (error) {
    throw toServerError(error, endpoint, attempt);
  } finally {
    await closeConnection(connection);
  }
};

/** Says goodbye to the server where it still listens. Never rejects. */
export const closeConnection = async (connection: mysql.Connection): Promise<void> => {
  try {
    await connection.end();
  } catch {
    connection.destroy();
  }
};

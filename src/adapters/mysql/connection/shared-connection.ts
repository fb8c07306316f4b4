import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import { openConnection, socketOf } from './connect.js';
import { isConnectionLost, toServerError } from './errors.js';
import { closeConnection, unlessSilent } from './silent-server.js';

/** A connection for reading, kept between pieces of work that leave its session as it is. */
export interface SharedConnection {
  /** `attempt` says what is tried, for errors that do not name an object themselves. */
  use<Result>(attempt: string, work: (connection: mysql.Connection) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Opened by its first use. A copy may run for hours while nothing is read, and servers and firewalls end idle
 * connections: one that has ended is replaced by the next use. Work that was cut off is not repeated.
 */
export const shareConnection = (endpoint: Endpoint): SharedConnection => {
  let current: Promise<mysql.Connection> | undefined;
  const forget = (opening: Promise<mysql.Connection>): void => {
    if (current === opening) current = undefined;
  };
  const open = (): Promise<mysql.Connection> => {
    const opening = openConnection(endpoint);
    opening.then(
      // mysql2 says `end` of a connection that the server closes, and nothing of one that is reset.
      (connection) => socketOf(connection)?.once('close', () => forget(opening)),
      () => forget(opening),
    );
    return opening;
  };
  return {
    use: async (attempt, work) => {
      const opening = (current ??= open());
      try {
        const connection = await opening;
        return await unlessSilent(connection, endpoint, () => work(connection));
      } catch (error) {
        if (isConnectionLost(error)) forget(opening);
        throw toServerError(error, endpoint, attempt);
      }
    },
    close: async () => {
      const opening = current;
      current = undefined;
      if (opening) await closeConnection(await opening);
    },
  };
};

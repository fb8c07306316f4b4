import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import type { Endpoint } from '../../../core/server/connection.js';
import { socketOf } from './connect.js';
import { isConnectionLost, toServerError } from './errors.js';
import { type LentConnection, lendConnection } from './own-connection.js';
import { closeConnection, unlessSilent } from './silent-server.js';

/** A connection for reading, kept between pieces of work that leave its session as it is. */
export interface SharedConnection {
  /** `attempt` says what is tried, for errors that do not name an object themselves. */
  use<Result>(attempt: string, work: (connection: mysql.Connection) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

interface Shared extends LentConnection {
  /** Nobody cares any more whether it ends. */
  readonly leave: () => void;
}

/**
 * Lent by its first use. A copy may run for hours while nothing is read, and servers and firewalls end idle
 * connections: one that has ended is replaced by the next use. Work that was cut off is not repeated.
 */
export const shareConnection = (endpoint: Endpoint): SharedConnection => {
  let current: Promise<Shared> | undefined;
  let uses = 0;
  let isClosed = false;
  const forget = (opening: Promise<Shared>): void => {
    if (current === opening) current = undefined;
  };
  const open = (): Promise<Shared> => {
    const opening = lendConnection(endpoint, 'shared').then((lent): Shared => {
      const end = (): void => forget(opening);
      const socket = socketOf(lent.connection);
      // mysql2 says `end` of a connection that the server closes, and nothing of one that is reset.
      socket?.once('close', end);
      return { ...lent, leave: () => socket?.off('close', end) };
    });
    opening.catch(() => forget(opening));
    return opening;
  };
  return {
    use: async (attempt, work) => {
      // Of several pieces of work the others go on when one has failed, and nobody would close what they open.
      if (isClosed)
        throw new SyncError('CONN_LOST', {
          message: `${endpoint.name}: could not ${attempt}: the connection was closed`,
        });
      const opening = (current ??= open());
      uses += 1;
      try {
        const { connection } = await opening;
        return await unlessSilent(connection, endpoint, () => work(connection));
      } catch (error) {
        if (isConnectionLost(error)) forget(opening);
        throw toServerError(error, endpoint, attempt);
      } finally {
        uses -= 1;
      }
    },
    close: async () => {
      isClosed = true;
      const opening = current;
      current = undefined;
      if (!opening) return;
      const { connection, giveBack, leave } = await opening;
      leave();
      // What still runs on it would be waited for.
      await (uses === 0 ? giveBack() : closeConnection(connection));
    },
  };
};

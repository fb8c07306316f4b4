import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import { openConnection, renewConnection, socketOf } from './connect.js';
import { toServerError } from './errors.js';
import { IdleConnections } from './idle-connections.js';
import { closeConnection, unlessSilent } from './silent-server.js';

/** What a connection is lent for: to change its session, or to leave it as it is. */
type Use = 'own' | 'shared';

type Lenders = Readonly<Record<Use, IdleConnections<mysql.Connection>>>;

const lenders = new WeakMap<Endpoint, Lenders>();

/**
 * From here on connections for pieces of work are kept between two of them, until what is returned is called. Whoever
 * comes second for an endpoint shares what the first one keeps.
 */
export const keepOwnConnections = (endpoint: Endpoint): (() => Promise<void>) => {
  if (lenders.has(endpoint)) return () => Promise.resolve();
  const keep = (renew: (connection: mysql.Connection) => Promise<unknown>) =>
    new IdleConnections<mysql.Connection>({
      isOpen: (connection) => socketOf(connection)?.destroyed === false,
      renew,
      close: closeConnection,
      destroy: (connection) => connection.destroy(),
    });
  const kept: Lenders = {
    own: keep((connection) =>
      unlessSilent(connection, endpoint, () => renewConnection(connection, endpoint)),
    ),
    shared: keep(() => Promise.resolve()),
  };
  lenders.set(endpoint, kept);
  return async () => {
    lenders.delete(endpoint);
    await Promise.all([kept.own.close(), kept.shared.close()]);
  };
};

/** For as long as its session means something. `giveBack`: nothing runs on it, and its session may be ended. */
export interface LentConnection {
  readonly connection: mysql.Connection;
  readonly giveBack: () => Promise<void>;
}

/** @throws what `openConnection` does */
export const lendConnection = async (endpoint: Endpoint, use: Use = 'own'): Promise<LentConnection> => {
  const kept = lenders.get(endpoint);
  const connection = kept?.[use].take() ?? (await openConnection(endpoint));
  return {
    connection,
    giveBack: async () => {
      if (kept && lenders.get(endpoint) === kept) kept[use].giveBack(connection);
      else await closeConnection(connection);
    },
  };
};

/**
 * Lends a connection for one piece of work, which may change its session as it likes. `attempt` says what is tried,
 * for errors that do not name an object themselves.
 */
export const onOwnConnection = async <Result>(
  endpoint: Endpoint,
  attempt: string,
  work: (connection: mysql.Connection) => Promise<Result>,
): Promise<Result> => {
  const { connection, giveBack } = await lendConnection(endpoint);
  try {
    const result = await unlessSilent(connection, endpoint, () => work(connection));
    await giveBack();
    return result;
  } catch (error) {
    await closeConnection(connection);
    throw toServerError(error, endpoint, attempt);
  }
};

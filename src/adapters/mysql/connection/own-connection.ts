import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import { openConnection, renewConnection, socketOf } from './connect.js';
import { toServerError } from './errors.js';
import { IdleConnections } from './idle-connections.js';
import { closeConnection, unlessSilent } from './silent-server.js';

const lenders = new WeakMap<Endpoint, IdleConnections<mysql.Connection>>();

/**
 * From here on connections for pieces of work are kept between two of them, until what is returned is called. Whoever
 * comes second for an endpoint shares what the first one keeps.
 */
export const keepOwnConnections = (endpoint: Endpoint): (() => Promise<void>) => {
  if (lenders.has(endpoint)) return () => Promise.resolve();
  const lender = new IdleConnections<mysql.Connection>({
    isOpen: (connection) => socketOf(connection)?.destroyed === false,
    renew: (connection) => unlessSilent(connection, endpoint, () => renewConnection(connection, endpoint)),
    close: closeConnection,
    destroy: (connection) => connection.destroy(),
  });
  lenders.set(endpoint, lender);
  return async () => {
    lenders.delete(endpoint);
    await lender.close();
  };
};

/** For as long as its session means something. `giveBack`: nothing runs on it, and its session may be ended. */
export interface LentConnection {
  readonly connection: mysql.Connection;
  readonly giveBack: () => Promise<void>;
}

/** @throws what `openConnection` does */
export const lendConnection = async (endpoint: Endpoint): Promise<LentConnection> => {
  const lender = lenders.get(endpoint);
  const connection = lender?.take() ?? (await openConnection(endpoint));
  return {
    connection,
    giveBack: async () => {
      if (lender && lenders.get(endpoint) === lender) lender.giveBack(connection);
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

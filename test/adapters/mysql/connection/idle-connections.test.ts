import type mysql from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  openConnection,
  renewConnection,
  socketOf,
} from '../../../../src/adapters/mysql/connection/connect.js';
import { IdleConnections } from '../../../../src/adapters/mysql/connection/idle-connections.js';
import {
  keepOwnConnections,
  onOwnConnection,
} from '../../../../src/adapters/mysql/connection/own-connection.js';
import { readRows } from '../../../../src/adapters/mysql/connection/rows.js';
import { closeConnection } from '../../../../src/adapters/mysql/connection/silent-server.js';
import type { Endpoint } from '../../../../src/core/server/connection.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

describe.each(
  availableFlavors()
    .filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7')
    .map((flavor) => [flavor.id, flavor] as const),
)('connections that are kept, on %s', (_id, flavor) => {
  let server: TestServer;
  let endpoint: Endpoint;
  let idle: IdleConnections<mysql.Connection>;
  let renewing: Promise<unknown>;

  beforeAll(async () => {
    server = await flavor.start();
    endpoint = endpointOf(server);
  });
  beforeEach(() => {
    idle = new IdleConnections({
      isOpen: (connection) => socketOf(connection)?.destroyed === false,
      renew: (connection) => (renewing = renewConnection(connection, endpoint)),
      close: closeConnection,
      destroy: (connection) => connection.destroy(),
    });
  });
  afterEach(() => idle.close());
  afterAll(() => server.stop());

  /** Without the one that asks. */
  const countSessions = async (): Promise<number> => {
    const rows = await server.query(
      "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'tester' AND ID <> CONNECTION_ID()",
    );
    return rows.length;
  };

  test('one is lent again, and nothing of its session is left', async () => {
    const look = (connection: mysql.Connection) =>
      readRows(
        connection,
        "SELECT @@sql_mode, @@foreign_key_checks, @@time_zone, @mark, IS_USED_LOCK('mark')",
      );
    const connection = await openConnection(endpoint);
    const before = await look(connection);
    await connection.query("SET sql_mode = '', foreign_key_checks = 0, time_zone = '+05:00', @mark = 1");
    await connection.query("SELECT GET_LOCK('mark', 0)");
    await connection.query('CREATE DATABASE entered COLLATE utf8mb4_bin');
    await connection.query('USE entered');
    if (flavor.vendor === 'mysql') await connection.query('LOCK INSTANCE FOR BACKUP');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    idle.giveBack(connection);
    expect(idle.take()).toBeUndefined();
    await renewing;
    const again = idle.take();
    expect(again).toBe(connection);
    expect(await look(connection)).toEqual(before);
    // What a session remembers of the database that it is in is not that of the one before.
    await server.query('ALTER DATABASE entered COLLATE utf8mb4_general_ci');
    await connection.query('USE entered');
    expect(await readRows(connection, 'SELECT @@collation_database')).toEqual([['utf8mb4_general_ci']]);
    // Nothing that it held holds up others.
    await server.query('CREATE DATABASE again; CREATE TABLE again.t (id INT); DROP DATABASE again');
    await closeConnection(connection);
  });

  test('one that the server has ended is not lent', async () => {
    const connection = await openConnection(endpoint);
    idle.giveBack(connection);
    await renewing;
    await server.query(`KILL ${connection.threadId}`);
    await expect.poll(() => socketOf(connection)?.destroyed).toBe(true);
    expect(idle.take()).toBeUndefined();
  });

  test('those that are kept are closed at the end, also one that is given back just then', async () => {
    const [one, other] = await Promise.all([openConnection(endpoint), openConnection(endpoint)]);
    idle.giveBack(one);
    await renewing;
    idle.giveBack(other);
    await idle.close();
    idle.giveBack(await openConnection(endpoint));
    await expect.poll(countSessions).toBe(0);
  });

  test('work that failed leaves no connection behind', async () => {
    const close = keepOwnConnections(endpoint);
    const work = onOwnConnection(endpoint, 'test', (connection) => connection.query('SELECT nothing'));
    await expect(work).rejects.toMatchObject({ code: 'SERVER_ERROR' });
    await expect.poll(countSessions).toBe(0);
    await close();
  });
});

import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createServers } from '../../src/adapters/mysql/servers.js';
import type { Endpoint } from '../../src/core/server/connection.js';
import { type ErrorCode, SyncError } from '../../src/core/errors.js';
import { startFakeServer, toPacket } from '../support/fake-server.js';
import { availableFlavors } from '../support/flavors.js';
import { endpointOf } from '../support/server-endpoint.js';
import type { TestServer } from '../support/servers.js';

/** What a server, or what listens in its place, can be like. Each condition has a code, a message and a fix. */

interface Expected {
  readonly code: ErrorCode;
  readonly message: RegExp;
  readonly fix: RegExp;
}

const expectCondition = async (endpoint: Endpoint, { code, message, fix }: Expected): Promise<void> => {
  const error: unknown = await createServers()
    .openTarget(endpoint)
    .then(
      async (server) => server.close(),
      (reason: unknown) => reason,
    );
  if (!(error instanceof SyncError)) throw new Error(`expected a SyncError, got ${String(error)}`);
  expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  expect(error.hints.join('\n')).toMatch(fix);
};

/** An error of a server, in place of its handshake. */
const refuse = (number: number, text: string) => (socket: Socket) => {
  const head = Buffer.alloc(3, 0xff);
  head.writeUInt16LE(number, 1);
  socket.end(toPacket(Buffer.concat([head, Buffer.from(`#08S01${text}`)]), 0));
};

const UNSUPPORTED = { code: 'SERVER_UNSUPPORTED', fix: /Is it a MySQL or MariaDB server/ } as const;
const LOST = {
  code: 'CONN_LOST',
  fix: /Is it a MySQL or MariaDB server that listens there, or a proxy/,
} as const;

describe('what listens on the port', () => {
  test.each<[string, (socket: Socket) => void, Expected]>([
    [
      'hangs up at once',
      (socket) => socket.destroy(),
      { ...LOST, message: /closed the connection during the login/ },
    ],
    [
      'ends at once',
      (socket) => socket.end(),
      { ...LOST, message: /closed the connection during the login/ },
    ],
    [
      'is an SSH server',
      (socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'),
      { ...UNSUPPORTED, message: /here/ },
    ],
    [
      'is an HTTP server',
      (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
      { ...UNSUPPORTED, message: /here/ },
    ],
    ['is a PostgreSQL server', (socket) => socket.end('E\0\0\0\x08SFAT'), { ...LOST, message: /here/ }],
    [
      'speaks TLS from the first byte',
      (socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])),
      { ...UNSUPPORTED, message: /here/ },
    ],
    [
      'speaks the protocol of MySQL 3',
      (socket) => socket.end(toPacket('\x093.23.58\0\x01\0\0\0saltsalt\0', 0)),
      { ...LOST, message: /here/ },
    ],
    [
      'has blocked this machine',
      refuse(1129, "Host '10.0.0.1' is blocked"),
      { code: 'CONN_REFUSED', message: /1129/, fix: /FLUSH HOSTS/ },
    ],
    [
      'has no connection left',
      refuse(1040, 'Too many connections'),
      { code: 'CONN_REFUSED', message: /1040/, fix: /max_connections[^]*parallel: 1/ },
    ],
    [
      'is shutting down',
      refuse(1053, 'Server shutdown in progress'),
      { code: 'CONN_REFUSED', message: /1053/, fix: /shutting down/ },
    ],
    [
      'is a node outside of its cluster',
      refuse(1047, 'WSREP has not yet prepared node for application use'),
      { code: 'CONN_REFUSED', message: /1047/, fix: /not part of it/ },
    ],
  ])('%s', async (_, greet, expected) => {
    const fake = await startFakeServer({ greet });
    onTestFinished(() => fake.stop());
    await expectCondition({ ...endpointOf(fake), timeoutMilliseconds: 3_000 }, expected);
  });
});

const OFFLINE: [string, string, string, Expected] = [
  'meets a server in offline mode',
  'REVOKE CONNECTION_ADMIN, SUPER ON *.* FROM u@127.0.0.1; SET GLOBAL offline_mode = ON',
  'SET GLOBAL offline_mode = OFF',
  { code: 'CONN_REFUSED', message: /3032/, fix: /offline_mode = OFF/ },
];

const USER = { user: 'u', password: 'pw' };

describe.each(availableFlavors().filter(({ id }) => ['mariadb-10.11', 'mysql-9.7'].includes(id)))(
  'an account of $id',
  (flavor) => {
    let server: TestServer;
    beforeAll(async () => {
      server = await flavor.start();
      await server.query(`CREATE USER u@127.0.0.1 IDENTIFIED BY 'pw'; GRANT ALL ON *.* TO u@127.0.0.1`);
    });
    afterAll(async () => server.stop());

    test.each<[string, string, string, Expected]>([
      [
        'is locked',
        'ALTER USER u@127.0.0.1 ACCOUNT LOCK',
        'ALTER USER u@127.0.0.1 ACCOUNT UNLOCK',
        { code: 'CONN_AUTH', message: /locked/, fix: /ACCOUNT UNLOCK/ },
      ],
      [
        'has an expired password',
        'ALTER USER u@127.0.0.1 PASSWORD EXPIRE',
        "ALTER USER u@127.0.0.1 IDENTIFIED BY 'pw'",
        { code: 'CONN_AUTH', message: /1820|1862/, fix: /Set a new password/ },
      ],
      [
        'may ask no more in this hour',
        'ALTER USER u@127.0.0.1 WITH MAX_QUERIES_PER_HOUR 2',
        'ALTER USER u@127.0.0.1 WITH MAX_QUERIES_PER_HOUR 0',
        {
          code: 'SERVER_ERROR',
          message: /max_queries_per_hour|max_questions/,
          fix: /ALTER USER .* MAX_QUERIES_PER_HOUR 0/,
        },
      ],
      ...(flavor.vendor === 'mysql' ? [OFFLINE] : []),
    ])('%s', async (_, change, restore, expected) => {
      await server.query(change);
      onTestFinished(async () => {
        await server.query(restore);
      });
      await expectCondition(endpointOf(server, USER), expected);
    });

    test('has as many connections as it may have', async () => {
      await server.query('ALTER USER u@127.0.0.1 WITH MAX_USER_CONNECTIONS 1');
      const first = await createServers().openSource(endpointOf(server, USER));
      await expectCondition(endpointOf(server, USER), {
        code: 'CONN_REFUSED',
        message: /1226/,
        fix: /MAX_USER_CONNECTIONS 0[^]*parallel: 1/,
      });
      await first.close();
      await server.query('ALTER USER u@127.0.0.1 WITH MAX_USER_CONNECTIONS 0');
    });
  },
);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import {
  describeEvidence,
  isAccessDenied,
  isConnectionLost,
  isDeadlock,
  isLockWaitTimeout,
  isSettingRefused,
  isStatementTimeout,
  isSyntaxError,
  isTransient,
  isUnknownDatabase,
  isUnknownTable,
  toConnectError,
  toServerError,
} from '../../../../src/adapters/mysql/connection/errors.js';
import type { Endpoint } from '../../../../src/core/server/connection.js';
import { SyncError } from '../../../../src/core/errors.js';
import { toConnectionName } from '../../../../src/core/names.js';
import { Secret } from '../../../../src/core/secret.js';
import { ROOT, type TestServer, startServer } from '../../../support/servers.js';

const endpoint: Endpoint = {
  name: toConnectionName('prod'),
  role: 'source',
  address: { kind: 'tcp', host: 'db', port: 3306 },
  user: 'sync_ro',
  tls: { mode: 'required' },
  access: 'read-only',
  isProtected: false,
  isSaved: true,
  timeoutMilliseconds: 5_000,
  isPipelined: true,
};

/** An error as mysql2 makes it of what a server sends. */
const fromServer = (errno: number, code?: string, message = 'the server says why'): Error =>
  Object.assign(new Error(message), { errno, sqlState: 'HY000', ...(code === undefined ? {} : { code }) });
const fromSystem = (code: string): Error =>
  Object.assign(new Error(`it failed ${code}`), { code, errno: -111 });

test.each([
  [fromServer(3159, 'ER_SECURE_TRANSPORT_REQUIRED'), 'CONN_TLS'],
  [fromServer(1040, 'ER_CON_COUNT_ERROR'), 'CONN_REFUSED'],
  [fromServer(1129, 'ER_HOST_IS_BLOCKED'), 'CONN_REFUSED'],
  [fromServer(1130, 'ER_HOST_NOT_PRIVILEGED'), 'CONN_AUTH'],
  [fromServer(1698, 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR'), 'CONN_AUTH'],
  [fromServer(1044, 'ER_DBACCESS_DENIED_ERROR'), 'CONN_AUTH'],
  [fromServer(1524, 'ER_PLUGIN_IS_NOT_LOADED'), 'CONN_AUTH'],
  [fromServer(1820, 'ER_MUST_CHANGE_PASSWORD'), 'CONN_AUTH'],
  [fromServer(4151, 'ER_BULK_PARSER_INCOMPLETE_ESCAPE_SEQUENCE'), 'CONN_AUTH'],
  [fromSystem('AUTH_SWITCH_PLUGIN_ERROR'), 'CONN_AUTH'],
  [fromSystem('ECONNREFUSED'), 'CONN_REFUSED'],
  [fromSystem('EHOSTUNREACH'), 'CONN_REFUSED'],
  [fromSystem('ETIMEDOUT'), 'CONN_TIMEOUT'],
  [fromSystem('ENOTFOUND'), 'CONN_DNS'],
  [fromSystem('EAI_AGAIN'), 'CONN_DNS'],
  [fromSystem('HANDSHAKE_SSL_ERROR'), 'CONN_TLS'],
  [fromSystem('HANDSHAKE_NO_SSL_SUPPORT'), 'CONN_TLS'],
  [fromSystem('ECONNRESET'), 'CONN_LOST'],
  [new Error('Packets out of order'), 'CONN_LOST'],
])('%s while connecting is %s', (error, code) => {
  const mapped = toConnectError(error, endpoint);
  expect(mapped.code).toBe(code);
  expect(mapped.message).toContain('prod: ');
  expect(mapped.message).toContain('sync_ro@db:3306');
  expect(mapped.message).toContain(error.message);
  expect(mapped.hints[0]).toContain('mysql-sync connections test prod');
  expect(mapped.cause).toBe(error);
});

test('a connection that is in no store is not looked for there', () => {
  const { hints } = toConnectError(fromServer(1045), { ...endpoint, isSaved: false });
  expect(hints).toEqual(['The user and the password are those given with the connection, or in the plan.']);
});

test.each([
  [fromServer(1142, 'ER_TABLEACCESS_DENIED_ERROR'), 'PRIVILEGE_MISSING'],
  [fromServer(1227, 'ER_SPECIFIC_ACCESS_DENIED_ERROR'), 'PRIVILEGE_MISSING'],
  [fromServer(1146, 'ER_NO_SUCH_TABLE'), 'SERVER_ERROR'],
  [fromServer(1927), 'CONN_LOST'],
  [fromServer(4031, 'ER_CLIENT_INTERACTION_TIMEOUT'), 'CONN_LOST'],
  [fromSystem('PROTOCOL_CONNECTION_LOST'), 'CONN_LOST'],
])('%s later is %s', (error, code) => {
  const mapped = toServerError(error, endpoint, 'read the grants');
  expect(mapped.code).toBe(code);
  expect(mapped.message).toContain('prod: could not read the grants: ');
});

test('an error that is mapped already stays as it is', () => {
  const error = new SyncError('TARGET_LOCKED', { message: 'held' });
  expect(toServerError(error, endpoint, 'x')).toBe(error);
  expect(toConnectError(error, endpoint)).toBe(error);
});

test.each([
  [fromServer(1146, 'ER_NO_SUCH_TABLE'), 'the server says why (ER_NO_SUCH_TABLE 1146)'],
  // mysql2 calls 4025 of MariaDB (a CHECK failed) by MySQL's name for that number.
  [fromServer(4025, 'ER_NAME_OF_MYSQL'), 'the server says why (error 4025)'],
  [fromServer(1969, undefined), 'the server says why (error 1969)'],
  [fromServer(1064, 'ER_PARSE_ERROR', 'near\nthe\u001b[31m end'), 'near the [31m end (ER_PARSE_ERROR 1064)'],
  [
    Object.assign(new Error('connect ECONNREFUSED ::1:1'), { code: 'ECONNREFUSED' }),
    'connect ECONNREFUSED ::1:1',
  ],
  [
    Object.assign(new AggregateError([new Error('at one'), new Error('at two')], ''), {
      code: 'ECONNREFUSED',
    }),
    'at one; at two (ECONNREFUSED)',
  ],
  ['just text', 'just text'],
])('the evidence of %s', (error, expected) => {
  expect(describeEvidence(error)).toBe(expected);
});

describe('predicates against what a server really sends', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    await server.query(
      "CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY); INSERT INTO d.t VALUES (1), (2); CREATE USER nobody@127.0.0.1 IDENTIFIED BY 'x'",
    );
  });
  afterAll(async () => server.stop());

  const open = async (changes: Partial<Endpoint> = {}): ReturnType<typeof openConnection> =>
    openConnection({
      ...endpoint,
      address: { kind: 'tcp', host: '127.0.0.1', port: server.port },
      tls: { mode: 'disabled' },
      user: ROOT.user,
      password: new Secret(ROOT.password),
      ...changes,
    });
  const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  test('access denied', async () => {
    const connection = await open({ user: 'nobody', password: new Secret('x') });
    for (const sql of [
      'SELECT * FROM d.t',
      'CREATE DATABASE e',
      'SET GLOBAL read_only = 1',
      'DROP DATABASE d',
    ])
      expect([sql, isAccessDenied(await failureOf(connection.query(sql)))]).toEqual([sql, true]);
    await connection.end();
  });

  test('statements that are wrong', async () => {
    const connection = await open();
    const errorOf = async (sql: string): Promise<unknown> => failureOf(connection.query(sql));
    expect(isSyntaxError(await errorOf('SELEC 1'))).toBe(true);
    expect(isUnknownTable(await errorOf('SELECT * FROM d.none'))).toBe(true);
    expect(isUnknownTable(await errorOf('SELECT * FROM information_schema.none'))).toBe(true);
    expect(isUnknownDatabase(await errorOf('USE none'))).toBe(true);
    expect(isSettingRefused(await errorOf('SET SESSION none = 1'))).toBe(true);
    expect(isSettingRefused(await errorOf('SET SESSION max_connections = 1'))).toBe(true);
    expect(
      isStatementTimeout(await errorOf('SET STATEMENT max_statement_time = 0.05 FOR SELECT SLEEP(5)')),
    ).toBe(true);
    expect(isTransient(await errorOf('SELEC 1'))).toBe(false);
    await connection.end();
  });

  test('locks', async () => {
    const [one, two] = [await open(), await open()];
    await one.query('START TRANSACTION');
    await two.query('START TRANSACTION');
    await one.query('UPDATE d.t SET id = id WHERE id = 1');
    await two.query('UPDATE d.t SET id = id WHERE id = 2');
    await two.query('SET SESSION innodb_lock_wait_timeout = 1');
    const waited = await failureOf(two.query('UPDATE d.t SET id = id WHERE id = 1'));
    expect(isLockWaitTimeout(waited)).toBe(true);
    expect(isTransient(waited)).toBe(true);
    await two.query('SET SESSION innodb_lock_wait_timeout = 20');
    const [first, second] = await Promise.all([
      failureOf(one.query('UPDATE d.t SET id = id WHERE id = 2')),
      failureOf(two.query('UPDATE d.t SET id = id WHERE id = 1')),
    ]);
    expect([first, second].filter(isDeadlock)).toHaveLength(1);
    expect([first, second].filter(isTransient)).toHaveLength(1);
    one.destroy();
    two.destroy();
  });

  test('a connection killed in the middle of a statement, and what is asked of it afterwards', async () => {
    const connection = await open();
    const sleeping = failureOf(connection.query('SELECT SLEEP(30) FROM d.t'));
    await expect
      .poll(
        async () =>
          (await server.query("SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'"))
            .length,
      )
      .toBe(1);
    await server.query(`KILL ${String(connection.threadId)}`);
    const killed = await sleeping;
    expect([isConnectionLost(killed), isTransient(killed)]).toEqual([true, true]);
    expect(isConnectionLost(await failureOf(connection.query('SELECT 1')))).toBe(true);
  });

  test('a server that is killed', async () => {
    const connection = await open();
    const sleeping = failureOf(connection.query('SELECT SLEEP(30)'));
    server.kill('SIGKILL');
    expect(isConnectionLost(await sleeping)).toBe(true);
    await server.restart();
  });
});

import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import {
  checkFlavor,
  interpretVariables,
  readServerFacts,
} from '../../../../src/adapters/mysql/facts/facts.js';
import type { Endpoint } from '../../../../src/core/server/connection.js';
import { SyncError } from '../../../../src/core/errors.js';
import { hasPrivilege } from '../../../../src/core/server/grants.js';
import type { ServerFacts } from '../../../../src/core/server/inventory.js';
import { toConnectionName } from '../../../../src/core/names.js';
import { Secret } from '../../../../src/core/secret.js';
import { ROOT, type TestServer, startServer } from '../../../support/servers.js';

const name = toConnectionName('prod');

describe('versions', () => {
  test.each([
    ['10.11.19-MariaDB-0+deb12u1', 'Debian 12', 'mariadb', [10, 11, 19]],
    ['5.5.5-10.0.38-MariaDB', 'MariaDB Server', 'mariadb', [10, 0, 38]],
    ['11.8.2-MariaDB-log', '', 'mariadb', [11, 8, 2]],
    ['8.4.3', 'MySQL Community Server - GPL', 'mysql', [8, 4, 3]],
    ['5.7.44-log', 'MySQL Community Server (GPL)', 'mysql', [5, 7, 44]],
    ['8.0.35-27', 'Percona Server (GPL), Release 27', 'mysql', [8, 0, 35]],
    ['8.0.mysql_aurora.3.04.0', 'Source distribution', 'mysql', [8, 0, 0]],
    ['26.7.0', 'MySQL Community Server - GPL', 'mysql', [26, 7, 0]],
  ])('%s (%s) is supported', (version, comment, vendor, numbers) => {
    const variables = new Map([
      ['version', version],
      ['version_comment', comment],
    ]);
    expect(checkFlavor(variables, { name })).toEqual({ vendor, version: numbers });
  });

  test.each([
    ['5.6.51', 'MySQL Community Server (GPL)', 'MySQL 5.6.51'],
    ['5.5.68-MariaDB', 'MariaDB Server', 'MariaDB 5.5.68'],
    ['8.0.11-TiDB-v8.5.2', 'TiDB Server (Apache License 2.0)', '8.0.11-TiDB-v8.5.2'],
    ['8.0.30-Vitess', 'Version: 21.0.0', '8.0.30-Vitess'],
    ['5.7.32', 'SingleStoreDB source distribution', 'SingleStoreDB'],
    ['5.7.25-OceanBase-v4.2.1', 'OceanBase 4.2.1', 'OceanBase'],
    ['', '', 'MySQL 0.0.0'],
  ])('%s (%s) is refused', (version, comment, expected) => {
    const refuse = (): unknown =>
      checkFlavor(
        new Map([
          ['version', version],
          ['version_comment', comment],
        ]),
        { name },
      );
    expect(refuse).toThrow(SyncError);
    expect(refuse).toThrow(/^prod: this server is .*which mysql-sync does not support$/);
    expect(refuse).toThrow(expected);
  });
});

test.each([
  [{ read_only: 'OFF' }, false],
  [{ read_only: 'ON' }, true],
  [{ read_only: '1' }, true],
  [{ read_only: 'NO_LOCK_NO_ADMIN' }, true],
  [{ read_only: 'OFF', innodb_read_only: 'ON' }, true],
  [{}, false],
])('read-only by %j: %s', (variables, expected) => {
  expect(interpretVariables(new Map(Object.entries(variables))).isReadOnly).toBe(expected);
});

describe('a real server', () => {
  let first: TestServer;
  let second: TestServer;
  beforeAll(async () => {
    [first, second] = await Promise.all([
      startServer(['--log-bin', '--lower-case-table-names=1', '--max-allowed-packet=1M']),
      startServer(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([first.stop(), second.stop()]);
  });

  const endpointOf = (server: TestServer, changes: Partial<Endpoint> = {}): Endpoint => ({
    name,
    role: 'source',
    address: { kind: 'tcp', host: '127.0.0.1', port: server.port },
    user: ROOT.user,
    password: new Secret(ROOT.password),
    tls: { mode: 'preferred' },
    access: 'read-only',
    isProtected: false,
    timeoutMilliseconds: 5_000,
    isPipelined: true,
    ...changes,
  });
  const readFacts = async (endpoint: Endpoint): Promise<ServerFacts> => {
    const connection = await openConnection(endpoint);
    try {
      return await readServerFacts(connection, endpoint);
    } finally {
      await connection.end();
    }
  };

  test('says what it is', async () => {
    const facts = await readFacts(endpointOf(first));
    expect(facts).toMatchObject({
      flavor: { vendor: 'mariadb' },
      account: 'tester@127.0.0.1',
      tlsVersion: undefined,
      lowerCaseTableNames: 1,
      isReadOnly: false,
      maxAllowedPacketBytes: 1_048_576,
      hasBinaryLog: true,
      trustsFunctionCreators: false,
      takesLocalFiles: true,
    });
    expect(facts.storageEngines.has('InnoDB')).toBe(true);
    expect(facts.storageEngines.has('FEDERATED')).toBe(false);
    expect(
      ['utf8mb4_general_ci', 'utf8mb4_uca1400_ai_ci', 'latin1_german1_ci'].filter(
        (one) => !facts.collations.has(one),
      ),
    ).toEqual([]);
    expect(facts.collations.has('utf8mb4_0900_ai_ci')).toBe(false);
    expect(hasPrivilege(facts.grants, 'SUPER')).toBe(true);
  });

  test('has one identity over all addresses and restarts, and another than its neighbour', async () => {
    const overTcp = await readFacts(endpointOf(first));
    const socket = { kind: 'socket', path: first.socket } as const;
    const overSocket = await readFacts(endpointOf(first, { address: socket }));
    const neighbour = await readFacts(endpointOf(second));
    await first.restart();
    expect(overSocket.identity).toBe(overTcp.identity);
    expect((await readFacts(endpointOf(first))).identity).toBe(overTcp.identity);
    expect(neighbour.identity).not.toBe(overTcp.identity);
  });

  test('is read-only when it is', async () => {
    await first.query('SET GLOBAL read_only = 1');
    expect((await readFacts(endpointOf(first))).isReadOnly).toBe(true);
    await first.query('SET GLOBAL read_only = 0');
  });

  test('tells the facts also to an account without any privilege, and nothing of its password', async () => {
    await first.query("CREATE USER nobody@127.0.0.1 IDENTIFIED BY 'canary-x'");
    const facts = await readFacts(endpointOf(first, { user: 'nobody', password: new Secret('canary-x') }));
    expect(facts.account).toBe('nobody@127.0.0.1');
    expect(hasPrivilege(facts.grants, 'SELECT')).toBe(false);
    expect(facts.collations.size).toBeGreaterThan(100);
  });

  test('counts the active role', async () => {
    await first.query(
      "CREATE ROLE auditor; GRANT SELECT, SHOW VIEW ON *.* TO auditor; CREATE USER clerk@127.0.0.1 IDENTIFIED BY 'x'; GRANT auditor TO clerk@127.0.0.1",
    );
    const endpoint = endpointOf(first, { user: 'clerk', password: new Secret('x') });
    expect(hasPrivilege((await readFacts(endpoint)).grants, 'SHOW VIEW')).toBe(false);
    await first.query('SET DEFAULT ROLE auditor FOR clerk@127.0.0.1');
    expect(hasPrivilege((await readFacts(endpoint)).grants, 'SHOW VIEW')).toBe(true);
  });

  test('a connection that is lost meanwhile is CONN_LOST', async () => {
    const endpoint = endpointOf(second);
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port: second.port,
      user: ROOT.user,
      password: ROOT.password,
    });
    connection.on('error', () => undefined);
    const ended = new Promise((resolve) => connection.on('end', resolve));
    await second.query(`KILL ${String(connection.threadId)}`);
    await ended;
    await expect(readServerFacts(connection, endpoint)).rejects.toMatchObject({ code: 'CONN_LOST' });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import mysql from 'mysql2/promise';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import { parseGrants } from '../../../../src/adapters/mysql/facts/grants.js';
import { hasPrivilege } from '../../../../src/core/server/grants.js';
import type { Grants } from '../../../../src/core/server/inventory.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf, factsOf } from '../../../support/server-endpoint.js';
import { type TestServer, startServer } from '../../../support/servers.js';

const parse = (...lines: readonly string[]): Grants =>
  parseGrants(lines, { wildcards: 'read', patterns: 'best' });
const scopes = (set: ReadonlyMap<string, ReadonlySet<string>> | undefined): Record<string, string[]> =>
  Object.fromEntries([...(set ?? [])].map(([pattern, privileges]) => [pattern, [...privileges].sort()]));

describe('lines of SHOW GRANTS', () => {
  const cases: readonly [line: string, global: string[], databases: Record<string, string[]>][] = [
    ["GRANT USAGE ON *.* TO 'u'@'%'", [], {}],
    [
      'GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION',
      ['ALL PRIVILEGES', 'GRANT OPTION'],
      {},
    ],
    [
      "GRANT RELOAD, SHOW VIEW ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*B69027D44F6E5EDC07F1AEAD1477967B16F28227'",
      ['RELOAD', 'SHOW VIEW'],
      {},
    ],
    [
      "GRANT SELECT ON *.* TO 'u'@'%' REQUIRE SSL WITH MAX_USER_CONNECTIONS 5 GRANT OPTION",
      ['GRANT OPTION', 'SELECT'],
      {},
    ],
    [
      'GRANT APPLICATION_PASSWORD_ADMIN,BACKUP_ADMIN ON *.* TO `u`@`%`',
      ['APPLICATION_PASSWORD_ADMIN', 'BACKUP_ADMIN'],
      {},
    ],
    ['GRANT SELECT, INSERT ON `shop`.* TO `u`@`10.0.%`', [], { shop: ['INSERT', 'SELECT'] }],
    ["GRANT SELECT ON `app\\_%`.* TO 'u'@'%'", [], { 'app\\_%': ['SELECT'] }],
    ['GRANT SHOW VIEW ON `we``ird ON *.* TO x`.* TO `u`@`%`', [], { 'we`ird ON *.* TO x': ['SHOW VIEW'] }],
    ["GRANT EVENT ON `d`.* TO 'o''brien'@'%' WITH GRANT OPTION", [], { d: ['EVENT', 'GRANT OPTION'] }],
    ['GRANT SELECT ON `d`.* TO ``@`%`', [], { d: ['SELECT'] }],
    ['GRANT SELECT (`a`, `b`), INSERT ON `d`.`t` TO `u`@`%`', [], {}],
    ['GRANT SELECT ON `d`.`t` TO `u`@`%`', [], {}],
    ['GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`', [], {}],
    ['GRANT PROXY ON ``@`` TO `root`@`localhost` WITH GRANT OPTION', [], {}],
    ['GRANT `r1`@`%`,`r2`@`%` TO `u`@`%`', [], {}],
    ['SET DEFAULT ROLE `r1` FOR `u`@`localhost`', [], {}],
  ];
  test.each(cases)('%s', (line, global, databases) => {
    const grants = parse(line);
    expect([...grants.global].sort()).toEqual(global);
    expect(scopes(grants.databases)).toEqual(databases);
    expect(scopes(grants.revoked)).toEqual({});
  });

  test("MySQL's partial revokes", () => {
    const lines = [
      'GRANT SELECT, TRIGGER ON *.* TO `u`@`%`',
      'GRANT INSERT ON `a_b`.* TO `u`@`%`',
      'REVOKE SELECT ON `shop`.* FROM `u`@`%`',
    ];
    const grants = parseGrants(lines, { wildcards: 'literal', patterns: 'best' });
    expect(scopes(grants.revoked)).toEqual({ shop: ['SELECT'] });
    expect(hasPrivilege(grants, 'SELECT', toDatabaseName('shop'))).toBe(false);
    expect(hasPrivilege(grants, 'TRIGGER', toDatabaseName('shop'))).toBe(true);
    expect(hasPrivilege(grants, 'INSERT', toDatabaseName('a_b'))).toBe(true);
    expect(hasPrivilege(grants, 'INSERT', toDatabaseName('axb'))).toBe(false);
  });

  test('no line, no privilege', () =>
    expect(parse()).toEqual({
      global: new Set(),
      databases: new Map(),
      revoked: new Map(),
      patterns: 'best',
      roles: [],
    }));
});

describe('what the server permits is what the grants say', () => {
  let server: TestServer;
  let connection: mysql.Connection;
  const databases = ['app_x', 'appyx', 'we`ird', 'plain'];
  const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

  beforeAll(async () => {
    server = await startServer();
    await server.query(
      databases
        .map((name) => `CREATE DATABASE ${quoted(name)}; CREATE TABLE ${quoted(name)}.t (a INT);`)
        .join('') +
        'CREATE ROLE reader; CREATE ROLE inner_role; CREATE ROLE unused; CREATE USER limited@127.0.0.1;' +
        'GRANT SELECT, DELETE ON `app%`.* TO limited@127.0.0.1;' +
        'GRANT INSERT ON `app_x`.* TO limited@127.0.0.1;' +
        'GRANT UPDATE ON `app\\_x`.* TO limited@127.0.0.1;' +
        'GRANT UPDATE ON `app%`.* TO PUBLIC; GRANT SELECT ON `we``ird`.* TO inner_role; GRANT DELETE ON `%`.* TO reader; GRANT inner_role TO reader;' +
        'GRANT ALL ON *.* TO unused; GRANT reader TO limited@127.0.0.1; GRANT unused TO limited@127.0.0.1; SET DEFAULT ROLE reader FOR limited@127.0.0.1;',
    );
    connection = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'limited' });
  });
  afterAll(async () => {
    await connection.end();
    await server.stop();
  });

  const attempts: Readonly<Record<string, string>> = {
    SELECT: 'SELECT a FROM %',
    INSERT: 'INSERT INTO % VALUES (1)',
    UPDATE: 'UPDATE % SET a = 1',
    DELETE: 'DELETE FROM %',
    DROP: 'DROP TABLE %',
  };
  test.each(
    databases.flatMap((database) => Object.keys(attempts).map((privilege) => [privilege, database] as const)),
  )('%s on %s', async (privilege, database) => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>('SHOW GRANTS');
    const grants = parse(...rows.map((row) => String(Object.values(row)[0])));
    const sql = attempts[privilege]?.replace('%', `${quoted(database)}.t`) ?? '';
    const isPermitted = await connection.query(sql).then(
      () => true,
      () => false,
    );
    // UPDATE and DELETE read no column here, so that each statement needs one privilege.
    expect(hasPrivilege(grants, privilege, toDatabaseName(database))).toBe(isPermitted);
  });
});

describe.each(
  availableFlavors()
    .filter(({ vendor }) => vendor === 'mysql')
    .map((flavor) => [flavor.id, flavor] as const),
)('on %s, what the server permits is what the facts say', (_, flavor) => {
  let server: TestServer;
  const databases = ['app_x', 'appyx', 'plain'];
  const account = { user: 'limited', password: 'x' };
  const attempts = { SELECT: 'SELECT a FROM %', INSERT: 'INSERT INTO % VALUES (1)', DELETE: 'DELETE FROM %' };

  /** What is said to be granted is permitted; `exactly`: and the other way round. */
  const expectAgreement = async (how: 'exactly' | 'safely'): Promise<void> => {
    const endpoint = endpointOf(server, account);
    const { grants } = await factsOf(endpoint);
    const connection = await openConnection(endpoint);
    for (const database of databases)
      for (const [privilege, sql] of Object.entries(attempts)) {
        const isPermitted = await connection.query(sql.replace('%', `${database}.t`)).then(
          () => true,
          () => false,
        );
        const isGranted = hasPrivilege(grants, privilege, toDatabaseName(database));
        if (how === 'exactly' || isGranted)
          expect([privilege, database, isGranted]).toEqual([privilege, database, isPermitted]);
      }
    await connection.end();
  };

  beforeAll(async () => {
    server = await flavor.start();
    await server.query(
      databases.map((name) => `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (a INT);`).join('') +
        "CREATE USER limited@127.0.0.1 IDENTIFIED BY 'x'; CREATE ROLE reader, idle",
    );
  });
  afterAll(async () => server.stop());

  test('patterns: the most specific one alone', async () => {
    await server.query(
      'GRANT SELECT, DELETE ON `app%`.* TO limited@127.0.0.1; GRANT INSERT ON `app\\_x`.* TO limited@127.0.0.1',
    );
    await expectAgreement('exactly');
    expect(
      hasPrivilege((await factsOf(endpointOf(server, account))).grants, 'INSERT', toDatabaseName('app_x')),
    ).toBe(true);
  });

  test('active roles, and no others', async () => {
    await server.query(
      'GRANT DELETE ON *.* TO reader; GRANT SELECT ON appyx.* TO reader; GRANT ALL ON *.* TO idle; GRANT reader, idle TO limited@127.0.0.1; SET DEFAULT ROLE reader TO limited@127.0.0.1',
    );
    await expectAgreement('safely');
    const { grants } = await factsOf(endpointOf(server, account));
    expect(['DELETE', 'SELECT'].map((one) => hasPrivilege(grants, one, toDatabaseName('plain')))).toEqual([
      true,
      false,
    ]);
  });

  test('partial revokes, where wildcards are plain characters', async () => {
    await server.query(
      'SET GLOBAL partial_revokes = ON; REVOKE reader, idle FROM limited@127.0.0.1; GRANT SELECT, INSERT ON *.* TO limited@127.0.0.1; REVOKE SELECT ON plain.* FROM limited@127.0.0.1',
    );
    await expectAgreement('exactly');
    const { grants } = await factsOf(endpointOf(server, account));
    expect(['INSERT', 'SELECT'].map((one) => hasPrivilege(grants, one, toDatabaseName('plain')))).toEqual([
      true,
      false,
    ]);
  });
});

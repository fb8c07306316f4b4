import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServers } from '../../../src/adapters/mysql/servers.js';
import type { Endpoint } from '../../../src/core/server/connection.js';
import type { SyncError } from '../../../src/core/errors.js';
import { toConnectionName, toDatabaseName, toTableName } from '../../../src/core/names.js';
import { Secret } from '../../../src/core/secret.js';
import { gatherTables, readTables } from '../../../src/engine/read-tables.js';
import type { Server } from '../../../src/engine/ports/server.js';
import { ROOT, type TestServer, startServer } from '../../support/servers.js';

let exact: TestServer;
/** Knows `Shop` and `shop` as one database. */
let folding: TestServer;
const opened: Server[] = [];

const endpointOf = (server: TestServer, changes: Partial<Endpoint> = {}): Endpoint => ({
  name: toConnectionName('prod'),
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
const open = async (server: TestServer, changes: Partial<Endpoint> = {}): Promise<Server> => {
  const source = await createServers().openSource(endpointOf(server, changes));
  opened.push(source);
  return source;
};
const sessionsOf = async (server: TestServer): Promise<number> => {
  const rows = await server.query("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'tester'");
  return rows.length - 1;
};

beforeAll(async () => {
  [exact, folding] = await Promise.all([startServer(), startServer(['--lower-case-table-names=1'])]);
  await exact.query(
    'CREATE DATABASE shop; CREATE DATABASE Crm; CREATE DATABASE `#odd`; CREATE DATABASE mysql_sync_new_x; CREATE TABLE shop.b (id INT); CREATE TABLE shop.A (id INT) WITH SYSTEM VERSIONING; CREATE SEQUENCE shop.s; CREATE VIEW shop.v AS SELECT 1',
  );
  await folding.query('CREATE DATABASE Shop; CREATE TABLE Shop.Orders (id INT)');
});
afterAll(async () => {
  await Promise.all(opened.map(async (server) => server.close()));
  await Promise.all([exact.stop(), folding.stop()]);
});

test('what goes on after the server was closed opens no connection', async () => {
  const server = await createServers().openSource(endpointOf(folding));
  const between = server.listDatabases().then(() => server.close());
  await expect(between.then(() => server.inspectTables([toDatabaseName('shop')]))).rejects.toMatchObject({
    code: 'CONN_LOST',
  });
  expect(await sessionsOf(folding)).toBe(0);
});

describe('tables of several databases', () => {
  const NAMES = ['shop', 'Crm', 'gone'].map(toDatabaseName);
  const isLook = "argument LIKE '%FROM information_schema.STATISTICS%' AND argument NOT LIKE '%general_log%'";

  test('are read together where they are asked for at the same time', async () => {
    const server = await open(exact);
    const { source } = gatherTables({ source: server, target: server });
    await exact.query("SET GLOBAL log_output = 'TABLE', general_log = ON; TRUNCATE mysql.general_log");
    const found = await Promise.all(NAMES.map(source));
    const again = await source(toDatabaseName('shop'));
    await exact.query('SET GLOBAL general_log = OFF');
    const [row] = await exact.query(`SELECT COUNT(*) AS looks FROM mysql.general_log WHERE ${isLook}`);
    expect(found.map((tables) => tables.map(({ name }) => name))).toEqual([['A', 'b', 's'], [], []]);
    expect(found[0]).toEqual(await readTables(server, toDatabaseName('shop')));
    expect(again).toEqual(found[0]);
    expect(Number(row?.['looks'])).toBe(2);
  });

  test('are as they are when somebody asks, also after an answer that failed', async () => {
    const server = await open(exact);
    const { source } = gatherTables({ source: server, target: server });
    const shop = toDatabaseName('Crm');
    const lost = source(shop);
    const [session] = await exact.query(
      "SELECT MAX(ID) AS id FROM information_schema.PROCESSLIST WHERE USER = 'tester'",
    );
    await exact.query(`KILL ${String(session?.['id'])}`).catch(() => undefined);
    await lost.catch(() => undefined);
    await exact.query('CREATE TABLE Crm.t (id INT)');
    expect((await source(shop)).map(({ name }) => name)).toEqual(['t']);
    await exact.query('DROP TABLE Crm.t');
    expect(await source(shop)).toEqual([]);
  });
});

test('of a server that is still the known one only what its variables tell is read again', async () => {
  const known = (await open(exact)).facts;
  const marked = { ...known, account: 'marked@%' };
  await exact.query('SET GLOBAL read_only = ON');
  const again = await createServers().openSource(endpointOf(exact), marked);
  await exact.query('SET GLOBAL read_only = OFF');
  opened.push(again);
  expect(again.facts).toEqual({ ...marked, isReadOnly: true });
  const another = await createServers().openSource(endpointOf(folding), marked);
  opened.push(another);
  expect(another.facts.account).toBe('tester@127.0.0.1');
});

test('lists databases sorted, without those of the server itself', async () => {
  expect(await (await open(exact)).listDatabases()).toEqual(['#odd', 'Crm', 'mysql_sync_new_x', 'shop']);
});

test('lists tables of every kind, sorted, without views; a database that is not there has none', async () => {
  const server = await open(exact);
  expect(await server.listTables(toDatabaseName('shop'))).toEqual(['A', 'b', 's']);
  expect(await server.listTables(toDatabaseName('Shop'))).toEqual([]);
});

test('reads definitions', async () => {
  const server = await open(exact);
  const shop = toDatabaseName('shop');
  const [table] = await server.readTableDefinitions(shop, [toTableName('b')]);
  expect(table?.statement).toMatch(/^CREATE TABLE `b` \(/);
  expect((await server.readProgramDefinitions(shop)).map(({ kind, name }) => [kind, name])).toEqual([
    ['view', 'v'],
  ]);
});

test('finds a database in any spelling where the server folds case, and in its own elsewhere', async () => {
  const names = ['SHOP', 'crm'].map(toDatabaseName);
  const found = await (await open(folding)).inspectDatabases(names);
  expect(found.map(({ name, tables }) => [name, tables.map((table) => table.name)])).toEqual([
    ['shop', ['orders']],
  ]);
  expect(await (await open(exact)).inspectDatabases(names)).toEqual([]);
});

test('reads on after its idle connection was ended, and leaves no session behind', async () => {
  const before = await sessionsOf(exact);
  const server = await createServers().openTarget(endpointOf(exact));
  const [row] = await exact.query(
    "SELECT MAX(ID) AS id FROM information_schema.PROCESSLIST WHERE USER = 'tester' AND ID <> CONNECTION_ID()",
  );
  await exact.query(`KILL ${String(row?.['id'])}`);
  await expect
    .poll(() =>
      server.listDatabases().then(
        (names) => names.length,
        () => 'lost',
      ),
    )
    .toBe(4);
  await server.close();
  await expect.poll(() => sessionsOf(exact)).toBe(before);
});

test('whoever comes later for an endpoint reads on the connection of the one before, while the first keeps it', async () => {
  const endpoint = endpointOf(exact);
  const logins = async (): Promise<number> => {
    const [row] = await exact.query("SHOW GLOBAL STATUS LIKE 'Connections'");
    return Number(row?.['Value']);
  };
  const servers = createServers();
  const before = await sessionsOf(exact);
  const first = await servers.openTarget(endpoint);
  await (await servers.openTarget(endpoint, first.facts)).close();
  const [start, own] = [await logins(), await logins()];
  const later = await servers.openTarget(endpoint, first.facts);
  await later.listDatabases();
  await later.close();
  // Each question of this test is a login too.
  expect((await logins()) - own).toBe(own - start);
  await first.close();
  await expect.poll(() => sessionsOf(exact)).toBe(before);
});

describe('failures', () => {
  test('close comes after a failed open too: nothing stays connected', async () => {
    await exact.query("CREATE USER IF NOT EXISTS stranger@127.0.0.1 IDENTIFIED BY 'x'");
    await expect(open(exact, { user: 'stranger', password: new Secret('wrong') })).rejects.toMatchObject({
      code: 'CONN_AUTH',
    });
    const rows = await exact.query("SELECT 1 FROM information_schema.PROCESSLIST WHERE USER = 'stranger'");
    expect(rows).toEqual([]);
  });

  test('a server that goes away is CONN_LOST, then CONN_REFUSED, and works again when it is back', async () => {
    const mortal = await startServer();
    const server = await createServers().openSource(endpointOf(mortal));
    mortal.kill('SIGSTOP');
    const reading = server.listDatabases().catch((error: unknown) => error);
    mortal.kill('SIGKILL');
    expect(await reading).toMatchObject({ code: 'CONN_LOST' });
    await expect
      .poll(() => server.listDatabases().catch((error: unknown) => (error as SyncError).code))
      .toBe('CONN_REFUSED');
    await mortal.restart();
    expect(await server.listDatabases()).toEqual([]);
    await server.close();
    await mortal.stop();
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, startServer } from './servers.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(['--log-bin']);
});
afterAll(async () => server.stop());

test('a private server starts, keeps its data over a kill and a restart, and is a MariaDB', async () => {
  await server.query(
    'CREATE DATABASE kept; CREATE TABLE kept.t (a INT) ENGINE=InnoDB; INSERT INTO kept.t VALUES (42)',
  );
  await server.restart();
  expect(await server.query('SELECT a FROM kept.t')).toEqual([{ a: 42 }]);
  expect((await server.query('SELECT @@version AS version'))[0]?.['version']).toMatch(/MariaDB/);
});

import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ROOT, type TestServer, startServer } from './servers.js';

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

test('a server behind a link: what comes by its port takes that long, before and after a restart', async () => {
  vi.stubEnv('MYSQL_SYNC_TEST_LINK', '40');
  const far = await startServer().finally(() => vi.unstubAllEnvs());
  try {
    for (const isRestarted of [false, true]) {
      if (isRestarted) await far.restart();
      const connection = await mysql.createConnection({ host: '127.0.0.1', port: far.port, ...ROOT });
      const start = performance.now();
      const [[answer]] = await connection.query<mysql.RowDataPacket[]>('SELECT @@port AS port');
      // Timers of Node may be a millisecond early.
      expect(performance.now() - start).toBeGreaterThanOrEqual(2 * 39);
      expect(answer?.['port']).not.toBe(far.port);
      await connection.end();
    }
  } finally {
    await far.stop();
  }
});

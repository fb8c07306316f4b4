import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLaneConnection } from '../../../../../src/adapters/mysql/native/lanes/lane-connection.js';
import { SOURCE_SETTINGS } from '../../../../../src/adapters/mysql/native/lanes/lane-session.js';
import { streamRows } from '../../../../../src/adapters/mysql/native/read/row-reader.js';
import { endpointOf } from '../../../../support/server-endpoint.js';
import { type TestServer, startServer } from '../../../../support/servers.js';
import { CellCollector } from '../wire-rows.js';
import { LaneMemory } from '../../../../../src/adapters/mysql/native/wire/lane-memory.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => server.stop());

/** Many times what is read at once, each row another one. */
const ROWS = 20_000;
const SQL = `SELECT seq, REPEAT(MD5(seq), 4) FROM seq_1_to_${String(ROWS)}`;

test('what mysql2 is handed stays as it is, what a reader is lent it has in time, and they take turns', async () => {
  const lane = await openLaneConnection(endpointOf(server), 'mariadb', SOURCE_SETTINGS, new LaneMemory());
  const texts = (rows: readonly (readonly (Buffer | null)[])[]): readonly string[] =>
    rows.map((row) => row.map((cell) => cell?.toString()).join());
  await server.query('CREATE DATABASE IF NOT EXISTS d; USE d');
  await lane.run('USE d');
  const first = texts(await lane.queryRows(SQL));
  const collector = new CellCollector();
  await streamRows(lane.wire, { sql: SQL, columns: 2, writer: collector });
  const second = texts(await lane.queryRows(SQL));
  await lane.close();
  expect(new Set(first).size).toBe(ROWS);
  expect(texts(collector.rows)).toEqual(first);
  expect(second).toEqual(first);
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createServers } from '../../src/adapters/mysql/servers.js';
import { sha256Hex } from '../../src/core/fingerprint.js';
import { nameScratchDatabase, toDatabaseName, toRunId, toTableName } from '../../src/core/names.js';
import { readScratch, writeJournal } from '../../src/engine/journal.js';
import type { TargetServer } from '../../src/engine/ports/target-server.js';
import type { Recovery } from '../../src/engine/recover.js';
import { recoverAll } from '../support/dying-run.js';
import { readBefore } from '../../src/engine/tasks/swap.js';
import type { Swap } from '../../src/engine/tasks/swap-definition.js';
import { endpointOf } from '../support/server-endpoint.js';
import { type TestServer, startServer } from '../support/servers.js';

/** A swap that a run was killed in, with sequences on both sides: the next run makes the old content whole, or says what is not. */

const LIVE = toDatabaseName('shop');
const RUN = toRunId('aaaaaa');
const [STAGING, RETIRED] = (['new', 'old'] as const).map((use) =>
  nameScratchDatabase(use, RUN, sha256Hex(LIVE)),
);
const TABLES = ['ids', 'codes', 't'].map(toTableName);
const makeTables = (start: number): string =>
  `CREATE SEQUENCE ids START WITH ${String(start)} NOCACHE; CREATE SEQUENCE codes START WITH ${String(start)} NOCACHE;
   CREATE TABLE t (id INT DEFAULT NEXTVAL(ids) PRIMARY KEY, code INT DEFAULT NEXTVAL(codes), v INT)`;

let server: TestServer;
let target: TargetServer;
beforeAll(async () => {
  server = await startServer();
  target = await createServers().openTarget(endpointOf(server));
});
afterAll(async () => {
  await target.close();
  await server.stop();
});

const defaultsOf = { charset: 'utf8mb4', collation: 'utf8mb4_general_ci', comment: '' };
const describeSwap = async (): Promise<Swap> => {
  if (!STAGING || !RETIRED) throw new Error('no names');
  const content = { tables: TABLES, programs: [], defaults: defaultsOf, printedAs: LIVE };
  const before = await readBefore(target, LIVE, TABLES);
  return {
    ...{ live: LIVE, staging: STAGING, retired: RETIRED },
    ...{ incoming: content, outgoing: content, outsideKeys: [], before },
  };
};

beforeEach(async () => {
  for (const name of [STAGING, RETIRED, LIVE]) await target.dropDatabase(name ?? LIVE);
  for (const name of [LIVE, STAGING, RETIRED]) await target.createDatabase(name ?? LIVE, defaultsOf);
  await server.query(`USE ${LIVE}; ${makeTables(100)}; USE ${String(STAGING)}; ${makeTables(500)}`);
  const swap = await describeSwap();
  const { live, staging, retired } = swap;
  await writeJournal(target, {
    ...{ format: 1, run: RUN, live, staging, retired, startedAt: '2026-11-01T10:00:00.000Z' },
    plan: { name: 'nightly', digest: sha256Hex('its file') },
    ...{ phase: 'swapping', swap },
  });
});

/** One rename, as the run sends it. What else belongs to the move is not done. */
const rename = async (from: string | undefined, to: string | undefined): Promise<unknown> =>
  server.query(
    `RENAME TABLE ${TABLES.map((table) => `${String(from)}.${table} TO ${String(to)}.${table}`).join(', ')}`,
  );
const recover = (): Promise<Recovery> => recoverAll(target);
const insertRow = async (): Promise<unknown> => {
  await server.query('DELETE FROM shop.t; INSERT INTO shop.t (v) VALUES (1)');
  return server.query('SELECT * FROM shop.t');
};

test('killed after the rename, before the defaults follow: the swap is finished, and new rows get numbers', async () => {
  await rename(LIVE, RETIRED);
  await rename(STAGING, LIVE);
  expect((await recover()).notes.join()).toContain('finished the swap');
  expect(await insertRow()).toEqual([{ id: 500, code: 500, v: 1 }]);
});

test.each([
  ['no default', ''],
  ['one of two defaults', `, MODIFY code INT DEFAULT NEXTVAL(shop.codes)`],
])('killed in the undo, when %s had followed the tables back: each does', async (_, more) => {
  await rename(LIVE, RETIRED);
  const columns = `MODIFY id INT DEFAULT NEXTVAL(${String(RETIRED)}.ids), MODIFY code INT DEFAULT NEXTVAL(${String(RETIRED)}.codes)`;
  await server.query(`ALTER TABLE ${String(RETIRED)}.t ${columns}`);
  await rename(RETIRED, LIVE);
  if (more !== '')
    await server.query(
      `CREATE SEQUENCE ${String(RETIRED)}.ids; ALTER TABLE shop.t ${more.slice(2)}; DROP TABLE ${String(RETIRED)}.ids`,
    );
  expect((await recover()).notes.join()).toContain('undid the swap');
  expect(await insertRow()).toEqual([{ id: 100, code: 100, v: 1 }]);
  expect(await readScratch(target)).toEqual([]);
});

test.each([
  ['ALTER TABLE shop.t ALTER COLUMN code SET DEFAULT 7', 'table t has a different structure: column code'],
  [
    "ALTER TABLE shop.t DROP COLUMN v, ADD KEY k (code), COMMENT = 'new'",
    'table t has a different structure: its comment, index k, a lost column',
  ],
  ['DROP TABLE shop.t', 'table t is missing'],
  ['ALTER DATABASE shop CHARACTER SET latin1', 'the default character set'],
])('what is not as it was before the swap is said, and nothing is dropped: %s', async (sql, difference) => {
  await server.query(sql);
  const { notes, unsettled } = await recover();
  expect(unsettled.get(LIVE)).toContain(`this is not as it was before: ${difference}`);
  expect(notes.join('\n')).toContain(difference);
  expect((await readScratch(target)).map(({ database }) => database)).toEqual([STAGING, RETIRED]);
});

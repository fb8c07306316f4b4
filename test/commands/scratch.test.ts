import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint.js';
import { sealJournal } from '../../src/core/run/journal-seal.js';
import { nameScratchDatabase, toRunId } from '../../src/core/names.js';
import { type Rig, startRig } from '../support/rig.js';

/** What a person does about scratch databases that an apply leaves alone. */

const RUN = toRunId('7q2f4k');
const HASH = sha256Hex('shop');
const [STAGING, RETIRED] = [nameScratchDatabase('new', RUN, HASH), nameScratchDatabase('old', RUN, HASH)];
const CONTENT = {
  tables: ['a', 'b'],
  programs: [],
  defaults: { charset: 'utf8mb4', collation: 'utf8mb4_general_ci', comment: '' },
  printedAs: 'shop',
};
const HEAD = { live: 'shop', staging: STAGING, retired: RETIRED };
const SWAPPING = JSON.stringify({
  ...HEAD,
  format: 1,
  run: RUN,
  startedAt: '2026-11-01T10:00:00.000Z',
  plan: { name: 'nightly', digest: HASH },
  phase: 'swapping',
  swap: { ...HEAD, incoming: CONTENT, outgoing: CONTENT, outsideKeys: [], before: [] },
});
const TABLE = '(id TINYINT PRIMARY KEY, body LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE TABLE shop.a (id INT PRIMARY KEY); CREATE TABLE shop.b (id INT PRIMARY KEY); CREATE DATABASE crm',
  );
  await rig.run(['apply', rig.writePlan('databases: [{name: crm}]'), '--auto-approve', '--no-keep-previous']);
});
afterAll(async () => rig.stop());
beforeEach(async () => {
  for (const name of ['shop', 'crm', ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query(
    'CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; CREATE TABLE shop.a (id INT PRIMARY KEY, old INT); CREATE TABLE shop.b (id INT PRIMARY KEY, old INT)',
  );
});

const plan = (): string => rig.writePlan('databases: [{name: shop}, {name: crm}]');
const apply = () => rig.run(['apply', plan(), '--confirm-target', 'staging']);
const scratch = (...words: readonly string[]) => rig.run(['scratch', ...words, '--plan', plan()]);
const writeSigned = async (text: string): Promise<void> => {
  const [row] = await rig.target.query('SELECT body FROM mysqlsync.journal_key');
  const key = Buffer.from(String(row?.['body']), 'hex');
  const body = Buffer.from(sealJournal(key, RETIRED, text)).toString('hex');
  await rig.target.query(
    `CREATE DATABASE IF NOT EXISTS ${RETIRED}; CREATE TABLE ${RETIRED}.mysql_sync_journal ${TABLE};
     INSERT INTO ${RETIRED}.mysql_sync_journal VALUES (1, 0x${body})`,
  );
};

test('a journal with the key of another machine is shown, accepted, and rolled back as usual', async () => {
  const before = await rig.contentOf('target', 'shop');
  await apply();
  const [name = ''] = (await rig.scratchDatabases()).filter((one) => one.endsWith(HASH.slice(0, 12)));
  await rig.target.query(
    `UPDATE ${name}.mysql_sync_journal SET body = SUBSTRING(body, LOCATE('\\n', body) + 1)`,
  );
  expect((await rig.rollBackNewest('--only', 'shop')).code).toBe(5);
  expect((await scratch()).stdout).toMatch(
    new RegExp(`^${name}\\tunknown\\t.*its journal is not signed$`, 'm'),
  );
  expect((await scratch('show', name)).stdout).toContain('"phase": "kept"');
  const refused = await scratch('accept', name);
  expect(refused.stderr).toContain(`accept the journal of ${name}`);
  expect(refused.code).toBe(6);
  expect((await scratch('accept', name, '--confirm-target', 'staging')).code).toBe(0);
  expect((await rig.rollBackNewest('--only', 'shop')).code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
});

test('the staging of a swap that never happened was dropped by hand: the next apply says so and goes on', async () => {
  await writeSigned(SWAPPING);
  const planned = await rig.run(['plan', plan()]);
  expect(planned.stderr).toContain(`first  shop: undoes the swap that run ${RUN} was killed in`);
  const document = JSON.parse((await rig.run(['plan', plan(), '--json'])).stdout) as { recovery: object[] };
  expect(document.recovery).toEqual([{ action: 'undo-swap', database: RETIRED, run: RUN, live: 'shop' }]);
  const creating = rig.writePlan('databases: [{name: crm}]');
  expect((await rig.run(['apply', creating, '--auto-approve'])).code).toBe(6);
  const { code, stdout } = await apply();
  expect(stdout).toMatch(/shop +overwritten/);
  expect(stdout).toMatch(/crm +created/);
  expect(code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
});

test('a swap that no rename explains is left: its database fails, the others go on, and a person undoes it', async () => {
  const before = await rig.contentOf('target', 'shop');
  await writeSigned(SWAPPING);
  await rig.target.query(
    `RENAME TABLE shop.a TO ${RETIRED}.a; CREATE DATABASE ${STAGING}; CREATE TABLE ${STAGING}.a (id INT); CREATE TABLE ${STAGING}.b (id INT)`,
  );
  const { code, stdout } = await apply();
  expect(stdout).toMatch(/shop +FAILED[^]*error\[SWAP_UNSETTLED\]/);
  expect(stdout).toMatch(/crm +created/);
  expect(code).toBe(3);
  expect((await scratch()).stdout).toContain('there is no telling whether the tables of shop were swapped');
  expect((await scratch('accept', RETIRED, '--confirm-target', 'staging')).code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
  expect((await apply()).code).toBe(0);
});

const status = (...words: readonly string[]) => rig.run(['status', plan(), ...words]);

test('status tells what a target is a copy of and what is kept; scratch and plan only point to it', async () => {
  await rig.target.query('CREATE TABLE shop.big (body TEXT); INSERT INTO shop.big SELECT REPEAT(9, 60000)');
  expect((await apply()).code).toBe(0);
  const { stdout, code } = await status();
  const [shop, crm] = ['shop', 'crm'].map((name) =>
    stdout.split('\n').find((line) => line.startsWith(`${name}\t`)),
  );
  expect(code).toBe(0);
  expect(shop).toMatch(/^shop\tprod\tshop\t\w{6}\t20.*Z\ttest\t\d+\t3\t\d{5,}\t20.*Z\t2\t2\t\t\t$/);
  expect(crm).toMatch(/^crm\tprod\tcrm\t\w{6}\t20.*Z\ttest\t\d+\t\t\d+\t20.*Z\t0\t0\t\t\t$/);
  const document = JSON.parse((await status('--only', 'shop', '--json')).stdout) as object;
  expect(document).toMatchObject({
    kind: 'status',
    target: 'staging',
    databases: [
      {
        database: 'shop',
        by: 'apply',
        source: { server: 'prod', database: 'shop' },
        previous: { tables: 3 },
      },
    ],
    scratch: [],
    working: [],
  });
  const listed = await scratch();
  expect([listed.stdout, listed.stderr]).toEqual([
    '',
    expect.stringContaining('2 kept for rollback:  mysql-sync status'),
  ]);
  rig.forgetState();
  expect((await status()).stdout).toMatch(/^shop\tprod\tshop\t\w{6}\t/m);
});

test('what is kept is dropped by status alone, of the databases that are named, and rollback knows', async () => {
  await apply();
  const [name = ''] = (await rig.scratchDatabases()).filter((one) => one.endsWith(HASH.slice(0, 12)));
  const refused = await scratch('drop', name, '--confirm-target', 'staging');
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('mysql-sync status --drop-previous --only shop');
  expect((await status('--drop-previous')).code).toBe(6);
  const mistyped = await status('--drop-previous', '--only', 'x*', '--confirm-target', 'staging');
  expect([mistyped.code, mistyped.stderr]).toEqual([5, expect.stringContaining('"x*" matches no database')]);
  expect(await rig.scratchDatabases()).toHaveLength(2);
  const live = await rig.contentOf('target', 'shop');
  const dropped = await status('--drop-previous', '--only', 'shop', '--confirm-target', 'staging');
  expect(dropped.stdout).toMatch(/^shop: what run \w{6} kept is dropped\n$/);
  expect(await rig.contentOf('target', 'shop')).toEqual(live);
  expect(await rig.scratchDatabases()).toHaveLength(1);
  expect((await rig.rollBackNewest('--only', 'shop')).code).toBe(5);
  expect((await status('--drop-previous', '--confirm-target', 'staging', '--json')).stdout).toContain(
    '"crm"',
  );
  expect(await rig.scratchDatabases()).toEqual([]);
});

test('a scratch database whose journal is not signed is not dropped with what is kept', async () => {
  await apply();
  const [name = ''] = (await rig.scratchDatabases()).filter((one) => one.endsWith(HASH.slice(0, 12)));
  await rig.target.query(
    `UPDATE ${name}.mysql_sync_journal SET body = SUBSTRING(body, LOCATE('\\n', body) + 1)`,
  );
  expect((await status('--drop-previous', '--confirm-target', 'staging')).stdout).not.toContain('shop');
  expect(await rig.scratchDatabases()).toEqual([name]);
});

test('drop takes what has a whole name of ours, and not what a swap needs', async () => {
  await rig.target.query(
    `CREATE DATABASE ${STAGING}; CREATE TABLE ${STAGING}.a (id INT); CREATE DATABASE mysql_sync_prod`,
  );
  for (const name of ['mysql_sync_prod', 'shop', 'mysql'])
    expect((await scratch('drop', name, '--confirm-target', 'staging')).code).toBe(5);
  expect((await scratch('drop', STAGING)).code).toBe(6);
  await writeSigned(SWAPPING);
  await rig.target.query(`CREATE TABLE ${STAGING}.b (id INT)`);
  const needed = await scratch('drop', STAGING, '--confirm-target', 'staging');
  expect(needed.stderr).toContain('error[DATABASE_BLOCKED]');
  expect(needed.code).toBe(9);
  await rig.target.query(`DROP DATABASE ${RETIRED}`);
  expect((await scratch('drop', STAGING, '--confirm-target', 'staging')).code).toBe(0);
  expect(await rig.scratchDatabases()).toEqual(['mysql_sync_prod']);
  await rig.target.query('DROP DATABASE mysql_sync_prod');
});

test('a left-over whose folder cannot be removed is said, and stops nothing', async () => {
  await rig.target.query(`CREATE DATABASE ${STAGING}`);
  const stray = join(rig.target.folder, 'data', STAGING, 'stray.ibd');
  writeFileSync(stray, '');
  const { code, stdout, stderr } = await apply();
  rmSync(stray);
  expect(stderr).toMatch(new RegExp(`${STAGING} stays on the target: .*${STAGING}`));
  expect(stdout).toMatch(/shop +overwritten/);
  expect(code).toBe(0);
  expect((await apply()).code).toBe(0);
  expect(await rig.scratchDatabases()).not.toContain(STAGING);
});

test('a recovery that was not in the saved plan makes it stale', async () => {
  const saved = `${rig.home}/saved.json`;
  await rig.run(['plan', plan(), '--out', saved]);
  await writeSigned(SWAPPING);
  const { code, stderr } = await rig.run(['apply', saved, '--confirm-target', 'staging']);
  expect(stderr).toContain('a run was killed since: shop: undoes the swap');
  expect(code).toBe(7);
});

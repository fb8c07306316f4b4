import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';

const SHOP = readFileSync(join(import.meta.dirname, '../support/shop.sql'), 'utf8');
const PLAN = 'databases:\n  - name: shop\n  - name: crm';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE DATABASE crm; CREATE TABLE crm.people (id INT PRIMARY KEY); INSERT INTO crm.people VALUES (1)',
  );
  rig.source.load(SHOP, 'shop');
});
afterAll(async () => rig.stop());

beforeEach(async () => {
  for (const name of ['shop', 'crm', ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query('CREATE DATABASE shop CHARACTER SET latin1');
  rig.target.load(
    `CREATE TABLE customers (id INT PRIMARY KEY, referred_by INT, CONSTRAINT fk_old FOREIGN KEY (referred_by) REFERENCES customers (id));
     CREATE TABLE tmp_import (id INT PRIMARY KEY);
     INSERT INTO customers VALUES (1, NULL), (2, 1);
     CREATE VIEW orders AS SELECT id FROM customers;
     CREATE PROCEDURE gone() SELECT 1;
     DELIMITER //
     CREATE TRIGGER customers_bi BEFORE INSERT ON customers FOR EACH ROW SET NEW.id = NEW.id + 1//`,
    'shop',
  );
});

const apply = async (...flags: readonly string[]) =>
  rig.run(['apply', rig.writePlan(PLAN), '--confirm-target', 'staging', ...flags]);
const runOf = (stdout: string): string => /run (\w{6})/.exec(stdout)?.[1] ?? '';

test('brings the previous content back, programs included, and removes what was created', async () => {
  const before = await rig.contentOf('target', 'shop');
  const applied = await apply();
  expect(applied.stdout).toContain(`Undo:  mysql-sync rollback ${runOf(applied.stdout)}`);
  const { code, stdout, stderr } = await rig.run([
    'rollback',
    runOf(applied.stdout),
    '--confirm-target',
    'staging',
  ]);
  expect(stderr).toContain('shop');
  // In the order of their names.
  expect(stdout).toMatch(/crm +removed[^]*shop +restored +2 tables/);
  expect(code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
  expect(await rig.contentOf('target', 'crm')).toBeUndefined();
});

test('can itself be rolled back', async () => {
  await apply();
  const rolled = await rig.rollBackNewest();
  expect(rolled.code).toBe(0);
  const again = await rig.run(['rollback', runOf(rolled.stdout), '--confirm-target', 'staging']);
  expect(again.stdout).toMatch(/crm +restored +1 table/);
  expect(again.code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  expect(await rig.contentOf('target', 'crm')).toEqual(await rig.contentOf('source', 'crm'));
});

test('one previous content is kept: the next apply replaces it', async () => {
  await apply();
  const first = await rig.contentOf('target', 'shop');
  await apply();
  expect(await rig.scratchDatabases()).toHaveLength(2);
  const { stderr } = await rig.run(['plan', rig.writePlan(PLAN)]);
  expect(stderr).not.toContain('error');
  await rig.target.query('DELETE FROM shop.customers WHERE id = 3');
  expect((await rig.rollBackNewest('--only', 'shop')).code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(first);
});

test('--no-keep-previous keeps nothing, and rollback says so', async () => {
  const { stdout } = await apply('--no-keep-previous');
  expect(stdout).not.toContain('Undo:');
  expect(await rig.scratchDatabases()).toEqual([]);
  const { code, stderr } = await rig.run(['rollback']);
  expect(stderr).toContain('error[RUN_UNKNOWN] staging has nothing kept');
  expect(code).toBe(5);
});

test('asks like an overwrite: without approval nothing happens', async () => {
  const { stdout: applied } = await apply();
  const now = await rig.contentOf('target', 'shop');
  for (const flags of [[], ['--confirm-target', 'prod']]) {
    const { code, stderr } = await rig.run(['rollback', runOf(applied), ...flags], 'staging\n');
    expect(stderr).toMatch(/approval is needed|Aborted/);
    expect(code).toBe(6);
    expect(await rig.contentOf('target', 'shop')).toEqual(now);
  }
});

test('a database that was created is dropped only for the name of the target, also where nothing is restored', async () => {
  await rig.run(['apply', rig.writePlan(PLAN), '--only', 'crm', '--auto-approve']);
  const planned = await rig.run(['plan', rig.writePlan(PLAN), '--json']);
  const { scratch } = JSON.parse(planned.stdout) as { scratch: readonly object[] };
  expect(scratch).toMatchObject([{ state: 'kept', live: 'crm', bytes: expect.any(Number) as number }]);
  const { stdout: run } = await rig.run(['rollback']);
  const refused = await rig.run(['rollback', run.split('\t')[1] ?? ''], 'staging\ny\n');
  expect(refused.stderr).toContain('--confirm-target staging');
  expect(refused.code).toBe(6);
  expect(await rig.contentOf('target', 'crm')).toBeDefined();
  expect((await rig.rollBackNewest()).stdout).toMatch(/crm +removed/);
  expect(await rig.contentOf('target', 'crm')).toBeUndefined();
});

test('refuses to run over a table that was made since', async () => {
  await apply();
  await rig.target.query('CREATE TABLE shop.tmp_import (mine INT)');
  const now = await rig.contentOf('target', 'shop');
  const { code, stdout } = await rig.rollBackNewest('--only', 'shop');
  expect(stdout).toMatch(/tmp_import was made since/);
  expect(code).toBe(3);
  expect(await rig.contentOf('target', 'shop')).toEqual(now);
});

test('a plan undoes the newest run of its own file, not the one that was the newest on the target', async () => {
  const [mine, other] = [
    rig.writePlan('databases: [{name: crm}]'),
    rig.writePlan('databases: [{name: shop}]'),
  ];
  await rig.run(['apply', mine, '--auto-approve']);
  const { stdout } = await rig.run(['apply', other, '--confirm-target', 'staging']);
  const shop = await rig.contentOf('target', 'shop');
  const undone = await rig.run(['rollback', '--plan', mine, '--confirm-target', 'staging']);
  expect(undone.stdout).toMatch(/crm +removed/);
  expect(undone.code).toBe(0);
  expect(await rig.contentOf('target', 'crm')).toBeUndefined();
  expect(await rig.contentOf('target', 'shop')).toEqual(shop);
  // The rollback is a run of that plan too; there is nothing else of it.
  expect((await rig.run(['rollback', '--plan', mine, '--confirm-target', 'staging'])).stdout).toMatch(
    /crm +restored/,
  );
  const third = rig.writePlan('databases: [{name: crm}, {name: shop}]');
  const nothing = await rig.run(['rollback', '--plan', third, '--confirm-target', 'staging']);
  expect(nothing.stderr).toContain('staging has nothing kept of a run of plan test as its file is now');
  expect(nothing.stderr).toContain(`mysql-sync rollback ${runOf(stdout)} --plan ${third}`);
  expect(nothing.code).toBe(5);
  expect(await rig.contentOf('target', 'shop')).toEqual(shop);
});

test('without a run or a plan it lists what is kept and how each run is undone, and undoes nothing', async () => {
  const { stdout } = await apply();
  const now = await rig.contentOf('target', 'shop');
  const run = runOf(stdout);
  const listed = await rig.run(['rollback']);
  expect(listed.stdout).toMatch(
    new RegExp(`^crm\\t${run}\\t[^\\t]+\\t\\t\\d+\\ttest\\nshop\\t${run}\\t[^\\t]+\\t2\\t\\d+\\ttest$`, 'm'),
  );
  expect(listed.code).toBe(0);
  const approved = await rig.run(['rollback', '--confirm-target', 'staging']);
  expect(approved.stderr).toContain('error[INPUT_INVALID] nothing was rolled back');
  expect(approved.stderr).toContain(`mysql-sync rollback ${run}`);
  expect(approved.code).toBe(5);
  expect(await rig.contentOf('target', 'shop')).toEqual(now);
});

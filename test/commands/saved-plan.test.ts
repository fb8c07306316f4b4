import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangeSet } from '../../src/core/change/change-set.js';
import { type SavedPlan, savePlan } from '../../src/core/change/saved-plan.js';
import { type Documented, fromDocument, toDocument } from '../../src/core/document.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT } from '../support/servers.js';

const PLAN = 'databases:\n  - name: shop\n  - name: crm';

let rig: Rig;
let plan: string;
let saved: string;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2); CREATE DATABASE crm',
  );
});
afterAll(async () => rig.stop());

beforeEach(async () => {
  for (const name of ['shop', 'crm', ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY)');
  plan = rig.writePlan(PLAN);
  saved = join(rig.home, 'nightly.plan.json');
  expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(0);
});

const apply = () => rig.run(['apply', saved, '--confirm-target', 'staging']);
const readDocument = () => JSON.parse(readFileSync(saved, 'utf8')) as Documented<SavedPlan>;
const read = (): SavedPlan => fromDocument<SavedPlan>(readDocument());
const write = (document: object): void => writeFileSync(saved, JSON.stringify(document));

const expectRefusal = async (
  code: string,
  exit: number,
  ...texts: readonly (string | RegExp)[]
): Promise<void> => {
  const before = await rig.contentOf('target', 'shop');
  const result = await apply();
  expect(result.stderr).toContain(`error[${code}]`);
  for (const text of texts) expect(result.stderr).toMatch(text);
  expect(result.code).toBe(exit);
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
};

test('is applied as it was saved, once', async () => {
  expect(statSync(saved).mode & 0o777).toBe(0o600);
  expect(readFileSync(saved, 'utf8')).not.toContain(ROOT.password);
  const { code, stderr } = await apply();
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  await expectRefusal('PLAN_ALREADY_APPLIED', 7, 'was applied by run');
});

test('once also on a machine that has no history of it', async () => {
  expect((await apply()).code).toBe(0);
  rig.forgetState();
  await expectRefusal('PLAN_ALREADY_APPLIED', 7);
});

test('is stale when the target changed, and says what', async () => {
  await rig.target.query('CREATE TABLE shop.orders_tmp (id INT)');
  await expectRefusal('PLAN_STALE', 7, /shop: target had 1 table, now 2 \(\+ orders_tmp\)/);
});

test('is stale when a database appeared on the target', async () => {
  await rig.target.query('CREATE DATABASE crm');
  await expectRefusal('PLAN_STALE', 7, 'crm: appeared on the target');
});

test('is stale when a source database vanished', async () => {
  await rig.source.query('DROP DATABASE crm');
  try {
    const { code, stderr } = await apply();
    expect(stderr).toMatch(/crm/);
    expect(code).not.toBe(0);
  } finally {
    await rig.source.query('CREATE DATABASE crm');
  }
});

test('is stale when the sync plan was edited', async () => {
  writeFileSync(plan, `${readFileSync(plan, 'utf8')}\n# a comment\n`);
  await expectRefusal('PLAN_STALE', 7, 'the sync plan was edited');
});

test('is for the servers that it was made for', async () => {
  const text = readFileSync(plan, 'utf8');
  const { changeSet, narrowing, id } = read();
  const elsewhere = { ...changeSet, target: { ...changeSet.target, identity: 'another server' } };
  write(toDocument(savePlan(elsewhere, narrowing, { id, now: new Date() })));
  expect(text).toContain('staging');
  await expectRefusal('PLAN_OTHER_SERVER', 7, 'target staging was');
});

test('expires after a day', async () => {
  const { changeSet, narrowing, id } = read();
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000 - 1000);
  write(toDocument(savePlan(changeSet, narrowing, { id, now: yesterday })));
  await expectRefusal('PLAN_EXPIRED', 7, 'expired at');
});

test('is refused when it was edited', async () => {
  writeFileSync(saved, readFileSync(saved, 'utf8').replace('"action": "create"', '"action": "skip"'));
  await expectRefusal('PLAN_SCHEMA', 5, 'checksum');
});

test.each<[string, (changeSet: ChangeSet) => unknown]>([
  ['no databases', ({ databases: _, ...rest }) => rest],
  ['databases that are a text', (changeSet) => ({ ...changeSet, databases: 'shop' })],
  ['a table that is a number', (changeSet) => withDatabase(changeSet, { tables: [7] })],
  [
    'a table that is copied for no reason',
    (changeSet) =>
      withDatabase(changeSet, {
        tables: changeSet.databases.flatMap(({ tables }) =>
          tables.map((table) => ({ ...table, refresh: { base: 'none' } })),
        ),
      }),
  ],
  [
    'an event that is null',
    (changeSet) =>
      withDatabase(changeSet, { programs: [{ kind: 'event', name: 'e', action: 'create', event: null }] }),
  ],
  ['an action that is none', (changeSet) => withDatabase(changeSet, { action: 'drop' })],
  ['a name of a megabyte', (changeSet) => withDatabase(changeSet, { to: 'x'.repeat(2 ** 20) })],
  ['a server that is null', (changeSet) => ({ ...changeSet, target: null })],
])('is refused with %s, also when its checksum fits', async (_, change) => {
  const { changeSet, narrowing, id } = read();
  const misshapen = change(changeSet) as ChangeSet;
  write(toDocument(savePlan(misshapen, narrowing, { id, now: new Date() })));
  await expectRefusal('PLAN_SCHEMA', 5, 'is not a saved plan as plan --out writes it at change_set');
  const shown = await rig.run(['show', saved]);
  expect([shown.code, shown.stderr]).toEqual([5, expect.stringMatching(/^error\[PLAN_SCHEMA\]/)]);
});

test('a key beside the one that was checked changes nothing', async () => {
  const { change_set: changeSet, ...rest } = readDocument();
  const target = { ...changeSet.target, isProtected: 'no' };
  write({ ...rest, change_set: { ...changeSet, target } });
  expect((await apply()).code).toBe(0);
});

test('one of format 1.0 is refused, with what to do', async () => {
  write({ ...readDocument(), format_version: '1.0' });
  await expectRefusal(
    'PLAN_SCHEMA',
    5,
    'saved plan of format "1.0", and this mysql-sync knows 2.0',
    'plan again',
  );
});

const withDatabase = (changeSet: ChangeSet, change: object): unknown => ({
  ...changeSet,
  databases: changeSet.databases.map((database) => ({ ...database, ...change })),
});

test('is not narrowed', async () => {
  const { code, stderr } = await rig.run(['apply', saved, '--only', 'shop', '--confirm-target', 'staging']);
  expect(stderr).toContain('--only and --exclude cannot be used with a saved plan');
  expect(code).toBe(5);
});

test('show renders it, and says when apply would refuse it', async () => {
  const fresh = await rig.run(['show', saved]);
  expect(fresh.stdout).toContain('create\tcrm\tcrm');
  expect(fresh.stderr).toContain(`mysql-sync apply ${saved}`);
  await apply();
  const stale = await rig.run(['show', saved]);
  expect(stale.stderr).toContain('apply would refuse it');
  expect((await rig.run(['show', plan])).code).toBe(5);
});

test('creating only needs no approval once it was saved', async () => {
  await rig.run(['plan', plan, '--only', 'crm', '--out', saved]);
  expect((await rig.run(['apply', saved])).code).toBe(0);
  expect(await rig.contentOf('target', 'crm')).toBeDefined();
});

test('a protected target takes a saved plan only, and its name', async () => {
  const target = `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}", access: read-write, protected: true}`;
  const guarded = rig.writePlan(PLAN, { target });
  const direct = await rig.run(['apply', guarded, '--confirm-target', 'staging']);
  expect(direct.stderr).toContain('error[TARGET_PROTECTED]');
  expect(direct.code).toBe(9);
  await rig.run(['plan', guarded, '--out', saved]);
  expect((await rig.run(['apply', saved, '--auto-approve'])).code).toBe(6);
  expect((await apply()).code).toBe(0);
});

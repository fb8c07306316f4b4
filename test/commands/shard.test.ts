import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';

const NAMES = ['large', 'reader', 'base', 'small'];

let rig: Rig;
let saved: string;
beforeAll(async () => {
  rig = await startRig();
  for (const name of NAMES)
    await rig.source.query(
      `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY, b LONGBLOB); INSERT INTO ${name}.t VALUES (1, 'x')`,
    );
  await rig.source.query('CREATE VIEW reader.v AS SELECT id FROM base.t');
  await rig.source.query("UPDATE large.t SET b = REPEAT('x', 4000000); ANALYZE TABLE large.t");
});
afterAll(async () => rig.stop());

beforeEach(async () => {
  for (const name of [...NAMES, ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query('CREATE DATABASE small');
  rig.forgetState();
  saved = join(rig.home, 'nightly.plan.json');
  const plan = rig.writePlan(`databases: [${NAMES.map((name) => `{name: ${name}}`).join(', ')}]`);
  expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(0);
});

const apply = (...flags: readonly string[]) =>
  rig.run(['apply', saved, '--confirm-target', 'staging', '--json', ...flags]);

const appliedBy = (stdout: string): readonly string[] =>
  (JSON.parse(stdout) as { readonly outcomes: readonly { readonly to: string }[] }).outcomes
    .map(({ to }) => to)
    .toSorted();

const onTarget = async (): Promise<readonly string[]> =>
  (
    await rig.target.query(
      `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN (${NAMES.map((name) => `'${name}'`).join(', ')}) ORDER BY 1`,
    )
  ).map(({ name }) => String(name));

test('slices copy each database once, one that is read together with its reader', async () => {
  const first = await apply('--shard', '1/3');
  expect([first.code, appliedBy(first.stdout)]).toEqual([0, ['base', 'reader']]);
  expect(first.stderr).toContain('Slice 1 of 3: reader, base.');
  expect(await onTarget()).toEqual(['base', 'reader', 'small']);
  const others = [await apply('--shard', '2/3'), await apply('--shard', '3/3')];
  expect(others.map(({ code, stdout }) => [code, appliedBy(stdout)])).toEqual([
    [0, ['large']],
    [0, ['small']],
  ]);
  for (const name of NAMES)
    expect(await rig.contentOf('target', name)).toEqual(await rig.contentOf('source', name));
});

test('a slice is applied once, and what is left of the plan is not applied as a whole', async () => {
  expect((await apply('--shard', '2/3')).code).toBe(0);
  const again = await apply('--shard', '2/3');
  expect([again.code, again.stdout]).toEqual([7, expect.stringContaining('PLAN_ALREADY_APPLIED')]);
  const whole = await apply();
  expect([whole.code, whole.stdout]).toEqual([7, expect.stringContaining('large of it was applied by run')]);
});

test('a slice is applied once also on machines without a history of it', async () => {
  expect((await apply('--shard', '2/3')).code).toBe(0);
  rig.forgetState();
  expect((await apply('--shard', '2/3')).code).toBe(7);
  expect((await apply('--shard', '3/3')).code).toBe(0);
});

test('only what a slice copies makes it stale', async () => {
  await rig.target.query('CREATE DATABASE large');
  const stale = await apply('--shard', '2/3');
  expect([stale.code, stale.stdout]).toEqual([7, expect.stringContaining('large: appeared on the target')]);
  expect((await apply('--shard', '3/3')).code).toBe(0);
});

test('a slice without a database is done', async () => {
  const { code, stdout, stderr } = await apply('--shard', '4/4');
  expect([code, appliedBy(stdout)]).toEqual([0, []]);
  expect(stderr).toContain('Slice 4 of 4: there is no database for it.');
});

test('the number of an engine counts only with --shards', async () => {
  const env = { JOB_COMPLETION_INDEX: '1' };
  const call = ['apply', saved, '--confirm-target', 'staging', '--json'];
  const slice = await rig.start([...call, '--shards', '3'], env).ended;
  expect([slice.code, appliedBy(slice.stdout)]).toEqual([0, ['large']]);
  const auto = await rig.start([...call, '--shards', 'auto'], env).ended;
  expect([auto.code, auto.stdout]).toEqual([5, expect.stringContaining('does not tell how many')]);
  const whole = await rig.start(call, env).ended;
  expect(whole.stdout).toContain('PLAN_ALREADY_APPLIED');
});

test('slices that are claimed are done side by side, and again without harm', async () => {
  const claim = (shard: string) =>
    rig.spawn(['apply', saved, '--confirm-target', 'staging', '--json', '--claim', '--shard', shard]).ended;
  const both = await Promise.all([claim('1/2'), claim('2/2')]);
  expect(both.map(({ code, stdout }) => [code, appliedBy(stdout)])).toEqual([
    [0, ['base', 'reader']],
    [0, ['large', 'small']],
  ]);
  const again = await claim('2/2');
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('"already-applied"')]);
  for (const name of NAMES)
    expect(await rig.contentOf('target', name)).toEqual(await rig.contentOf('source', name));
});

test.each([
  [['--shard', '0/4'], 64, '--shard "0/4" is no slice'],
  [['--shard', '5/4'], 64, '--shard "5/4" is no slice'],
  [['--shard', 'a/b'], 64, '--shard "a/b" is no slice'],
  [['--shards', '0'], 64, '--shards "0" is no number of slices'],
  [['--shard', '1/2', '--shards', '2'], 64, 'cannot also be provided'],
  [['--shard', '1/2', '--fail-fast'], 64, '--fail-fast stops one process only'],
  [['--shards', '2'], 5, 'nothing says which slice this is'],
])('%j is refused', async (flags, exit, message) => {
  const { code, stdout } = await apply(...flags);
  expect([code, stdout]).toEqual([exit, expect.stringContaining(JSON.stringify(message).slice(1, -1))]);
  expect(await onTarget()).toEqual(['small']);
});

test('a plan that is not saved has no slices', async () => {
  const plan = rig.writePlan('databases: [{name: large}, {name: small}]');
  const { code, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging', '--shard', '1/2']);
  expect([code, stderr]).toEqual([64, expect.stringContaining('Slices are of a saved plan')]);
});

test('a saved plan that is not there is said to be missing', async () => {
  const { code, stderr } = await rig.run(['apply', join(rig.home, 'none.json'), '--shard', '1/2']);
  expect([code, stderr]).toEqual([5, expect.stringContaining('error[PLAN_NOT_FOUND]')]);
});

test('nor has one that wants all databases as of one moment', async () => {
  const plan = rig.writePlan('databases: [{name: large}, {name: small}]\noptions: {consistency: batch}');
  expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(0);
  const { code, stdout } = await apply('--shard', '1/2');
  expect([code, stdout]).toEqual([5, expect.stringContaining('consistency: batch')]);
});

test('every slice of a plan is refused while one database is blocked', async () => {
  await rig.target.query('CREATE DATABASE large');
  const plan = rig.writePlan('databases: [{name: large, on_existing: fail}, {name: small}]');
  expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(9);
  expect((await apply('--shard', '2/2')).code).toBe(9);
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunningCli } from '../support/cli.js';
import { type Rig, startRig } from '../support/rig.js';
import { type StatementProxy, startStatementProxy } from '../support/statement-proxy.js';

/** Real processes that an engine tells to end, and ends some time later. */

let rig: Rig;
/** Every apply reaches the target by it. */
let proxy: StatementProxy;
beforeAll(async () => {
  rig = await startRig();
  proxy = await startStatementProxy(rig.target.port);
  await rig.source.query(
    'CREATE DATABASE crm; CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2)',
  );
});
afterAll(async () => {
  await proxy.stop();
  await rig.stop();
});

let cli: RunningCli | undefined;
beforeEach(async () => {
  for (const name of ['crm', 'shop', ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.old (id INT PRIMARY KEY)');
});
/** One that a failed test leaves holds the lock of the target. */
afterEach(async () => {
  cli?.child.kill('SIGKILL');
  await cli?.ended;
});

/** An apply that has stopped where it sent that statement to the target, and was told to end. */
const startTold = async (
  statement: RegExp,
  grace: number,
  databases = '[{name: shop}]',
): Promise<{ readonly running: RunningCli; readonly release: () => void }> => {
  const plan = rig.writePlan(`databases: ${databases}`, { target: rig.inlineTarget(proxy.port) });
  const isHeld = proxy.hold(statement);
  const running = rig.spawn(['apply', plan, '--confirm-target', 'staging', '--grace', String(grace)]);
  cli = running;
  const hasEnded = running.ended.then(({ stderr }): never => {
    throw new Error(`it ended without ${String(statement)}:\n${stderr}`);
  });
  const release = await Promise.race([isHeld, hasEnded]);
  running.child.kill('SIGTERM');
  await running.waitFor('SIGTERM: finishing what is in flight within');
  return { running, release };
};

const liveTable = async (): Promise<unknown> =>
  (
    await rig.target.query(
      'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = "shop"',
    )
  )[0]?.['name'];

const CREATING = /^CREATE TABLE `t`/;

test('what does not finish within the grace time is dropped, and the target keeps what it had', async () => {
  const { running, release } = await startTold(CREATING, 1);
  await running.waitFor('SIGTERM, and the grace time of 1s is over: stopping now.');
  release();
  const { code, stdout } = await running.ended;
  expect(stdout).toMatch(/shop +interrupted[^]*shop on the target is UNCHANGED/);
  expect(code).toBe(143);
  expect(await liveTable()).toBe('old');
  expect(await rig.scratchDatabases()).toEqual([]);
});

test('what finishes within it is live, nothing more is begun, and the rest of it is not waited for', async () => {
  const { running, release } = await startTold(
    CREATING,
    3600,
    '[{name: shop}, {name: crm}]\noptions: {max_concurrent: 1}',
  );
  release();
  const { code, stdout } = await running.ended;
  expect(stdout).toMatch(/shop +overwritten/);
  expect(stdout).toMatch(/crm +not started/);
  expect(code).toBe(143);
  expect(await liveTable()).toBe('t');
});

test('a swap that has begun is finished, however short the time is', async () => {
  const { running, release } = await startTold(/^RENAME TABLE `shop`/, 0);
  await running.waitFor('is over: stopping now.');
  release();
  const { code } = await running.ended;
  expect(code).toBe(0);
  expect(await liveTable()).toBe('t');
});

import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningCli } from '../support/cli.js';
import type { DatabaseContent } from '../support/content.js';
import { type Rig, startRig } from '../support/rig.js';
import { type StatementProxy, startStatementProxy } from '../support/statement-proxy.js';
import { startWebhook } from '../support/webhook.js';

/** Real processes, killed at work. The live database is exactly the old one or exactly the new one; the next apply goes on from there. */

let rig: Rig;
/** Every apply reaches the target by it. */
let proxy: StatementProxy;
let fresh: DatabaseContent | undefined;
let old: DatabaseContent | undefined;

beforeAll(async () => {
  rig = await startRig();
  proxy = await startStatementProxy(rig.target.port);
  await rig.source.query('CREATE DATABASE shop');
  rig.source.load(
    `CREATE TABLE orders (id INT PRIMARY KEY, v VARCHAR(255), KEY (v(20)));
     INSERT INTO orders SELECT seq, REPEAT(MD5(seq), 7) FROM seq_1_to_80000;
     CREATE TABLE items (id INT PRIMARY KEY, o INT, CONSTRAINT fk FOREIGN KEY (o) REFERENCES orders (id));
     INSERT INTO items SELECT seq, seq FROM seq_1_to_20000;
     CREATE VIEW v AS SELECT COUNT(*) AS n FROM items; CREATE TRIGGER t BEFORE INSERT ON items FOR EACH ROW SET NEW.o = NEW.id`,
    'shop',
  );
  fresh = await rig.contentOf('source', 'shop');
});
afterAll(async () => {
  await proxy.stop();
  await rig.stop();
});

beforeEach(async () => {
  await rig.clearTarget('shop');
  await rig.target.query('CREATE DATABASE shop');
  rig.target.load(
    'CREATE TABLE orders (id INT PRIMARY KEY); INSERT INTO orders VALUES (1); CREATE VIEW items AS SELECT * FROM orders',
    'shop',
  );
  old = await rig.contentOf('target', 'shop');
});

const PLAN = 'databases:\n  - name: shop\noptions: {engine: dump}';

/** An apply through the proxy that has stopped where it sent that statement to the target. */
const startHeld = async (
  statement: RegExp,
  {
    retries = 0,
    body = PLAN,
    hook = '',
  }: { readonly retries?: number; readonly body?: string; readonly hook?: string } = {},
): Promise<{ readonly cli: RunningCli; readonly plan: string; readonly release: () => void }> => {
  const plan = rig.writePlan(body, { target: rig.inlineTarget(proxy.port) });
  const isHeld = proxy.hold(statement);
  const notify = hook === '' ? [] : ['--notify', 'env:HOOK'];
  const cli = rig.spawn(['apply', plan, '--confirm-target', 'staging', ...notify], {
    MYSQL_SYNC_CONNECTIONS_MAX_RETRIES: String(retries),
    HOOK: hook,
  });
  started.add(cli);
  const hasEnded = cli.ended.then(({ stdout, stderr }): never => {
    throw new Error(`it ended and sent nothing that matches ${String(statement)}:\n${stdout}${stderr}`);
  });
  return { cli, plan, release: await Promise.race([isHeld, hasEnded]) };
};

/** One that a failed test leaves holds the lock of the target. */
const started = new Set<RunningCli>();
afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGKILL');
    await ended;
  }
  started.clear();
});

/** Rows are on their way: the dump is larger than all that is buffered between the two programs, so both run. */
const COPYING = /^INSERT INTO `items`/;

/** Which of the two the live database is. */
const liveContent = async (): Promise<'old' | 'new' | 'neither'> => {
  const text = JSON.stringify(await rig.contentOf('target', 'shop'));
  return text === JSON.stringify(old) ? 'old' : text === JSON.stringify(fresh) ? 'new' : 'neither';
};

const expectNextApplyGoesOn = async (plan: string): Promise<void> => {
  const { code, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  expect(await liveContent()).toBe('new');
  // What the last apply keeps for rollback, and nothing of the dead run.
  expect(await rig.scratchDatabases()).toHaveLength(1);
};

const childrenOf = (pid: number | undefined): readonly string[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => Number(line.trim().split(/\s+/)[1]) === pid);

const pidOf = (line: string): number => Number(line.trim().split(/\s+/)[0]);

/** Nobody waits for them any more, so they may take a moment. */
const expectGone = async (children: readonly string[]): Promise<void> => {
  for (const child of children)
    await expect.poll(() => isRunning(pidOf(child)), { timeout: 10_000 }).toBe(false);
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/**
 * Where the tool dies: the target never hears of the statement, so the tool waits for its answer, however fast the machine is.
 * Between the first view that makes way and the last program that is made, the next apply has to finish the swap.
 */
const MOMENTS: readonly (readonly [string, RegExp, 'old' | 'new' | 'neither'])[] = [
  ['making the staging tables', /^CREATE TABLE `items`/, 'old'],
  ['copying', COPYING, 'old'],
  ['verifying', /^SELECT \d+, COUNT\(\*\), SUM\(/, 'old'],
  ['about to swap', /^RENAME TABLE `shop`/, 'neither'],
  ['making the programs', /^DROP VIEW IF EXISTS `shop`\.`v`/, 'neither'],
  ['cleaning up', /^DROP DATABASE IF EXISTS `mysql_sync_new/, 'new'],
];

describe('SIGKILL of the tool', () => {
  test.each(MOMENTS)('while it is %s', async (_moment, statement, live) => {
    const { cli, plan } = await startHeld(statement);
    const children = childrenOf(cli.child.pid);
    cli.child.kill('SIGKILL');
    await cli.ended;
    expect(await liveContent()).toBe(live);
    const planned = await rig.run(['plan', plan, '--json']);
    const { scratch } = JSON.parse(planned.stdout) as { scratch: { state: string }[] };
    expect(scratch.some(({ state }) => state === 'swapping')).toBe(live === 'neither');
    await expectNextApplyGoesOn(plan);
    await expectGone(children);
    const { stdout } = await rig.run(['history']);
    expect(stdout).toMatch(/interrupted/);
  });
});

describe('SIGKILL of a client program', () => {
  test.each(['dump', 'mariadb --'])('%s', async (name) => {
    const { cli, plan, release } = await startHeld(COPYING);
    let victim: string | undefined;
    // Not the one that is only asked for its version.
    const isVictim = (line: string): boolean => line.includes(name) && !/--(?:version|help)/.test(line);
    await expect
      .poll(() => (victim = childrenOf(cli.child.pid).find(isVictim)), { timeout: 10_000 })
      .toBeDefined();
    process.kill(pidOf(victim ?? ''), 'SIGKILL');
    release();
    const { code, stdout } = await cli.ended;
    expect(stdout).toMatch(/killed by SIGKILL/);
    expect(stdout).toContain('shop on the target is UNCHANGED');
    expect(code).toBe(3);
    expect(await liveContent()).toBe('old');
    expect(await rig.scratchDatabases()).toEqual([]);
    await expectNextApplyGoesOn(plan);
  });
});

describe('SIGKILL of a server', () => {
  test('of the source: the database fails, its target stays', async () => {
    const { cli, plan, release } = await startHeld(COPYING);
    rig.source.kill('SIGKILL');
    release();
    const { code, stdout } = await cli.ended;
    await rig.source.restart();
    expect(stdout).toContain('shop on the target is UNCHANGED');
    expect(code).toBe(3);
    expect(await liveContent()).toBe('old');
    await expectNextApplyGoesOn(plan);
  });

  test('of the target: the next apply cleans up and goes on', async () => {
    const { cli, plan } = await startHeld(COPYING);
    rig.target.kill('SIGKILL');
    const { code } = await cli.ended;
    expect(code).toBe(3);
    await rig.target.restart();
    expect(await liveContent()).toBe('old');
    await expectNextApplyGoesOn(plan);
  });

  test('of the target, restarted in time: the run tries again by itself', async () => {
    const { cli } = await startHeld(COPYING, { retries: 5 });
    rig.target.kill('SIGKILL');
    await cli.waitFor('trying again');
    await rig.target.restart();
    const { code } = await cli.ended;
    expect(code).toBe(0);
    expect(await liveContent()).toBe('new');
  });
});

describe('Ctrl-C', () => {
  test('once: what is in flight is finished, and nothing more starts', async () => {
    const { cli, release } = await startHeld(COPYING);
    cli.child.kill('SIGINT');
    await cli.waitFor('SIGINT: finishing what is in flight');
    release();
    const { code } = await cli.ended;
    expect(code).toBe(0);
    expect(await liveContent()).toBe('new');
  });

  test('twice: stops now, with a recap, the target unchanged and nothing left', async () => {
    const hook = await startWebhook();
    const { cli, plan } = await startHeld(COPYING, { hook: hook.url });
    let children: readonly string[] = [];
    const listChildren = (): number =>
      (children = childrenOf(cli.child.pid).filter((line) => line.includes('--defaults'))).length;
    await expect.poll(listChildren, { timeout: 10_000, interval: 20 }).toBe(2);
    cli.child.kill('SIGINT');
    await cli.waitFor('SIGINT: finishing');
    cli.child.kill('SIGINT');
    const { code, stdout } = await cli.ended;
    await expectGone(children);
    expect(stdout).toMatch(/shop +interrupted/);
    expect(stdout).toContain('shop on the target is UNCHANGED');
    expect(code).toBe(130);
    await hook.stop();
    expect(hook.bodies.map((body) => JSON.parse(body) as object)).toMatchObject([
      { exit_code: 130, outcomes: [{ to: 'shop', status: 'interrupted' }] },
    ]);
    expect(await liveContent()).toBe('old');
    expect(await rig.scratchDatabases()).toEqual([]);
    await expectNextApplyGoesOn(plan);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)(
    '%s once: the database in flight is finished, the next one is not started',
    async (signal) => {
      await rig.source.query('CREATE DATABASE crm');
      const { cli, release } = await startHeld(COPYING, {
        body: 'databases:\n  - name: shop\n  - name: crm\noptions: {engine: dump}',
      });
      cli.child.kill(signal);
      await cli.waitFor(`${signal}: finishing`);
      release();
      const { code, stdout } = await cli.ended;
      await rig.source.query('DROP DATABASE crm');
      expect(stdout).toMatch(/shop +overwritten/);
      expect(stdout).toMatch(/crm +not started/);
      expect(code).toBe(143);
      expect(await liveContent()).toBe('new');
      expect(await rig.contentOf('target', 'crm')).toBeUndefined();
    },
  );

  test('SIGTERM twice ends with 143', async () => {
    const { cli } = await startHeld(COPYING);
    cli.child.kill('SIGTERM');
    await cli.waitFor('SIGTERM: finishing');
    cli.child.kill('SIGTERM');
    expect((await cli.ended).code).toBe(143);
    expect(await liveContent()).toBe('old');
  });
});

describe('two runs at once', () => {
  test('the second is refused and told who holds the target', async () => {
    const { cli, plan, release } = await startHeld(COPYING);
    const second = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    release();
    expect(second.stderr).toMatch(
      /error\[TARGET_LOCKED\] run [a-z0-9]{6} works on this target: connection \d+ of tester@/,
    );
    expect(second.stderr).toContain('--lock-timeout SECONDS');
    expect(second.code).toBe(8);
    expect((await cli.ended).code).toBe(0);
  });

  test('the second waits with --lock-timeout', async () => {
    const { cli, plan, release } = await startHeld(COPYING);
    const second = rig.spawn(['apply', plan, '--confirm-target', 'staging', '--lock-timeout', '120']);
    // It has looked at both servers and shows what it would do.
    await second.waitFor('overwrite');
    release();
    expect((await cli.ended).code).toBe(0);
    // The first has changed what it was to replace.
    expect((await second.ended).code).toBe(7);
    expect(await liveContent()).toBe('new');
  });
});

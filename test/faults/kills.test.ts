import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningCli } from '../support/cli.js';
import type { DatabaseContent } from '../support/content.js';
import { type Rig, startRig } from '../support/rig.js';

/** Real processes, killed at work. The live database is exactly the old one or exactly the new one; the next apply goes on from there. */

let rig: Rig;
let fresh: DatabaseContent | undefined;
let old: DatabaseContent | undefined;

beforeAll(async () => {
  rig = await startRig();
  await rig.source.query('CREATE DATABASE shop');
  rig.source.load(
    `CREATE TABLE orders (id INT PRIMARY KEY, v VARCHAR(60), KEY (v));
     INSERT INTO orders SELECT seq, REPEAT(MD5(seq), 1) FROM seq_1_to_80000;
     CREATE TABLE items (id INT PRIMARY KEY, o INT, CONSTRAINT fk FOREIGN KEY (o) REFERENCES orders (id));
     INSERT INTO items SELECT seq, seq FROM seq_1_to_20000;
     CREATE VIEW v AS SELECT COUNT(*) AS n FROM items; CREATE TRIGGER t BEFORE INSERT ON items FOR EACH ROW SET NEW.o = NEW.id`,
    'shop',
  );
  fresh = await rig.contentOf('source', 'shop');
});
afterAll(async () => rig.stop());

beforeEach(async () => {
  for (const name of ['shop', ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query('CREATE DATABASE shop');
  rig.target.load(
    'CREATE TABLE orders (id INT PRIMARY KEY); INSERT INTO orders VALUES (1); CREATE VIEW items AS SELECT * FROM orders',
    'shop',
  );
  old = await rig.contentOf('target', 'shop');
});

const PLAN = 'databases:\n  - name: shop\noptions: {engine: dump}';

const startApply = (retries = 0, body = PLAN): { readonly cli: RunningCli; readonly plan: string } => {
  const plan = rig.writePlan(body);
  const cli = rig.spawn(['apply', plan, '--confirm-target', 'staging'], {
    MYSQL_SYNC_CONNECTIONS_MAX_RETRIES: String(retries),
  });
  return { cli, plan };
};

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

describe('SIGKILL of the tool', () => {
  test.each(['making the staging tables', 'copying', 'verifying', 'swapping in', 'cleaning up'])(
    'while it is %s',
    async (phase) => {
      const { cli, plan } = startApply();
      await cli.waitFor(`shop: ${phase}`);
      const children = childrenOf(cli.child.pid);
      cli.child.kill('SIGKILL');
      await cli.ended;
      const planned = await rig.run(['plan', plan, '--json']);
      const { scratch } = JSON.parse(planned.stdout) as { scratch: { state: string; live: string }[] };
      if (phase !== 'cleaning up') expect(scratch.length).toBeGreaterThan(0);
      // Between the rename and the last program the next run has to finish; before and after it the content is whole.
      if (!scratch.some(({ state }) => state === 'swapping')) expect(await liveContent()).not.toBe('neither');
      await expectNextApplyGoesOn(plan);
      await expectGone(children);
      const { stdout } = await rig.run(['history']);
      expect(stdout).toMatch(/interrupted/);
    },
  );
});

describe('SIGKILL of a client program', () => {
  test.each(['dump', 'mariadb --'])('%s', async (name) => {
    const { cli, plan } = startApply();
    await cli.waitFor('shop: copying');
    let victim: string | undefined;
    // Not the one that is only asked for its version.
    const isVictim = (line: string): boolean => line.includes(name) && !/--(?:version|help)/.test(line);
    await expect
      .poll(() => (victim = childrenOf(cli.child.pid).find(isVictim)), { timeout: 10_000 })
      .toBeDefined();
    process.kill(pidOf(victim ?? ''), 'SIGKILL');
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
    const { cli, plan } = startApply();
    await cli.waitFor('shop: copying');
    rig.source.kill('SIGKILL');
    const { code, stdout } = await cli.ended;
    await rig.source.restart();
    expect(stdout).toContain('shop on the target is UNCHANGED');
    expect(code).toBe(3);
    expect(await liveContent()).toBe('old');
    await expectNextApplyGoesOn(plan);
  });

  test('of the target: the next apply cleans up and goes on', async () => {
    const { cli, plan } = startApply();
    await cli.waitFor('shop: copying');
    rig.target.kill('SIGKILL');
    const { code } = await cli.ended;
    expect(code).toBe(3);
    await rig.target.restart();
    expect(await liveContent()).toBe('old');
    await expectNextApplyGoesOn(plan);
  });

  test('of the target, restarted in time: the run tries again by itself', async () => {
    const { cli } = startApply(5);
    await cli.waitFor('shop: copying');
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
    const { cli } = startApply();
    await cli.waitFor('shop: copying');
    cli.child.kill('SIGINT');
    const { code, stderr } = await cli.ended;
    expect(stderr).toContain('SIGINT: finishing what is in flight');
    expect(code).toBe(0);
    expect(await liveContent()).toBe('new');
  });

  test('twice: stops now, with a recap, the target unchanged and nothing left', async () => {
    const { cli, plan } = startApply();
    await cli.waitFor('shop: copying');
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
    expect(await liveContent()).toBe('old');
    expect(await rig.scratchDatabases()).toEqual([]);
    await expectNextApplyGoesOn(plan);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)(
    '%s once: the database in flight is finished, the next one is not started',
    async (signal) => {
      await rig.source.query('CREATE DATABASE crm');
      const plan = rig.writePlan('databases:\n  - name: shop\n  - name: crm\noptions: {engine: dump}');
      const cli = rig.spawn(['apply', plan, '--confirm-target', 'staging']);
      await cli.waitFor('shop: copying');
      cli.child.kill(signal);
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
    const { cli } = startApply();
    await cli.waitFor('shop: copying');
    cli.child.kill('SIGTERM');
    await cli.waitFor('SIGTERM: finishing');
    cli.child.kill('SIGTERM');
    expect((await cli.ended).code).toBe(143);
    expect(await liveContent()).toBe('old');
  });
});

describe('two runs at once', () => {
  /** An apply that has stopped in the middle of its rows, until the source is idle. */
  const startHeld = async (): Promise<
    ReturnType<typeof startApply> & { readonly release: () => Promise<void> }
  > => {
    const busy = await Promise.all(Array.from({ length: 12 }, () => rig.source.connect()));
    const sleeping = busy.map((connection) => connection.query('SELECT SLEEP(1000)').catch(() => undefined));
    // The rate: the source is looked at before the last row has left.
    const held = startApply(0, PLAN.replace('dump}', 'dump, max_rate: 3, pause_when: {threads_running: 1}}'));
    await held.cli.waitFor('copy paused');
    const release = async (): Promise<void> => {
      for (const { threadId } of busy) await rig.source.query(`KILL ${String(threadId)}`);
      await Promise.all(sleeping);
    };
    return { ...held, release };
  };

  test('the second is refused and told who holds the target', async () => {
    const { cli, plan, release } = await startHeld();
    const second = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    await release();
    expect(second.stderr).toMatch(/error\[TARGET_LOCKED\] .*connection \d+ of tester@/);
    expect(second.code).toBe(8);
    expect((await cli.ended).code).toBe(0);
  });

  test('the second waits with --lock-timeout', async () => {
    const { cli, plan, release } = await startHeld();
    const second = rig.spawn(['apply', plan, '--confirm-target', 'staging', '--lock-timeout', '120']);
    // It has looked at both servers and shows what it would do.
    await second.waitFor('overwrite');
    await release();
    expect((await cli.ended).code).toBe(0);
    // The first has changed what it was to replace.
    expect((await second.ended).code).toBe(7);
    expect(await liveContent()).toBe('new');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const NAMES = ['a1', 'a2', 'a3', 'big', 'reader'];
const PLAN = `databases:\n${NAMES.map((name) => `  - name: ${name}`).join('\n')}\noptions: {max_concurrent: 1}`;

interface Answer {
  readonly run: string;
  readonly exit_code: number;
  readonly outcomes: readonly {
    readonly to: string;
    readonly status: string;
    readonly error: { readonly code: string; readonly message: string } | null;
  }[];
}

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  let saved: string;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    for (const name of NAMES) {
      await rig.source.query(`CREATE DATABASE ${name}`);
      rig.source.load(
        `CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(200)); INSERT INTO t VALUES (1, '${name}'), (2, NULL)`,
        name,
      );
    }
    rig.source.load(`INSERT INTO t SELECT 10 + a.id * 10 + b.id, REPEAT('x', 200) FROM t a, t b`, 'big');
    rig.source.load('CREATE VIEW v AS SELECT id FROM big.t', 'reader');
  });
  afterAll(async () => rig.stop());

  beforeEach(async () => {
    for (const name of [...NAMES, ...(await rig.scratchDatabases())])
      await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
    await rig.target.query(
      'CREATE DATABASE a1; CREATE TABLE a1.t (id INT PRIMARY KEY); CREATE DATABASE a2; CREATE TABLE a2.old (id INT)',
    );
    saved = join(rig.home, 'p.json');
    expect((await rig.run(['plan', rig.writePlan(PLAN), '--out', saved])).code).toBe(0);
  });
  afterEach(async () => {
    await rig.source.query('DROP TABLE IF EXISTS a3.later');
  });

  const words = () => ['apply', saved, '--claim', '--confirm-target', 'staging', '--json'];
  const spawn = () => rig.spawn(words());
  const answer = (stdout: string): Answer => JSON.parse(stdout) as Answer;
  const statuses = ({ outcomes }: Answer): Readonly<Record<string, string>> =>
    Object.fromEntries(outcomes.map(({ to, status }) => [to, status]));
  const expectCopied = async (): Promise<void> => {
    for (const name of NAMES)
      expect(await rig.contentOf('target', name), name).toEqual(await rig.contentOf('source', name));
  };
  /** Every database by exactly one run. */
  const readApplied = async (): Promise<readonly string[]> =>
    (await rig.target.query('SELECT live FROM mysqlsync.applied ORDER BY live')).map((row) =>
      String(row['live']),
    );

  test('several processes copy each database once', async () => {
    const ended = await Promise.all([spawn(), spawn(), spawn()].map(({ ended: end }) => end));
    for (const { code, stderr } of ended) expect([code, stderr]).toEqual([0, stderr]);
    const outcomes = ended.flatMap(({ stdout }) => answer(stdout).outcomes);
    const applied = outcomes.filter(({ status }) => status === 'applied').map(({ to }) => to);
    expect(applied.toSorted()).toEqual(NAMES);
    await expectCopied();
    const late = await spawn().ended;
    expect(late.code).toBe(0);
    expect(new Set(Object.values(statuses(answer(late.stdout))))).toEqual(new Set(['already-applied']));
    // Also on a machine that has never heard of it, one process alone does not apply it again.
    rig.forgetState();
    const alone = await rig.run(['apply', saved, '--confirm-target', 'staging']);
    expect([alone.code, alone.stderr]).toEqual([7, expect.stringContaining('PLAN_ALREADY_APPLIED')]);
  });

  test('what a killed worker left is recovered by whoever claims it next', async () => {
    const events = join(rig.home, 'events.jsonl');
    const killed = rig.spawn([...words(), '--events', events]);
    await waitForEvent(events, /"phase":"(copy|verify|swap)"/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { code, stdout, stderr } = await spawn().ended;
    expect([code, stderr]).toEqual([0, stderr]);
    expect(Object.values(statuses(answer(stdout)))).toContain('applied');
    await expectCopied();
    expect((await readApplied()).filter((name) => NAMES.includes(name))).toEqual(
      expect.arrayContaining(NAMES),
    );
    const left = await rig.scratchDatabases();
    expect(left.filter((name) => name.startsWith('mysql_sync_new'))).toEqual([]);
  });

  test('workers that know their number share the lanes', async () => {
    await rig.source.query('CREATE DATABASE lanes');
    const fill = `INSERT INTO one (v) SELECT REPEAT('x', 60000) FROM big.t, big.t b, big.t c LIMIT 100`;
    rig.source.load(
      `CREATE TABLE one (id INT PRIMARY KEY AUTO_INCREMENT, v MEDIUMTEXT); ${fill}; CREATE TABLE two LIKE one;
       INSERT INTO two SELECT * FROM one; ANALYZE TABLE one, two`,
      'lanes',
    );
    const countLanes = async (...more: readonly string[]): Promise<string | undefined> => {
      await rig.target.query('DROP DATABASE IF EXISTS lanes');
      const [file, events] = [join(rig.home, 'lanes.json'), join(rig.home, 'lanes.ndjson')];
      await rig.run(['plan', rig.writePlan('databases: [{name: lanes}]'), '--out', file]);
      const argv = ['apply', file, '--claim', '--auto-approve', '--events', events, ...more];
      const { code, stderr } = await rig.run(argv);
      expect([code, stderr]).toEqual([0, stderr]);
      return /native engine, (\d+ connections?)/.exec(readFileSync(events, 'utf8'))?.[1];
    };
    expect([await countLanes(), await countLanes('--workers', '4')]).toEqual([
      '2 connections',
      '1 connection',
    ]);
    await rig.source.query('DROP DATABASE lanes');
    await rig.target.query('DROP DATABASE lanes');
  });

  test('a database that moved since is refused, and the others are copied', async () => {
    await rig.source.query('CREATE TABLE a3.later (id INT)');
    const { code, stdout } = await rig.run(words());
    const { outcomes, exit_code: exit } = answer(stdout);
    expect([code, exit]).toEqual([7, 7]);
    expect(outcomes.find(({ to }) => to === 'a3')?.error).toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringContaining('a3: its structure changed on the source') as string,
    });
    expect(statuses(answer(stdout))).toMatchObject({ a1: 'applied', a2: 'applied', reader: 'applied' });
  });

  test('a worker and a run of something else keep each other out', async () => {
    // Its first swap cannot begin while somebody reads the table.
    const reader = await rig.target.connect();
    const events = join(rig.home, 'held.jsonl');
    await reader.query('LOCK TABLES a1.t READ');
    const worker = rig.spawn([...words(), '--events', events]);
    try {
      await waitForEvent(events, /"database":"a1","phase":"swap"/);
      const other = await rig.run(['apply', rig.writePlan(PLAN), '--confirm-target', 'staging']);
      expect(other.stderr).toMatch(
        /1 worker of a saved plan \(apply --claim\) is at work on this target, run \w{6}/,
      );
      expect(other.code).toBe(8);
      const { target, working } = JSON.parse((await rig.run(['status', saved, '--json'])).stdout) as {
        readonly target: string;
        readonly working: readonly unknown[];
      };
      expect(target).toBe('staging');
      expect(working).toEqual([
        expect.objectContaining({
          database: 'a1',
          plan: 'test',
          by: expect.stringMatching(/^tester@/) as string,
        }),
      ]);
      const elsewhere = answer((await spawn().ended).stdout);
      expect(elsewhere.exit_code).toBe(0);
      expect(statuses(elsewhere)).toMatchObject({ a1: 'elsewhere' });
    } finally {
      await reader.end();
    }
    expect((await worker.ended).code).toBe(0);
    await expectCopied();
    expect((await rig.run(['status', saved, '--json'])).stdout).toContain('"working": []');
  });

  test('a worker that lost its locks does not swap, and begins nothing more', async () => {
    const events = join(rig.home, 'lost.jsonl');
    const writer = await rig.source.connect();
    const worker = rig.spawn([...words(), '--events', events]);
    await waitForEvent(events, /"database":"big"/);
    await writer.query('LOCK TABLES a1.t WRITE');
    await waitForEvent(events, /"database":"a1","phase":"copy"/);
    worker.child.kill('SIGSTOP');
    // As a server does with a worker that has said nothing for too long.
    const [, run] = /"run":"(\w{6})"/.exec(readIfThere(events)) ?? [];
    const [seat] = await rig.target.query(`SELECT IS_USED_LOCK('mysql-sync:run:${run ?? ''}') AS id`);
    await rig.target.query(`KILL ${String(seat?.['id'])}`);
    worker.child.kill('SIGCONT');
    await writer.end();
    const { code, stdout } = await worker.ended;
    const { outcomes } = answer(stdout);
    expect(code).toBe(3);
    expect(outcomes.find(({ to }) => to === 'a1')?.error?.code).toBe('TARGET_LOCKED');
    expect(statuses(answer(stdout))).toMatchObject({ big: 'applied', a2: 'not-started', a3: 'not-started' });
    expect(Object.keys((await rig.contentOf('target', 'a2'))?.tables ?? {})).not.toEqual([]);
    expect((await spawn().ended).code).toBe(0);
    await expectCopied();
  });

  test('what cannot be shared is refused with the reason', async () => {
    const plain = await rig.run(['apply', rig.writePlan(PLAN), '--claim', '--confirm-target', 'staging']);
    expect([plain.code, plain.stderr]).toEqual([5, expect.stringContaining('--claim needs a saved plan')]);
    const batch = join(rig.home, 'batch.json');
    await rig.run(['plan', rig.writePlan(`${PLAN.slice(0, -1)}, consistency: batch}`), '--out', batch]);
    const together = await rig.run(['apply', batch, '--claim', '--confirm-target', 'staging']);
    expect([together.code, together.stderr]).toEqual([5, expect.stringContaining('no moment in common')]);
    expect((await rig.run([...words(), '--fail-fast'])).code).toBe(64);
    const alone = await rig.run(['apply', saved, '--workers', '2']);
    expect([alone.code, alone.stderr]).toEqual([64, expect.stringContaining('--workers needs --claim')]);
    await rig.target.query("CREATE USER poor@'%' IDENTIFIED BY 'pw-of-poor'");
    await rig.target.query("GRANT ALL ON a1.* TO poor@'%'; GRANT ALL ON `mysql\\_sync\\_%`.* TO poor@'%'");
    const target = rig.inlineTarget(rig.target.port).replace('tester', 'poor').replace('DB_', 'POOR_');
    const poor = join(rig.home, 'poor.json');
    const made = await rig.run(['plan', rig.writePlan('databases: [{name: a1}]', { target }), '--out', poor]);
    expect([made.code, made.stderr]).toEqual([0, made.stderr]);
    const denied = await rig.run(['apply', poor, '--claim', '--confirm-target', 'staging']);
    expect([denied.code, denied.stderr]).toEqual([
      4,
      expect.stringContaining("GRANT SELECT, INSERT, CREATE, DELETE ON `mysqlsync`.* TO 'poor'@'%'"),
    ]);
  });
});

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** The file of `--events` says so by now. */
const waitForEvent = (events: string, pattern: RegExp): Promise<void> =>
  expect.poll(() => pattern.test(readIfThere(events)), { timeout: 30_000, interval: 5 }).toBe(true);

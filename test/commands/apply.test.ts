import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';

const SHOP = readFileSync(join(import.meta.dirname, '../support/shop.sql'), 'utf8');

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ targetOptions: ['--max-allowed-packet=1M'] });
  await rig.source.query(
    'CREATE DATABASE shop CHARACTER SET latin1 COLLATE latin1_german1_ci; CREATE DATABASE crm',
  );
  rig.source.load(SHOP, 'shop');
  rig.source.load(
    'CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20)); INSERT INTO people VALUES (1, "a"), (2, "b")',
    'crm',
  );
});
afterAll(async () => rig.stop());

/** An older shop on the target: other rows, one table and some programs that the source does not have. */
beforeEach(async () => {
  await rig.target.query(
    'DROP DATABASE IF EXISTS shop; DROP DATABASE IF EXISTS crm; DROP DATABASE IF EXISTS shop_copy; CREATE DATABASE shop',
  );
  rig.target.load(
    `CREATE TABLE customers (id INT PRIMARY KEY);
     CREATE TABLE tmp_import (id INT PRIMARY KEY, KEY k (id));
     CREATE TABLE log_web (id INT PRIMARY KEY); INSERT INTO log_web VALUES (7);
     CREATE TRIGGER customers_bi BEFORE INSERT ON customers FOR EACH ROW SET NEW.id = NEW.id + 1;
     CREATE VIEW orders AS SELECT id FROM customers;
     CREATE PROCEDURE gone() SELECT 1;
     INSERT INTO customers VALUES (1), (2);`,
    'shop',
  );
});

const both = 'databases:\n  - name: shop\n  - name: crm';

test.each([
  ['no word about the engine', [], /shop: native engine, \d connections?,/],
  ['--engine dump', ['--engine', 'dump'], /^(?![^]*native engine)/],
])(
  'with %s, creates one database and overwrites another, with everything in them',
  async (_, flags, said) => {
    const plan = rig.writePlan(both);
    const { code, stdout, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging', ...flags]);
    expect(stderr).toMatch(said);
    expect(stderr).toContain('shop: swapping in');
    expect(stdout).toMatch(/crm +created +1 table +2 rows/);
    expect(stdout).toMatch(/shop +overwritten +3 tables/);
    expect(code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    expect(await rig.contentOf('target', 'crm')).toEqual(await rig.contentOf('source', 'crm'));
    // Nothing was written down by the copied trigger.
    expect(await rig.target.query('SELECT COUNT(*) AS n FROM shop.audit')).toEqual([{ n: 0 }]);
  },
);

test('a second apply replaces the first copy', async () => {
  const plan = rig.writePlan(both);
  await rig.run(['apply', plan, '--confirm-target', 'staging']);
  await rig.target.query("UPDATE shop.customers SET note = 'changed'; DELETE FROM crm.people");
  expect((await rig.run(['apply', plan, '--confirm-target', 'staging'])).code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  expect(await rig.contentOf('target', 'crm')).toEqual(await rig.contentOf('source', 'crm'));
});

test('under another name, views and keys stay within the copy', async () => {
  const plan = rig.writePlan('databases:\n  - {name: shop, as: shop_copy}');
  const { code, stderr } = await rig.run(['apply', plan, '--auto-approve']);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  expect(stderr).toContain('shop_copy: native engine');
  expect(stderr).not.toMatch(/^shop: /m);
  const copy = await rig.contentOf('target', 'shop_copy');
  expect(copy).toEqual(await rig.contentOf('source', 'shop'));
  const [row] = await rig.target.query(
    "SELECT REFERENCED_TABLE_SCHEMA AS parent FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = 'shop_copy' AND CONSTRAINT_NAME = 'fk_customer'",
  );
  expect(row).toEqual({ parent: 'shop_copy' });
  expect(await rig.target.query('SELECT COUNT(*) AS n FROM shop_copy.big_customers')).toEqual([{ n: 3 }]);
});

test('excluded tables stay, structure only stays empty, a condition chooses rows', async () => {
  const plan = rig.writePlan(
    'databases:\n  - name: shop\n    tables: {exclude: ["log_*"], structure_only: [audit], where: {orders: "id < 5010"}}',
  );
  const planned = await rig.run(['plan', plan, '--json']);
  const tables = (
    JSON.parse(planned.stdout) as {
      databases: { tables: { name: string; action: string; content: string }[] }[];
    }
  ).databases[0]?.tables;
  expect(tables?.map(({ name, action, content }) => `${name} ${action} ${content}`)).toEqual([
    'audit create none',
    'customers replace all',
    'orders create filtered',
    'log_web keep none',
    'tmp_import drop none',
  ]);
  expect((await rig.run(['apply', plan, '--confirm-target', 'staging'])).code).toBe(0);
  expect(await rig.target.query('SELECT id FROM shop.log_web')).toEqual([{ id: 7 }]);
  expect(await rig.target.query('SELECT COUNT(*) AS n, MAX(id) AS most FROM shop.orders')).toEqual([
    { n: 10, most: 5009 },
  ]);
  expect(await rig.target.query("SHOW TABLES FROM shop LIKE 'tmp%'")).toEqual([]);
});

test('of some tables only, everything else of the target stays through apply, verify and rollback', async () => {
  await rig.target.query('DROP VIEW shop.orders; CREATE VIEW shop.own AS SELECT id FROM shop.log_web');
  await rig.target.query('ALTER DATABASE shop CHARACTER SET ascii');
  const before = await rig.contentOf('target', 'shop');
  const plan = rig.writePlan('databases:\n  - name: shop\n    tables: {only: [orders, customers]}');
  expect((await rig.run(['apply', plan, '--confirm-target', 'staging'])).code).toBe(0);
  const tables = await rig.target.query(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop' ORDER BY 1",
  );
  expect(tables.map(({ name }) => name as string)).toEqual([
    'customers',
    'log_web',
    'orders',
    'own',
    'tmp_import',
  ]);
  expect(
    await rig.target.query(
      "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'shop'",
    ),
  ).toEqual([{ ROUTINE_NAME: 'gone' }]);
  expect(await rig.target.query('SHOW TRIGGERS FROM shop')).toMatchObject([{ Trigger: 'orders_ai' }]);
  expect(await rig.target.query('SELECT id FROM shop.own')).toEqual([{ id: 7 }]);
  expect(await rig.target.query('SHOW CREATE DATABASE shop')).toMatchObject([
    { 'Create Database': expect.stringContaining('ascii') as string },
  ]);
  expect((await rig.run(['verify', plan])).code).toBe(0);
  expect((await rig.rollBackNewest()).code).toBe(0);
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
});

test('excluded programs are not copied, and stay on the target through apply, verify and rollback', async () => {
  const plan = rig.writePlan(
    'databases:\n  - name: shop\n    programs: {exclude: ["big_*", gone, clean_audit, orders_ai]}',
  );
  await rig.target.query('CREATE VIEW shop.big_orders AS SELECT 1 AS own');
  const listPrograms = async (): Promise<readonly unknown[]> => {
    const rows = await rig.target.query(
      `SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'shop'
       UNION ALL SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'shop'
       UNION ALL SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'shop'
       UNION ALL SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'shop'`,
    );
    return rows.map(({ name }) => String(name)).sort();
  };
  const before = await listPrograms();
  expect((await rig.run(['apply', plan, '--confirm-target', 'staging'])).code).toBe(0);
  expect(await listPrograms()).toEqual(['big_orders', 'gone', 'pairs', 'place_order', 'with_tax']);
  expect(await rig.target.query('SELECT own FROM shop.big_orders')).toEqual([{ own: 1 }]);
  expect((await rig.run(['verify', plan])).code).toBe(0);
  expect((await rig.rollBackNewest()).code).toBe(0);
  expect(await listPrograms()).toEqual(before);
  expect(await rig.target.query('SELECT own FROM shop.big_orders')).toEqual([{ own: 1 }]);
});

describe('one failing database', () => {
  const three = 'databases:\n  - name: big\n  - name: shop\n  - name: crm';
  beforeAll(async () => {
    await rig.source.query('CREATE DATABASE big; CREATE TABLE big.t (id INT PRIMARY KEY, b LONGBLOB)');
    await rig.source.query("SET SESSION sql_mode = ''; INSERT INTO big.t VALUES (1, REPEAT('x', 4000000))");
    await rig.target.query(
      "CREATE DATABASE big; CREATE TABLE big.t (id INT PRIMARY KEY, old VARCHAR(5)); INSERT INTO big.t VALUES (9, 'old')",
    );
  });
  afterAll(async () => {
    await rig.source.query('DROP DATABASE big');
    await rig.target.query('DROP DATABASE big');
  });

  test('does not stop the others, keeps its target, and is named with the server error', async () => {
    const before = await rig.contentOf('target', 'big');
    const plan = rig.writePlan(three);
    const { code, stdout } = await rig.run([
      'apply',
      plan,
      '--confirm-target',
      'staging',
      '--engine',
      'dump',
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/big +FAILED/);
    expect(stdout).toMatch(/max_allowed_packet/);
    expect(stdout).toContain('big on the target is UNCHANGED');
    expect(stdout).toMatch(new RegExp(`Retry only that one: {2}mysql-sync apply ${plan} --retry \\w{6}\n`));
    expect(await rig.contentOf('target', 'big')).toEqual(before);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    expect(await rig.contentOf('target', 'crm')).toEqual(await rig.contentOf('source', 'crm'));
  });

  test('with --fail-fast nothing more is started', async () => {
    const { code, stdout } = await rig.run([
      'apply',
      rig.writePlan(three),
      '--confirm-target',
      'staging',
      '--engine',
      'dump',
      '--fail-fast',
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/shop +not started/);
    expect(await rig.contentOf('target', 'crm')).toBeUndefined();
  });

  describe('is retried without the others', () => {
    const apply = (...words: readonly string[]) =>
      rig.run(['apply', ...words, '--confirm-target', 'staging', '--engine', 'dump']);
    const runIn = (stdout: string): string => /RECAP on staging +run (\w+)/.exec(stdout)?.[1] ?? '';
    let plan: string;
    let first: string;
    beforeAll(async () => {
      plan = rig.writePlan(three);
      first = runIn((await apply(plan)).stdout);
    });

    test('as what the last run of the plan left', async () => {
      const { code, stdout, stderr } = await apply(plan, '--retry');
      expect([code, stderr]).toEqual([
        3,
        expect.stringContaining(`Retry of run ${first}: 1 of 3 databases.\n`),
      ]);
      expect(stdout).toMatch(/big +FAILED/);
      expect(stdout).not.toMatch(/shop|crm/);
    });

    test('with the plan as it is now, without what that no longer copies', async () => {
      writeFileSync(plan, readFileSync(plan, 'utf8').replace('- name: big', '- name: big\n    as: larger'));
      const { code, stderr } = await apply(plan, '--retry', first);
      writeFileSync(plan, readFileSync(plan, 'utf8').replace('\n    as: larger', ''));
      expect(code).toBe(0);
      expect(stderr).toContain('The plan was changed since; it is planned as it is now.\n');
      expect(stderr).toContain('big: left out, the plan does not copy to it any more\n');
    });

    test.each<readonly [string, (run: string) => readonly string[], number, string]>([
      [
        'a run that is not known',
        () => ['--retry=zzzzzz'],
        5,
        'error[RUN_UNKNOWN] no run is called "zzzzzz"',
      ],
      ['a plan that was never applied', () => [rig.writePlan(both), '--retry'], 5, 'has no apply of'],
      ['a plan from stdin', () => ['-', '--retry'], 5, 'name the run to retry'],
      ['--only beside it', () => [plan, '--retry', '--only', 'big'], 64, '--retry'],
      [
        'another target',
        (run) => [
          rig.writePlan(three, { target: rig.inlineTarget(rig.target.port).replace('staging', 'elsewhere') }),
          '--retry',
          run,
        ],
        5,
        `was on staging, and the plan's target is elsewhere`,
      ],
    ])('but not with %s', async (_, wordsFor, exit, message) => {
      const { code, stderr } = await apply(...wordsFor(first));
      expect([code, stderr]).toEqual([exit, expect.stringContaining(message)]);
    });

    test('but not with a saved plan', async () => {
      const saved = join(rig.home, 'saved.json');
      await rig.run(['plan', plan, '--out', saved]);
      const { code, stderr } = await apply(saved, '--retry');
      expect([code, stderr]).toEqual([
        5,
        expect.stringContaining(`Retry with the sync plan:  mysql-sync apply ${plan} --retry\n`),
      ]);
    });

    test('by the run alone; then there is nothing left to retry', async () => {
      await rig.target.query('SET GLOBAL max_allowed_packet = 16777216');
      const retried = await apply('--retry', first);
      await rig.target.query('SET GLOBAL max_allowed_packet = 1048576');
      expect(retried.stdout).toMatch(/big +overwritten/);
      expect(retried.code).toBe(0);
      const { code, stdout, stderr } = await apply(plan, '--retry');
      expect([code, stdout]).toEqual([0, '']);
      expect(stderr).toBe(`Nothing to retry: run ${runIn(retried.stdout)} applied all of its databases.\n`);
    });
  });
});

describe('approval without a terminal', () => {
  test.each([
    ['none', [], 'APPROVAL_REQUIRED'],
    ['--auto-approve for an overwrite', ['--auto-approve'], 'APPROVAL_REQUIRED'],
    ['another name', ['--confirm-target', 'production'], 'Aborted. Nothing was changed.'],
  ])('%s', async (_case, flags, text) => {
    const before = await rig.contentOf('target', 'shop');
    const { code, stderr } = await rig.run(['apply', rig.writePlan(both), ...flags], 'staging\ny\n');
    expect(code).toBe(6);
    expect(stderr).toContain(text);
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
    expect(await rig.contentOf('target', 'crm')).toBeUndefined();
  });
});

test('several databases at once give the same result', async () => {
  const plan = rig.writePlan(both);
  expect((await rig.run(['apply', plan, '--confirm-target', 'staging', '--max-concurrent', '2'])).code).toBe(
    0,
  );
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  expect(await rig.contentOf('target', 'crm')).toEqual(await rig.contentOf('source', 'crm'));
});

test.each([
  ['1', ['crm', 'shop']],
  ['2', ['shop', 'crm']],
])('%s at once: in the order of the plan, or the largest first', async (atOnce, order) => {
  const plan = rig.writePlan('databases:\n  - name: crm\n  - name: shop');
  const events = join(rig.home, 'order.jsonl');
  const flags = ['--confirm-target', 'staging', '--max-concurrent', atOnce, '--events', events];
  expect((await rig.run(['apply', plan, ...flags])).code).toBe(0);
  const started = readFileSync(events, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string; readonly database?: string })
    .filter(({ type }) => type === 'database-started');
  expect(started.map(({ database }) => database)).toEqual(order);
});

test('--json is one document with the outcomes', async () => {
  const { stdout, code } = await rig.run([
    'apply',
    rig.writePlan(both),
    '--confirm-target',
    'staging',
    '--json',
  ]);
  const result = JSON.parse(stdout) as {
    ok: boolean;
    outcomes: { to: string; status: string; target_state: string; verification: object }[];
  };
  expect(result.ok).toBe(true);
  expect(result.outcomes.map(({ to, status, target_state: state }) => [to, status, state])).toEqual([
    ['shop', 'applied', 'new'],
    ['crm', 'applied', 'new'],
  ]);
  expect(result.outcomes[0]?.verification).toMatchObject({ digested: 3, counted: 3, moved_on_source: [] });
  expect(code).toBe(0);
});

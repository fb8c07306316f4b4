import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const SOURCE = `
CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
CREATE TABLE jobs (id INT PRIMARY KEY, status VARCHAR(20)) ENGINE=InnoDB;
INSERT INTO jobs VALUES (1, 'queued'), (2, 'running'), (3, 'done');
CREATE TABLE settings (name VARCHAR(50) PRIMARY KEY, value TEXT) ENGINE=InnoDB;
INSERT INTO settings VALUES ('site_url', 'https://shop.example');
CREATE TABLE users (id INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO users VALUES (1), (2);
CREATE TABLE sessions (id INT PRIMARY KEY, user INT, FOREIGN KEY (user) REFERENCES users (id) ON DELETE CASCADE) ENGINE=InnoDB;
INSERT INTO sessions VALUES (1, 1), (2, 2);
CREATE TABLE log (id INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO log VALUES (1);
CREATE TRIGGER on_job BEFORE UPDATE ON jobs FOR EACH ROW SET NEW.id = NEW.id + 100;
CREATE VIEW open_jobs AS SELECT id FROM jobs WHERE status <> 'done';
CREATE DATABASE blog; USE blog; CREATE TABLE posts (id INT PRIMARY KEY); INSERT INTO posts VALUES (1);`;

const CANCEL = "UPDATE jobs SET status = 'cancelled' WHERE status IN ('queued', 'running')";
const MOVE = "UPDATE settings SET value = 'https://staging.example' WHERE name = 'site_url'";

/** Of shop under another name, and blog. */
const plan = (hooks: string, options = ''): string =>
  `databases:\n  - {name: shop, as: copy}\n  - name: blog\nhooks:\n${hooks}\n${options}`;

const HOOKS = `  staged:
    - {in: shop, run: "${CANCEL}"}
    - {in: sho*, run: "${MOVE}"}
    - {in: shop, run: DELETE FROM users WHERE id = 2}
  assert:
    - {in: shop, run: SELECT COUNT(*) = 2 FROM jobs WHERE status = 'cancelled'}
    - {in: blog, none: SELECT * FROM posts WHERE id > 1}`;

interface Outcome {
  readonly to: string;
  readonly status: string;
  readonly hooks?: readonly { readonly kind: string; readonly sql: string; readonly rows: number | null }[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hints: readonly string[];
  } | null;
}

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({
      flavor,
      sourceOptions: ['--log-bin-trust-function-creators=1'],
      targetOptions: ['--log-bin-trust-function-creators=1'],
    });
    rig.source.load(SOURCE);
  });
  afterAll(async () => {
    await rig.stop();
  });

  const apply = async (file: string) => {
    const { code, stdout, stderr } = await rig.run(['apply', file, '--confirm-target', 'staging', '--json']);
    const { outcomes } = JSON.parse(stdout) as { readonly outcomes: readonly Outcome[] };
    return {
      code,
      stderr,
      shop: outcomes.find(({ to }) => to === 'copy'),
      blog: outcomes.find(({ to }) => to === 'blog'),
    };
  };
  const readStatuses = async (): Promise<readonly unknown[]> =>
    (await rig.target.query('SELECT id, status FROM copy.jobs ORDER BY id')).map(
      ({ id, status }) => `${String(id)} ${String(status)}`,
    );

  test.each(['native', 'dump'])(
    'by the %s engine: hooks change the copy before it is live, and assertions look at it',
    async (engine) => {
      const file = rig.writePlan(plan(HOOKS, `options: {engine: ${engine}}`));
      const { code, stderr, shop, blog } = await apply(file);
      expect(code, stderr).toBe(0);
      expect(shop?.hooks?.map(({ kind, rows }) => [kind, rows])).toEqual([
        ['staged', 2],
        ['staged', 1],
        ['staged', 1],
        ['assert', null],
      ]);
      expect(blog?.hooks?.map(({ kind, rows }) => [kind, rows])).toEqual([['none', null]]);
      // The trigger is of the copy, and is made after the hooks.
      expect(await readStatuses()).toEqual(['1 cancelled', '2 cancelled', '3 done']);
      expect(await rig.target.query('SELECT value FROM copy.settings')).toEqual([
        { value: 'https://staging.example' },
      ]);
      const history = await rig.run(['history', 'show', '--json']);
      expect(history.stdout).toContain(JSON.stringify(CANCEL));
    },
  );

  test('verify compares what hooks do not change, also by foreign keys', async () => {
    const file = rig.writePlan(plan(HOOKS));
    expect((await rig.run(['verify', file])).code).toBe(0);
    const { stdout } = await rig.run(['verify', file, '--json']);
    const { databases } = JSON.parse(stdout) as {
      readonly databases: readonly {
        readonly to: string;
        readonly changed_by_hooks?: readonly string[];
        readonly compared: readonly { readonly table: string }[];
      }[];
    };
    const [shop] = databases;
    expect(shop?.changed_by_hooks?.toSorted()).toEqual(['jobs', 'sessions', 'settings', 'users']);
    expect(shop?.compared.map(({ table }) => table)).toEqual(['log']);
    await rig.target.query('INSERT INTO copy.log VALUES (7)');
    expect((await rig.run(['verify', file])).code).toBe(3);
    await rig.target.query('DELETE FROM copy.log WHERE id = 7');
  });

  test('plan lists hooks everywhere, and a saved plan pins them', async () => {
    const file = rig.writePlan(plan(HOOKS));
    const text = await rig.run(['plan', file, '-v']);
    expect(text.stdout).toContain(`hook\tcopy\tstaged\t${CANCEL}\tjobs`);
    const { stdout } = await rig.run(['plan', file, '--json']);
    const { databases } = JSON.parse(stdout) as {
      readonly databases: readonly { readonly hooks?: readonly { readonly sql: string }[] }[];
    };
    expect(databases[0]?.hooks?.map(({ sql }) => sql)).toContain(MOVE);
    const saved = join(rig.home, 'saved.json');
    expect((await rig.run(['plan', file, '--out', saved])).code).toBe(0);
    writeFileSync(file, readFileSync(file, 'utf8').replace('cancelled', 'gone'));
    const stale = await rig.run(['apply', saved, '--confirm-target', 'staging']);
    expect(stale.stderr).toContain('PLAN_STALE');
  });

  test('other hooks than those of the last copy are a change, the same ones are not', async () => {
    const rows = '{in: shop, run: "UPDATE log SET id = id + 1 WHERE id = 1"}';
    const file = rig.writePlan(plan(`  staged:\n    - ${rows}`));
    expect((await apply(file)).code).toBe(0);
    const read = async (path: string) => {
      const { stdout } = await rig.run(['plan', path, '--json']);
      const { databases } = JSON.parse(stdout) as {
        readonly databases: readonly {
          readonly sameness?: { readonly verdict: string; readonly reasons: readonly string[] };
        }[];
      };
      return databases[0]?.sameness;
    };
    // Within the second of the swap nobody can tell.
    expect(['unwritten', 'not-compared']).toContain((await read(file))?.verdict);
    const other = rig.writePlan(plan(`  staged:\n    - ${rows.replace('+ 1', '+ 2')}`));
    expect(await read(other)).toMatchObject({
      verdict: 'different',
      reasons: ['its hooks are not those of the last copy'],
    });
    const none = rig.writePlan('databases:\n  - {name: shop, as: copy}\n  - name: blog');
    expect((await read(none))?.verdict).toBe('different');
    const { stdout } = await rig.run(['plan', none, '--rows', '--json']);
    expect(stdout).toContain('"verdict": "different"');
  });

  const FAILURES: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      'a statement that the server refuses',
      '  staged: ["UPDATE jobs SET nothing = 1"]',
      'HOOK_FAILED',
      ['UPDATE jobs SET nothing = 1', '1054'],
    ],
    [
      'a false value',
      '  assert: [SELECT COUNT(*) = 0 FROM jobs]',
      'ASSERT_FAILED',
      ['SELECT COUNT(*) = 0 FROM jobs', 'returned 0'],
    ],
    ['NULL', '  assert: [SELECT MAX(id) FROM jobs WHERE id > 9]', 'ASSERT_FAILED', ['returned NULL']],
    ['text', '  assert: ["SELECT \'yes\' FROM jobs WHERE id = 1"]', 'ASSERT_FAILED', ['returned yes']],
    ['several rows', '  assert: [SELECT id FROM jobs]', 'ASSERT_FAILED', ['returned 3 rows of 1 column']],
    [
      'rows where there must be none',
      '  assert: [{none: "SELECT id, status FROM jobs ORDER BY id"}]',
      'ASSERT_FAILED',
      ['returned 3 rows', 'id, status', '1, queued'],
    ],
    [
      'many rows where there must be none',
      '  assert: [{none: SELECT a.id FROM jobs a JOIN jobs b}]',
      'ASSERT_FAILED',
      ['more than 5 rows'],
    ],
  ];
  test.each(FAILURES)(
    '%s: fails its database, and the target is as it was',
    async (_, hooks, expected, words) => {
      const before = await rig.contentOf('target', 'copy');
      const file = rig.writePlan(
        `databases:\n  - {name: shop, as: copy, hooks: {\n${hooks.replaceAll(/^ {2}/gm, '      ')}\n    }}\n  - name: blog`,
      );
      const { code, shop, blog } = await apply(file);
      expect([code, shop?.status, blog?.status]).toEqual([3, 'failed', 'applied']);
      expect(shop?.error?.code).toBe(expected);
      for (const word of words)
        expect(`${shop?.error?.message ?? ''}\n${shop?.error?.hints.join('\n') ?? ''}`).toContain(word);
      expect(await rig.contentOf('target', 'copy')).toEqual(before);
      expect((await rig.scratchDatabases()).filter((name) => name.startsWith('mysql_sync_new'))).toEqual([]);
    },
  );

  test.each([
    ['{run: UPDATE joobs SET id = 1, in: shop}', 'HOOK_UNKNOWN_TABLE', 'did you mean "jobs"?'],
    ['UPDATE jobs SET id = 1', 'HOOK_UNKNOWN_TABLE', '{in: DATABASE, run: SQL}'],
    ['{run: DELETE FROM open_jobs, in: shop}', 'HOOK_UNKNOWN_TABLE', 'views are made after the hooks'],
    ['{run: DELETE FROM jobs, in: shops}', 'SELECTION_INVALID', 'did you mean "shop"?'],
    ['{run: DELETE FROM shop.jobs, in: shop}', 'PLAN_SCHEMA', 'leave the database name out'],
    ['{ru: DELETE FROM jobs}', 'PLAN_SCHEMA', 'did you mean "run"?'],
    ['DROP TABLE jobs', 'PLAN_SCHEMA', 'UPDATE, INSERT, DELETE or REPLACE'],
  ])('%s: is refused in the plan', async (hook, code, words) => {
    const {
      code: exit,
      stderr,
      stdout,
    } = await rig.run(['plan', rig.writePlan(plan(`  staged: [${hook}]`))]);
    expect(exit).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain(code);
    expect(`${stdout}${stderr}`).toContain(words);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'the second %s in the middle of a hook ends its statement, and the target is as it was',
    async (signal) => {
      const before = await rig.contentOf('target', 'copy');
      const file = rig.writePlan(plan('  assert: [{in: shop, run: SELECT SLEEP(600) = 0 FROM log}]'));
      const running = rig.spawn(['apply', file, '--confirm-target', 'staging']);
      const isSleeping = async (): Promise<number> =>
        (
          await rig.target.query(
            "SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(600)%' AND INFO NOT LIKE '%PROCESSLIST%'",
          )
        ).length;
      await expect.poll(isSleeping, { timeout: 30_000 }).toBe(1);
      running.child.kill(signal);
      await running.waitFor(`${signal}: finishing`);
      running.child.kill(signal);
      const { code, stderr } = await running.ended;
      expect(code, stderr).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(await isSleeping()).toBe(0);
      expect(await rig.contentOf('target', 'copy')).toEqual(before);
      expect((await rig.scratchDatabases()).filter((name) => name.startsWith('mysql_sync_new'))).toEqual([]);
    },
  );
});

const [mariadb, mysql] = ['mariadb-10.11', 'mysql-9.7'].map((id) => flavors.find((one) => one.id === id));

describe.runIf(mariadb && mysql).each([
  ['MariaDB to MySQL', mariadb, mysql],
  ['MySQL to MariaDB', mysql, mariadb],
] as const)('from %s', (_, flavor, targetFlavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({
      ...(flavor && { flavor }),
      ...(targetFlavor && { targetFlavor }),
      sourceOptions: ['--log-bin-trust-function-creators=1'],
      targetOptions: ['--log-bin-trust-function-creators=1'],
    });
    rig.source.load(SOURCE);
  });
  afterAll(async () => rig.stop());

  test('hooks run in the copy as the target has it', async () => {
    const file = rig.writePlan(plan(HOOKS));
    const { code, stdout, stderr } = await rig.run(['apply', file, '--confirm-target', 'staging', '--json']);
    expect(code, stderr).toBe(0);
    const { outcomes } = JSON.parse(stdout) as { readonly outcomes: readonly Outcome[] };
    expect(outcomes.find(({ to }) => to === 'copy')?.hooks?.map(({ rows }) => rows)).toEqual([2, 1, 1, null]);
    expect(await rig.target.query("SELECT id FROM copy.jobs WHERE status = 'cancelled' ORDER BY id")).toEqual(
      [{ id: 1 }, { id: 2 }],
    );
    expect((await rig.run(['verify', file])).code).toBe(0);
  });
});

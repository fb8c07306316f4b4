import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CliResult, RunningCli } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { APPLY_WORDS, type HeldSource, startHeldSource } from '../support/held-source.js';
import type { Rig } from '../support/rig.js';

/** An apply is killed in the middle of its copy; the next one of the same plan goes on from what it left. */

const ROWS = Array.from({ length: 3000 }, (_, at) => at + 1);
const fill = (table: string, row: (id: number) => string): string =>
  `INSERT INTO ${table} VALUES ${ROWS.map((id) => `(${row(id)})`).join(', ')}`;

const SHOP = [
  'CREATE DATABASE shop CHARACTER SET utf8mb4',
  'CREATE TABLE shop.customers (id INT AUTO_INCREMENT PRIMARY KEY, mail VARCHAR(40) UNIQUE, note VARCHAR(400), KEY (mail, id))',
  `CREATE TABLE shop.orders (id INT PRIMARY KEY, customer INT, note VARCHAR(200), KEY by_customer (customer),
   CONSTRAINT by_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE)`,
  // The smallest comes last.
  'CREATE TABLE shop.colours (name VARCHAR(20) PRIMARY KEY)',
  "INSERT INTO shop.colours VALUES ('red')",
  fill('shop.customers', (id) => `${String(id)}, 'c${String(id)}@example.com', REPEAT('n', 400)`),
  fill('shop.orders', (id) => `${String(id)}, ${String(id)}, REPEAT('n', 200)`),
  'CREATE TRIGGER shop.noted BEFORE INSERT ON shop.orders FOR EACH ROW SET NEW.note = UPPER(NEW.note)',
];

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('on $id', (flavor) => {
  let held: HeldSource;
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    held = await startHeldSource(flavor, async (source) => {
      for (const sql of SHOP) await source.query(sql);
      // Sizes decide which table comes first.
      await source.query('ANALYZE TABLE shop.customers, shop.orders, shop.colours');
    });
    ({ rig, plan } = held);
  });
  afterAll(() => held.stop());
  beforeEach(() => rig.clearTarget('shop'));
  afterEach(() => held.killLast());

  const apply = async (...more: readonly string[]): Promise<CliResult> => {
    const result = await rig.run(['apply', plan, ...APPLY_WORDS, ...more]);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    return result;
  };

  let release: () => void;

  /** An apply that has copied two tables and is about to read the rows of the last one. */
  const applyUntilLastTable = async (
    env: Readonly<Record<string, string>> = {},
    what: readonly string[] = [plan],
  ): Promise<RunningCli> => {
    const begun = await held.applyUntil(/^SELECT (?!EXISTS|\d+,).*FROM `shop`\.`colours`/s, env, what);
    release = begun.release;
    const [staging = ''] = (await rig.scratchDatabases()).filter((name) => name.includes('_new_'));
    const countRows = (): Promise<unknown> =>
      rig.target.query(
        `SELECT (SELECT COUNT(*) FROM \`${staging}\`.customers) AS customers, (SELECT COUNT(*) FROM \`${staging}\`.orders) AS orders`,
      );
    await expect
      .poll(countRows, { timeout: 30_000 })
      .toEqual([{ customers: ROWS.length, orders: ROWS.length }]);
    return begun.running;
  };

  const kill = async (running: RunningCli): Promise<void> => {
    running.child.kill('SIGKILL');
    await running.ended;
  };

  /** Rows that the target was given since it started. */
  const countWritten = async (): Promise<number> => {
    const name = flavor.vendor === 'mysql' ? 'Innodb_rows_inserted' : 'Handler_write';
    const [row] = await rig.target.query(`SHOW GLOBAL STATUS LIKE '${name}'`);
    return Number(row?.['Value']);
  };

  const change = async (round: number): Promise<void> => {
    for (const sql of [
      `UPDATE shop.customers SET note = 'round ${String(round)}' WHERE id = ${String(round)}`,
      `UPDATE shop.orders SET note = 'round ${String(round)}' WHERE id = ${String(round)}`,
      `INSERT INTO shop.colours VALUES ('colour ${String(round)}')`,
    ])
      await rig.source.query(sql);
  };

  /** What `plan --rows` says of each table. */
  const foresee = async (): Promise<Readonly<Record<string, object | undefined>>> => {
    const { code, stdout, stderr } = await rig.run(['plan', plan, '--rows', '--json']);
    expect(code, stderr).toBe(0);
    const { databases } = JSON.parse(stdout) as {
      readonly databases: readonly {
        readonly tables: readonly { readonly name: string; readonly refresh?: object }[];
      }[];
    };
    const tables = databases[0]?.tables ?? [];
    return Object.fromEntries(tables.map(({ name, refresh }) => [name, refresh]));
  };

  const expectSame = async (): Promise<void> => {
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  };

  test('a first copy that was killed: rows that are there do not travel again', async () => {
    await kill(await applyUntilLastTable());
    const planned = await rig.run(['plan', plan, '--json']);
    const { scratch, recovery } = JSON.parse(planned.stdout) as Record<string, readonly unknown[]>;
    expect(recovery).toEqual([]);
    expect(scratch).toEqual([expect.objectContaining({ state: 'staging', live: 'shop' })]);
    for (const sql of [
      "UPDATE shop.customers SET mail = 'new@example.com' WHERE id = 7",
      'DELETE FROM shop.orders WHERE id = 2000',
      "INSERT INTO shop.orders VALUES (5000, 7, 'late')",
      "INSERT INTO shop.colours VALUES ('blue')",
    ])
      await rig.source.query(sql);
    expect(await foresee()).toEqual({
      colours: undefined,
      customers: { base: 'unfinished', would: 'patch', insert: 0, change: 1, delete: 0 },
      orders: { base: 'unfinished', would: 'patch', insert: 1, change: 0, delete: 1 },
    });
    const piped = await rig.run(['plan', plan, '--rows', '-v']);
    expect(piped.stdout).toContain('refresh\tshop\torders\tresume\t\t1\t0\t1\n');
    const markdown = await rig.run(['plan', plan, '--rows', '--format', 'markdown']);
    expect(markdown.stdout).toContain(
      '~ patched: orders (made of a copy that was not finished: 1 to insert, 0 to change, 1 to delete)',
    );
    const before = await countWritten();
    const { stdout } = await apply();
    expect(stdout).toContain('2 tables started from a copy that was not finished: 2 of 6 000 rows copied');
    expect((await countWritten()) - before).toBeLessThan(ROWS.length);
    await expectSame();
    await expect(
      rig.target.query('INSERT INTO shop.orders (id, customer) VALUES (6000, 50000)'),
    ).rejects.toThrow();
    expect((await rig.scratchDatabases()).filter((name) => name.includes('_new_'))).toEqual([]);
  });

  test('a refresh that was killed twice: it starts from what is kept, then from what the one before left', async () => {
    await apply();
    await change(1);
    await apply();
    const old = await rig.contentOf('target', 'shop');
    await change(2);
    await kill(await applyUntilLastTable());
    await change(3);
    await kill(await applyUntilLastTable());
    expect(await rig.contentOf('target', 'shop')).toEqual(old);
    await change(4);
    const patch = { base: 'unfinished', would: 'patch', reason: 'its rows differ' };
    expect(await foresee()).toEqual({
      colours: { ...patch, insert: 4, change: 0, delete: 0 },
      customers: { ...patch, insert: 0, change: 4, delete: 0 },
      orders: { ...patch, insert: 0, change: 4, delete: 0 },
    });
    const { stdout } = await apply();
    // Where most rows of a range differ, all are copied.
    expect(stdout).toMatch(/3 tables started from a copy that was not finished: 1\d of 6 \d+ rows copied/);
    await expectSame();
    const { code, stderr } = await rig.rollBackNewest();
    expect(code, stderr).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(old);
  });

  test('a full copy drops it', async () => {
    await kill(await applyUntilLastTable());
    expect((await apply('--full')).stderr).toMatch(/removed mysql_sync_new_\w+, left behind by a run/);
    await expectSame();
  });

  test.each([
    ['goes on', [], /2 tables started from a copy that was not finished: 0 of 6 \d+ rows copied/],
    ['begins again', ['--discard'], /removed mysql_sync_new_\w+, left behind by a run/],
  ] as const)('a copy that was stopped stays, and the next apply %s', async (_, flags, said) => {
    const running = await applyUntilLastTable();
    for (const word of ['finishing what is in flight', 'stopping now']) {
      running.child.kill('SIGINT');
      await running.waitFor(word);
    }
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain(
      'what was copied stays on the target, and the next apply of this plan within 7 days goes on from it; apply --discard drops it',
    );
    expect(await rig.scratchDatabases()).toHaveLength(2);
    const { stdout: recap, stderr: told } = await apply(...flags);
    expect(recap + told).toMatch(said);
    await expectSame();
  });

  test('a copy that lost its source stays, and the next apply goes on', async () => {
    const running = await applyUntilLastTable({ MYSQL_SYNC_CONNECTIONS_MAX_RETRIES: '0' });
    rig.source.kill('SIGKILL');
    const { code, stdout, stderr } = await running.ended;
    await rig.source.restart();
    // The account's first login to MySQL is to be an encrypted one.
    await rig.source.query('DO 0');
    expect(code, stdout + stderr).toBe(3);
    expect(stderr).toContain('what was copied stays on the target, and the next apply of this plan');
    expect((await apply()).stdout).toMatch(
      /2 tables started from a copy that was not finished: 0 of 6 \d+ rows copied/,
    );
    await expectSame();
  });

  test('one that failed for what it copied is dropped', async () => {
    const running = await applyUntilLastTable();
    // The statement that is held back will find no such table.
    await rig.source.query('RENAME TABLE shop.colours TO shop.gone');
    release();
    const { code, stdout, stderr } = await running.ended;
    await rig.source.query('RENAME TABLE shop.gone TO shop.colours');
    expect(code, stdout + stderr).toBe(3);
    expect((await rig.scratchDatabases()).filter((name) => name.includes('_new_'))).toEqual([]);
  });

  test('another plan, or one that was changed, drops it', async () => {
    await kill(await applyUntilLastTable());
    const other = rig.writePlan('databases:\n  - name: shop\noptions: {refresh: auto, parallel: 2}');
    const { code, stdout, stderr } = await rig.run(['apply', other, ...APPLY_WORDS]);
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toMatch(/removed mysql_sync_new_\w+, left behind by a run/);
    expect(stdout).not.toContain('not finished');
    await expectSame();
  });

  test('a table that somebody altered there is copied anew', async () => {
    await kill(await applyUntilLastTable());
    const [staging = ''] = (await rig.scratchDatabases()).filter((name) => name.includes('_new_'));
    await rig.target.query(`ALTER TABLE ${staging}.orders ADD COLUMN theirs INT`);
    expect((await apply()).stdout).toContain('1 table started from a copy that was not finished: 0 of ');
    await expectSame();
  });

  test('one that is more than a week old is not used', async () => {
    const later = join(rig.home, 'later');
    writeFileSync(later, '');
    const preload = `--import=${resolve(import.meta.dirname, '../support/moved-clock.mjs')}`;
    await kill(await applyUntilLastTable({ NODE_OPTIONS: preload, CLOCK_MOVED_WHILE: later }));
    expect((await apply()).stdout).not.toContain('not finished');
    expect((await rig.scratchDatabases()).filter((name) => name.includes('_new_'))).toEqual([]);
    await expectSame();
  });

  test('workers that share a saved plan go on from what one of them left, and a plan that is saved later does', async () => {
    for (const what of [['--claim'], []]) {
      await rig.target.query('SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS shop');
      const saved = join(rig.home, `saved${String(what.length)}.json`);
      const save = async (): Promise<void> => {
        const { code, stderr } = await rig.run(['plan', plan, '--out', saved]);
        expect(code, stderr).toBe(0);
      };
      await save();
      await kill(await applyUntilLastTable({}, [saved, ...what]));
      // Without --claim a saved plan is good once.
      if (what.length === 0) await save();
      const { code, stdout, stderr } = await rig.run(['apply', saved, ...what, ...APPLY_WORDS]);
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toContain('2 tables started from a copy that was not finished: 0 of ');
      expect((await rig.scratchDatabases()).filter((name) => name.includes('_new_'))).toEqual([]);
      await expectSame();
    }
  });
});

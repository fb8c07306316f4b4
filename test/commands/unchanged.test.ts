import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import type { TestServer } from '../support/servers.js';

/** Tables with rows, two of them alike, an empty one and one whose rows stay behind. */
const SOURCE = `
CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
CREATE TABLE orders (id INT PRIMARY KEY, total INT) ENGINE=InnoDB; INSERT INTO orders VALUES (1, 10), (2, 20);
CREATE TABLE files (id INT PRIMARY KEY) ENGINE=MyISAM; INSERT INTO files VALUES (1);
CREATE TABLE nothing (id INT PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE audit (id INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO audit VALUES (1);
CREATE VIEW large AS SELECT id FROM orders WHERE total > 15;
CREATE FUNCTION twice(a INT) RETURNS INT DETERMINISTIC RETURN a * 2;`;
const PLAN = 'databases:\n  - name: shop\n    tables: {structure_only: [audit]}';
/** MySQL asks for it where there is a binary log. */
const OPTIONS = ['--log-bin-trust-function-creators=1'];

/**
 * UPDATE_TIME has whole seconds, so what is written next is to fall into a later one. InnoDB takes them from a clock that
 * the kernel moves on with each tick, so that it may be some milliseconds behind: time(2).
 */
const awaitNextSecond = async (server: TestServer): Promise<void> => {
  const read = async (time: string): Promise<number> => {
    const [row] = await server.query(`SELECT FLOOR(UNIX_TIMESTAMP(${time})) AS now`);
    return Number(row?.['now']);
  };
  const then = await read('NOW(6)');
  while ((await read('NOW(6) - INTERVAL 50000 MICROSECOND')) <= then);
};

interface Shown {
  readonly code: number | null;
  readonly verdict: string | undefined;
  readonly text: string;
}

const planWith = async (rig: Rig, plan: string, ...flags: readonly string[]): Promise<Shown> => {
  const { code, stdout } = await rig.run(['plan', plan, '--detailed-exitcode', '--json', ...flags]);
  const { databases } = JSON.parse(stdout) as {
    readonly databases: readonly {
      readonly sameness?: { readonly verdict: string; readonly reasons: readonly string[] };
      readonly programs: readonly { readonly name: string; readonly diff?: readonly string[] }[];
    }[];
  };
  const { verdict, reasons = [] } = databases[0]?.sameness ?? {};
  const changed = (databases[0]?.programs ?? []).flatMap(({ name, diff }) =>
    diff ? [`${name} changes`] : [],
  );
  return { code, verdict, text: [...reasons, ...changed].join('; ') };
};

const apply = async (rig: Rig, plan: string): Promise<void> => {
  const { code, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
  expect(code, stderr).toBe(0);
  await awaitNextSecond(rig.target);
};

/** Where, what is done there, and what plan knows of it without rows; with rows it says that the database differs. */
const CHANGES: readonly (readonly ['source' | 'target', string, string, string])[] = [
  ['source', 'INSERT INTO orders VALUES (3, 30)', 'written', 'on the source orders'],
  ['source', 'DELETE FROM files', 'different', 'only the target has rows of files'],
  ['source', 'TRUNCATE orders', 'different', 'only the target has rows of orders'],
  ['source', 'INSERT INTO orders VALUES (1, 11)', 'different', ''],
  ['target', 'UPDATE orders SET total = 12', 'written', 'on the target orders'],
  ['target', 'INSERT INTO nothing VALUES (1)', 'different', 'only the target has rows of nothing'],
  [
    'target',
    'INSERT INTO audit VALUES (5)',
    'different',
    'the target has rows of audit, which the plan empties',
  ],
  ['target', 'ALTER TABLE orders ADD COLUMN more INT', 'different', ''],
  [
    'target',
    'DROP FUNCTION twice; CREATE FUNCTION twice(a INT) RETURNS INT DETERMINISTIC RETURN a',
    'different',
    'twice changes',
  ],
  [
    'target',
    'ALTER DATABASE shop CHARACTER SET greek COLLATE greek_bin',
    'different',
    'database shop has a different charset: greek instead of utf8mb4',
  ],
];

/** What servers could tell each in their own way. */
const ROWS_ALONE = CHANGES.slice(0, 5);

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig({ flavor, sourceOptions: OPTIONS, targetOptions: OPTIONS });
    await rig.source.query(SOURCE);
    plan = rig.writePlan(PLAN);
    await apply(rig, plan);
  });
  afterAll(async () => rig.stop());

  test('after an apply nothing changed, with and without rows; apply copies it all the same', async () => {
    expect(await planWith(rig, plan)).toEqual({ code: 0, verdict: 'unwritten', text: '' });
    expect(await planWith(rig, plan, '--rows')).toEqual({ code: 0, verdict: 'same', text: '' });
    const { stdout } = await rig.run(['plan', plan]);
    expect(stdout).toMatch(
      /^unchanged\tshop\t.*\tno change as far as the servers tell: neither side was written since the copy 2\S+Z\n$/,
    );
    await rig.target.query('DELETE FROM shop.files');
    // It copies whatever is there, and asks the servers only where somebody wants to know.
    const applied = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    expect([applied.code, applied.stderr]).toEqual([
      0,
      expect.stringMatching(/^overwrite\tshop\t/) as string,
    ]);
    await awaitNextSecond(rig.target);
    expect(await rig.target.query('SELECT COUNT(*) AS n FROM shop.files')).toMatchObject([{ n: 1 }]);
  });

  test('what is written or changed on either side is told, and gone with the next apply', async () => {
    for (const [side, sql, verdict, text] of flavor.vendor === 'mysql' ? ROWS_ALONE : CHANGES) {
      await rig[side].query(`USE shop; ${sql}`);
      const found = await planWith(rig, plan);
      expect({ sql, ...found }).toMatchObject({ sql, code: 2, verdict });
      expect(found.text).toContain(text);
      expect({ sql, ...(await planWith(rig, plan, '--rows')) }).toMatchObject({
        sql,
        code: 2,
        verdict: 'different',
      });
      await apply(rig, plan);
    }
    expect(await planWith(rig, plan)).toMatchObject({ code: 0, verdict: 'unwritten' });
  });

  test('tables that took the place of each other are not the same rows', async () => {
    await rig.source.query('CREATE TABLE shop.twin LIKE shop.orders; INSERT INTO shop.twin VALUES (7, 70)');
    await awaitNextSecond(rig.source);
    await rig.source.query('UPDATE shop.orders SET total = 13');
    await apply(rig, plan);
    await rig.source.query(
      'RENAME TABLE shop.orders TO shop.third, shop.twin TO shop.orders, shop.third TO shop.twin',
    );
    expect(await planWith(rig, plan)).toEqual({
      code: 2,
      verdict: 'written',
      text: 'on the source orders, twin',
    });
    await apply(rig, plan);
  });

  test('what a rollback brought back is not called a copy', async () => {
    await apply(rig, plan);
    expect((await rig.rollBackNewest()).code).toBe(0);
    expect(await planWith(rig, plan)).toEqual({
      code: 2,
      verdict: 'not-compared',
      text: 'no earlier copy by this machine is known',
    });
  });

  test('what cannot be known is not called the same: conditions, other rules, no memory, a restart', async () => {
    const filtered = rig.writePlan('databases:\n  - name: shop\n    tables: {where: {orders: "id > 0"}}');
    await apply(rig, filtered);
    const unread = { code: 2, verdict: 'not-compared' };
    expect(await planWith(rig, filtered)).toEqual({
      ...unread,
      text: 'rows of orders are chosen by a condition',
    });
    expect(await planWith(rig, filtered, '--rows')).toMatchObject({ code: 0, verdict: 'same' });
    const whole = rig.writePlan('databases:\n  - name: shop');
    expect(await planWith(rig, whole)).toEqual({
      ...unread,
      text: 'another choice of rows was copied of orders',
    });

    const saved = join(rig.home, 'saved.json');
    expect((await rig.run(['plan', whole, '--rows', '--out', saved])).code).toBe(0);
    expect((await rig.run(['show', saved])).stdout).toContain('\tno change: all rows were compared (');

    await apply(rig, whole);
    expect(await planWith(rig, whole)).toMatchObject({ code: 0, verdict: 'unwritten' });
    await rig.source.restart();
    expect(await planWith(rig, whole)).toEqual({
      ...unread,
      text: 'the source does not tell when it wrote audit, orders, twin',
    });
    const { stdout, stderr } = await rig.run(['plan', whole]);
    expect(stdout).toMatch(
      /^overwrite\t.*\tstructure is the same; rows are not compared \(the source does not tell/,
    );
    expect(stderr).toContain(`To compare the rows, too:     mysql-sync plan ${whole} --rows`);
    expect(await planWith(rig, whole, '--rows')).toMatchObject({ code: 0, verdict: 'same' });
    rig.forgetState();
    expect(await planWith(rig, whole)).toEqual({
      ...unread,
      text: 'no earlier copy by this machine is known',
    });
  });
});

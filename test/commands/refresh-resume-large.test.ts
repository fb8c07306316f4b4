import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { APPLY_WORDS, type HeldSource, startHeldSource } from '../support/held-source.js';
import type { Rig } from '../support/rig.js';

/**
 * An apply is killed while it loads a large table, which has no secondary indexes and no foreign keys then, and on MariaDB lies in
 * another one where it counts. The next apply goes on from the chunks that are complete.
 */

const ROWS = 120_000;

/** Above 32 MiB each, so that they are two chunks. */
const SHOP = `USE shop;
  CREATE TABLE kinds (id INT PRIMARY KEY); INSERT INTO kinds VALUES (0), (1), (2);
  CREATE TABLE counted (id BIGINT AUTO_INCREMENT PRIMARY KEY, code INT NOT NULL, kind INT, note VARCHAR(300), UNIQUE KEY by_code (code),
    KEY of_kind (kind), KEY by_note (note(20)), CONSTRAINT of_kind FOREIGN KEY (kind) REFERENCES kinds (id)) AUTO_INCREMENT = 700000;
  CREATE TABLE plain (id INT PRIMARY KEY, counted BIGINT, note VARCHAR(300), KEY of_counted (counted), KEY by_note (note(20)),
    CONSTRAINT of_counted FOREIGN KEY (counted) REFERENCES counted (id) ON DELETE CASCADE);
  INSERT INTO counted SELECT n, n, n % 3, CONCAT(LEFT(SHA2(n, 256), 32), REPEAT('n', 250)) FROM (
    WITH d AS (${Array.from({ length: 10 }, (_, digit) => `SELECT ${String(digit)} AS n`).join(' UNION ALL ')})
    SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n + 100000 * g.n AS n FROM d a, d b, d c, d e, d f, d g WHERE g.n < 2) AS numbers
  WHERE n <= ${String(ROWS)};
  INSERT INTO plain SELECT id, id, note FROM counted;
  ANALYZE TABLE counted, plain`;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('on $id', (flavor) => {
  let held: HeldSource;
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    held = await startHeldSource(flavor, async (source) => {
      // The account's first login to MySQL is to be an encrypted one.
      await source.query('CREATE DATABASE shop');
      source.load(SHOP);
    });
    ({ rig, plan } = held);
  });
  afterAll(() => held.stop());
  beforeEach(() => rig.clearTarget('shop'));
  afterEach(() => held.killLast());

  /** Of the newest staging database, whatever its tables are called by now. */
  const countStaged = async (): Promise<number> => {
    let rows = 0;
    const [newest] = await rig.target.query(
      `SELECT TABLE_SCHEMA AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA LIKE 'mysql\\_sync\\_new%' ORDER BY CREATE_TIME DESC LIMIT 1`,
    );
    if (!newest) return 0;
    const database = String(newest['name']);
    const tables = await rig.target.query(
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}'`,
    );
    for (const { name } of tables) {
      // It may be about to change places.
      const [counted] = await rig.target
        .query(`SELECT COUNT(*) AS found FROM \`${database}\`.\`${String(name)}\``)
        .catch(() => []);
      rows += Number(counted?.['found'] ?? 0);
    }
    return rows;
  };

  /** Killed when the target has so many rows, and one part of the table is about to be read. */
  const killAtLastChunk = async (table: string, rows: number): Promise<void> => {
    const { running } = await held.applyUntil(
      new RegExp(`^SELECT /\\*!40001 SQL_NO_CACHE \\*/.*FROM \`shop\`\\.\`${table}\`.*>`, 's'),
    );
    await expect.poll(countStaged, { timeout: 60_000, interval: 200 }).toBeGreaterThan(rows);
    running.child.kill('SIGKILL');
    await running.ended;
  };

  const change = async (id: number): Promise<void> => {
    for (const sql of [
      `UPDATE shop.counted SET note = 'changed' WHERE id = ${String(id)}`,
      `DELETE FROM shop.counted WHERE id = ${String(id + 1)}`,
      `INSERT INTO shop.counted VALUES (${String(id + 1)}, ${String(500_000 + id)}, 1, 'other')`,
    ])
      await rig.source.query(sql);
  };

  const describeShop = async (server: 'source' | 'target'): Promise<unknown> => {
    const found: unknown[] = [];
    for (const table of ['kinds', 'counted', 'plain']) {
      const [row] = await rig[server].query(`SHOW CREATE TABLE shop.${table}`);
      found.push(row?.['Create Table'], await rig[server].query(`CHECKSUM TABLE shop.${table}`));
    }
    return found;
  };

  const applyAndExpectSame = async (): Promise<string> => {
    const { code, stdout, stderr } = await rig.run(['apply', plan, ...APPLY_WORDS]);
    expect(code, stdout + stderr).toBe(0);
    expect(await describeShop('target')).toEqual(await describeShop('source'));
    expect((await rig.scratchDatabases()).filter((name) => name.includes('_new_'))).toEqual([]);
    return stdout;
  };

  /** How many rows the recap says were copied of the tables that it started from. */
  const readCopied = (stdout: string): number => {
    const [, rows = ''] =
      /3 tables started from a copy that was not finished: ([\d ]+) of [\d ]+ rows copied/.exec(stdout) ?? [];
    expect(rows, stdout).not.toBe('');
    return Number(rows.replaceAll(' ', ''));
  };

  test.each(['counted', 'plain'])(
    'the chunks of table %s that are complete are used, and its indexes are made',
    async (table) => {
      await killAtLastChunk(table, ROWS * 1.3);
      await change(table === 'plain' ? 10 : 20);
      const planned = await rig.run(['plan', plan, '--rows', '-v']);
      expect(planned.stdout).toContain(`refresh\tshop\t${table}\tresume\t\n`);
      const copied = readCopied(await applyAndExpectSame());
      expect(copied).toBeGreaterThan(ROWS * 0.2);
      expect(copied).toBeLessThan(ROWS * 0.7);
      await expect(
        rig.target.query('INSERT INTO shop.plain (id, counted) VALUES (999999, 999999)'),
      ).rejects.toThrow();
    },
  );

  test('a copy that is killed once more while it goes on', async () => {
    await killAtLastChunk('counted', ROWS * 1.3);
    await killAtLastChunk('counted', ROWS * 1.8);
    await change(30);
    expect(readCopied(await applyAndExpectSame())).toBeLessThan(ROWS * 0.25);
  });
});

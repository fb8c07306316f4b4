import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { APPLY_WORDS, type HeldSource, startHeldSource } from '../support/held-source.js';
import type { Rig } from '../support/rig.js';

/** An apply of a masked database is killed in its copy. Rows that stay of it are searched for personal data as those that travel. */

const KEY = 'canary-key-012356789abcdef';
const LEAK = 'please call joe@canary-mail.com';
const ROWS = 600;
/** Above 32 MiB, so that it is two chunks. */
const LARGE_ROWS = 120_000;

const fill = (table: string, row: string, rows: number): string =>
  `INSERT INTO ${table} SELECT ${row} FROM (
    WITH d AS (${Array.from({ length: 10 }, (_, digit) => `SELECT ${String(digit)} AS n`).join(' UNION ALL ')})
    SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n + 100000 * g.n AS n FROM d a, d b, d c, d e, d f, d g WHERE g.n < 2) AS numbers
  WHERE n <= ${String(rows)};`;

const SHOP = `USE shop;
  CREATE TABLE people (id INT PRIMARY KEY, email VARCHAR(100) UNIQUE, note VARCHAR(250));
  CREATE TABLE papers (id INT PRIMARY KEY, doc JSON, born DATE);
  CREATE TABLE zones (id INT PRIMARY KEY);
  ${fill('people', "n, CONCAT('p', n, '@canary-mail.com'), REPEAT('n', 200)", ROWS)}
  ${fill('papers', `n, CONCAT('{"mail": "x', n, '@canary-mail.com", "n": ', n, '}'), '1980-05-06'`, ROWS)}
  INSERT INTO zones VALUES (1);
  CREATE DATABASE heap; USE heap;
  CREATE TABLE large (id INT PRIMARY KEY, email VARCHAR(100), note VARCHAR(300), KEY by_note (note(20)));
  ${fill('large', "n, CONCAT('p', n, '@canary-mail.com'), CONCAT(LEFT(SHA2(n, 256), 32), REPEAT('n', 250))", LARGE_ROWS)}
  ANALYZE TABLE shop.people, shop.papers, shop.zones, heap.large`;

const planOf = (database: string, columns: string, mask = ''): string =>
  `databases: [{name: ${database}}]\noptions: {refresh: auto}\nmask: {key: "\${MASK_KEY:?}", ${mask}columns: {${columns}}}`;
const SHOP_MASKS = 'people.email: email, papers.doc: {json: {"$.mail": email}}, papers.born: {date: year}';

interface Outcome {
  readonly notes: readonly string[];
  readonly masks?: { readonly scanned_rows: number; readonly stayed?: unknown };
  readonly error: { readonly code: string; readonly hints: readonly string[] } | null;
}

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
    ({ rig } = held);
    plan = await write(planOf('shop', SHOP_MASKS));
  });
  afterAll(() => held.stop());
  beforeEach(async () => {
    await rig.source.query(
      "UPDATE shop.people SET note = 'n'; UPDATE shop.papers SET doc = JSON_REMOVE(doc, '$.other')",
    );
    for (const database of ['shop', 'heap']) await rig.clearTarget(database);
  });
  afterEach(() => held.killLast());

  const run = (argv: readonly string[], key = KEY) => rig.start(argv, { MASK_KEY: key }).ended;

  const write = async (body: string): Promise<string> => {
    const path = held.writePlan(body);
    const { code, stderr } = await run(['mask', 'accept', path, '--all']);
    expect(code, stderr).toBe(0);
    return path;
  };

  const attempt = async (
    path: string,
    key = KEY,
  ): Promise<{ readonly text: string; readonly outcome: Outcome }> => {
    const { stdout, stderr } = await run(['apply', path, ...APPLY_WORDS, '--json'], key);
    const { outcomes } = JSON.parse(stdout) as { readonly outcomes?: readonly Outcome[] };
    const [outcome] = outcomes ?? [];
    if (!outcome) throw new Error(stdout + stderr);
    return { text: stdout + stderr, outcome };
  };

  const apply = async (path: string, key = KEY): Promise<Outcome> => {
    const { text, outcome } = await attempt(path, key);
    expect(outcome.error, text).toBeNull();
    return outcome;
  };

  /** When all rows of the shop's large tables are staged, and those of the last one are about to be read. */
  const killAtLast = async (path: string): Promise<string> => {
    const { running } = await held.applyUntil(
      /^SELECT (?!EXISTS|\d+,).*FROM `shop`\.`zones`/s,
      { MASK_KEY: KEY },
      [path],
    );
    const [staging = ''] = (await rig.scratchDatabases()).filter((name) => name.includes('_new_'));
    const tables = await rig.target.query(
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${staging}' AND TABLE_NAME <> 'zones'`,
    );
    for (const { name } of tables)
      await expect
        .poll(() => rig.target.query(`SELECT COUNT(*) AS found FROM ${staging}.${String(name)}`), {
          timeout: 10_000,
        })
        .toEqual([{ found: ROWS }]);
    running.child.kill('SIGKILL');
    await running.ended;
    return staging;
  };

  const expectVerified = async (path: string, key = KEY): Promise<void> => {
    const { code, stdout, stderr } = await run(['verify', path], key);
    expect(code, stdout + stderr).toBe(0);
    expect((await rig.scratchDatabases()).filter((name) => name.includes('_new_'))).toEqual([]);
  };

  test('it is gone on from, all rows are searched, and the next refresh may go by that', async () => {
    await killAtLast(plan);
    await rig.source.query("UPDATE shop.people SET note = 'other' WHERE id = 7");
    const { notes, masks } = await apply(plan);
    expect(notes.join()).toContain(
      `2 tables started from a copy that was not finished: 1 of 1 200 rows copied`,
    );
    expect(masks?.scanned_rows).toBe(2 * ROWS + 1);
    expect(masks?.stayed).toBeUndefined();
    await expectVerified(plan);
    expect((await apply(plan)).masks).toMatchObject({ scanned_rows: 0, stayed: { tables: 3, rows: 0 } });
  });

  test.each([
    ['people.note', `UPDATE shop.people SET note = '${LEAK}' WHERE id = 123`, 'note', 'people'],
    [
      'papers.doc',
      `UPDATE shop.papers SET doc = JSON_SET(doc, '$.other', '${LEAK}') WHERE id = 123`,
      'doc',
      'papers',
    ],
  ])("what stays of %s and is somebody's keeps it from going live", async (column, sql, name, table) => {
    await apply(plan);
    const readLive = () => rig.target.query(`SELECT * FROM shop.${table} ORDER BY id`);
    const old = await readLive();
    await rig.source.query(`UPDATE shop.zones SET id = id + 1`);
    await rig.source.query(sql);
    // Equal on both sides when the next apply compares them.
    const staging = await killAtLast(plan);
    const read = `SELECT ${name} AS value FROM ${staging}.${table} WHERE id = 123`;
    expect(JSON.stringify(await rig.target.query(read))).toContain(LEAK);
    const { outcome, text } = await attempt(plan);
    expect(outcome.error?.code, text).toBe('MASK_LEAK');
    expect(outcome.error?.hints.join()).toContain(`${column}: an e-mail address in 1 row`);
    expect(await readLive()).toEqual(old);
    expect(JSON.stringify(await rig.scratchDatabases())).not.toContain('_new_');
  });

  test('rows that another key has masked are replaced', async () => {
    await killAtLast(plan);
    const { masks } = await apply(plan, `${KEY}-other`);
    expect(masks?.scanned_rows).toBe(2 * ROWS + 1);
    await expectVerified(plan, `${KEY}-other`);
  });

  test.each([
    ['sample', 2 * ROWS],
    ['off', 0],
  ])('with scan: %s as many rows are searched as of a copy', async (scan, most) => {
    const path = await write(planOf('shop', SHOP_MASKS, `scan: ${scan}, `));
    const copied = await apply(path);
    await rig.clearTarget('shop');
    await killAtLast(path);
    const { notes, masks } = await apply(path);
    expect(notes.join()).toContain('2 tables started from a copy that was not finished: 0 of');
    expect(masks?.scanned_rows).toBe(copied.masks?.scanned_rows);
    expect(masks?.scanned_rows).toBeLessThan(most + 1);
    await expectVerified(path);
  });

  test('of a large table that was being loaded, all chunks are searched', async () => {
    const path = await write(planOf('heap', 'large.email: email'));
    const killAtLastChunk = async (): Promise<void> => {
      const { running } = await held.applyUntil(
        /^SELECT \/\*!40001 SQL_NO_CACHE \*\/.*FROM `heap`\.`large`.*>/s,
        { MASK_KEY: KEY },
        [path],
      );
      const [staging = ''] = (await rig.scratchDatabases()).filter((name) => name.includes('_new_'));
      await expect
        .poll(
          async () =>
            Number((await rig.target.query(`SELECT COUNT(*) AS found FROM ${staging}.large`))[0]?.['found']),
          { timeout: 60_000, interval: 200 },
        )
        .toBeGreaterThan(LARGE_ROWS * 0.3);
      running.child.kill('SIGKILL');
      await running.ended;
    };
    await killAtLastChunk();
    const { notes, masks } = await apply(path);
    expect(notes.join()).toMatch(
      /1 table started from a copy that was not finished: [2-8]\d \d+ of 120 000 rows/,
    );
    expect(masks?.scanned_rows).toBe(LARGE_ROWS);
    await expectVerified(path);

    await rig.clearTarget('heap');
    await rig.source.query(
      `UPDATE heap.large SET note = '${LEAK}' WHERE id IN (5, ${String(LARGE_ROWS - 5)})`,
    );
    await killAtLastChunk();
    const { outcome, text } = await attempt(path);
    expect(outcome.error?.code, text).toBe('MASK_LEAK');
    expect(outcome.error?.hints.join()).toContain('large.note: an e-mail address in 2 rows');
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Tables that differ start from what the last swap kept for a rollback, and get only the rows that differ. */

const ROWS = Array.from({ length: 900 }, (_, at) => at + 1);
const fill = (table: string, row: (id: number) => string): string =>
  `INSERT INTO ${table} VALUES ${ROWS.map((id) => `(${row(id)})`).join(', ')}`;

const SHOP = [
  'CREATE DATABASE shop CHARACTER SET utf8mb4',
  'CREATE TABLE shop.products (id INT PRIMARY KEY, name VARCHAR(20))',
  'CREATE TABLE shop.customers (id INT AUTO_INCREMENT PRIMARY KEY, mail VARCHAR(40) UNIQUE, KEY (mail, id))',
  `CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, customer INT, total DECIMAL(9,2), twice DECIMAL(9,2) AS (total * 2) STORED,
   KEY by_customer (customer), CONSTRAINT by_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE)`,
  `CREATE TABLE shop.items (id INT PRIMARY KEY, ordered INT, product INT, KEY of_order (ordered), KEY of_product (product),
   CONSTRAINT of_order FOREIGN KEY (ordered) REFERENCES orders (id), CONSTRAINT of_product FOREIGN KEY (product) REFERENCES products (id))`,
  fill('shop.products', (id) => `${String(id)}, 'p'`),
  fill('shop.customers', (id) => `${String(id)}, 'c${String(id)}@example.com'`),
  fill('shop.orders (id, customer, total)', (id) => `${String(id)}, ${String(id)}, ${String(id)}.5`),
  fill('shop.items', (id) => `${String(id)}, ${String(id)}, ${String(id)}`),
  'CREATE TRIGGER shop.priced BEFORE INSERT ON shop.orders FOR EACH ROW SET NEW.total = ABS(NEW.total)',
  'CREATE VIEW shop.sales AS SELECT mail, total FROM shop.orders o JOIN shop.customers c ON o.customer = c.id',
];

const changes = (round: number): readonly string[] => [
  `UPDATE shop.customers SET mail = 'new${String(round)}@example.com' WHERE id = ${String(round)}`,
  `INSERT INTO shop.orders (customer, total) VALUES (${String(round + 50)}, -7)`,
  `UPDATE shop.orders SET total = 1 WHERE id = ${String(round + 100)}`,
  `DELETE FROM shop.items WHERE id = ${String(round + 200)}`,
];

const flavors = availableFlavors();

describe.each(flavors)('on $id', (flavor) => {
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    for (const sql of SHOP) await rig.source.query(sql);
    plan = rig.writePlan('databases:\n  - name: shop\noptions: {refresh: auto}');
    await apply(plan);
  });
  afterAll(() => rig.stop());

  const apply = async (path: string): Promise<string> => {
    const { code, stdout, stderr } = await rig.run([
      'apply',
      path,
      '--auto-approve',
      '--confirm-target',
      'staging',
    ]);
    expect(code, stdout + stderr).toBe(0);
    return stdout + stderr;
  };
  const change = async (round: number): Promise<void> => {
    for (const sql of changes(round)) await rig.source.query(sql);
  };
  const expectSame = async (): Promise<void> => {
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  };

  test('the second refresh copies rows in place of tables, and what it replaces can be brought back', async () => {
    await change(1);
    const told = await apply(plan);
    expect(told).not.toContain('started from');
    expect(told).not.toContain('earlier copies');
    await expectSame();
    const first = await rig.contentOf('target', 'shop');
    await change(2);
    const recap = await apply(plan);
    // Of customers 2 rows, of orders 2 new and 2 changed ones; of items two are gone.
    const started = '3 tables started from what was kept for a rollback: 6 of 2 700 rows copied, compared ';
    const [, way = ''] = new RegExp(`${started}(.*)$`, 'm').exec(recap) ?? [];
    // Where this machine is busy, no answer may be as fast as those of a near server.
    const chosen = new Map([
      ['row by row, 1 table by digests', 'row by row, and by digests where cells do not tell all'],
      ['by digests', 'by digests'],
    ]).get(way);
    expect(chosen, recap).toBeDefined();
    expect(recap).toContain(`earlier copies compared ${String(chosen)}\n`);
    expect(recap).toContain('1 table stayed');
    await expectSame();
    await expect(
      rig.target.query('INSERT INTO shop.items VALUES (5000, 1, 5000)'),
      'a key to a table that stayed',
    ).rejects.toThrow();
    await expect(
      rig.target.query('INSERT INTO shop.orders (customer) VALUES (5000)'),
      'a key between tables that were patched',
    ).rejects.toThrow();
    const { code, stderr } = await rig.rollBackNewest();
    expect(code, stderr).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(first);
    // What the rollback kept is what the source has, so it comes back without a row.
    expect(await apply(plan)).toContain(': 0 of 2 700 rows copied');
    await expectSame();
  });

  test('a run that fails after it began leaves live as it is, and says that nothing is kept any more', async () => {
    await change(3);
    const before = await rig.contentOf('target', 'shop');
    const failing = rig.writePlan(
      "databases:\n  - name: shop\n    hooks: {assert: ['SELECT COUNT(*) = 0 FROM orders']}\noptions: {refresh: auto}",
    );
    const { code, stderr } = await rig.run([
      'apply',
      failing,
      '--auto-approve',
      '--confirm-target',
      'staging',
    ]);
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('what was kept for a rollback is gone: the run had begun to start from it');
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
    expect(await rig.scratchDatabases()).toEqual([]);
    await apply(plan);
    await expectSame();
  });

  test('plan --rows says what would be patched, as the apply then does, and writes nothing', async () => {
    await change(5);
    await rig.source.query(
      "DELETE FROM shop.items WHERE id = 300; UPDATE shop.products SET name = CONCAT('q', id)",
    );
    const [kept = ''] = await rig.scratchDatabases();
    await rig.target.query(
      `UPDATE ${kept}.customers SET mail = CONCAT('x', id) WHERE id < 600; ALTER TABLE ${kept}.items ADD COLUMN x INT`,
    );
    const [live, before] = [await rig.contentOf('target', 'shop'), await rig.contentOf('target', kept)];
    const { code, stdout, stderr } = await rig.run(['plan', plan, '--rows', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ copy: { comparison: 'by-distance' } });
    const [database] = (
      JSON.parse(stdout) as {
        readonly databases: readonly {
          readonly tables: readonly { readonly name: string; readonly refresh: object }[];
        }[];
      }
    ).databases;
    const reason = 'its rows differ';
    const copied = (why: string) => ({ base: 'live', would: 'copy', reason: `${reason}; ${why}` });
    expect(Object.fromEntries(database?.tables.map(({ name, refresh }) => [name, refresh]) ?? [])).toEqual({
      customers: copied('most rows that are kept of it differ too'),
      items: copied('what is kept of it has another structure'),
      // What is kept is two refreshes old.
      orders: { base: 'previous', would: 'patch', reason, insert: 2, change: 2, delete: 0 },
      products: copied('nothing is kept of it'),
    });
    const piped = await rig.run(['plan', plan, '--rows', '-v']);
    expect(piped.stdout).toContain(`refresh\tshop\torders\tpatch\t${reason}\t2\t2\t0\n`);
    const used = /^note shop is kept for a rollback: tables that differ start from there/m;
    expect(piped.stderr).toMatch(used);
    expect((await rig.run(['plan', plan])).stderr).toMatch(used);
    expect((await rig.run(['plan', plan, '--full'])).stderr).not.toMatch(used);
    const markdown = await rig.run(['plan', plan, '--rows', '--format', 'markdown']);
    expect(markdown.stdout).toContain(
      '~ patched: orders (made of what is kept for a rollback: 2 to insert, 2 to change, 0 to delete)',
    );
    expect(await rig.contentOf('target', 'shop')).toEqual(live);
    expect(await rig.contentOf('target', kept)).toEqual(before);
    expect(await apply(plan)).toMatch(/1 table started from what was kept for a rollback: 4 of/);
    await expectSame();
  });

  test('rows that somebody changed in what is kept are found; a table that was altered there is copied', async () => {
    await change(4);
    const [kept = ''] = await rig.scratchDatabases();
    await rig.target.query(
      `UPDATE ${kept}.customers SET mail = 'somebody' WHERE id = 700; ALTER TABLE ${kept}.items ADD COLUMN x INT`,
    );
    expect(await apply(plan)).toMatch(/2 tables started from what was kept for a rollback: \d+ of/);
    await expectSame();
  });
});

describe('nothing is started from what was kept', () => {
  const [mariadb, mysql] = ['mariadb-10.11', 'mysql-9.7'].map((wanted) =>
    flavors.find(({ id }) => id === wanted),
  );
  const ways: readonly (readonly [string, Parameters<typeof startRig>[0]])[] = [
    ['where a server cannot make a long text of a row', { targetOptions: ['--max-allowed-packet=524288'] }],
    ...(mariadb && mysql ? [['between vendors', { flavor: mariadb, targetFlavor: mysql }] as const] : []),
  ];
  test.each(ways)('%s', async (_, options) => {
    const rig = await startRig(options);
    try {
      await rig.source.query(
        `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, mail VARCHAR(40), note VARCHAR(40));
         ${fill('shop.t', (id) => `${String(id)}, 'c${String(id)}@example.com', 'n'`)};
         CREATE TABLE shop.plain (id INT PRIMARY KEY, note VARCHAR(40)); INSERT INTO shop.plain SELECT id, note FROM shop.t`,
      );
      const plan = rig.writePlan(`databases:\n  - name: shop\noptions: {refresh: auto}`);
      for (const round of [1, 2, 3]) {
        for (const table of ['t', 'plain'])
          await rig.source.query(`UPDATE shop.${table} SET note = 'round ${String(round)}' WHERE id = 7`);
        const words = ['apply', plan, '--auto-approve', '--confirm-target', 'staging'];
        const { code, stdout, stderr } = await rig.run(words);
        expect(code, stdout + stderr).toBe(0);
        expect(stdout).not.toContain('started from what was kept');
      }
      expect(await rig.target.query('SELECT note FROM shop.t WHERE id = 7')).toEqual([{ note: 'round 3' }]);
      // There was something to start from.
      expect(await rig.scratchDatabases()).toHaveLength(1);
    } finally {
      await rig.stop();
    }
  });
});

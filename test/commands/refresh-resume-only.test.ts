import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CliResult } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { APPLY_WORDS, type HeldSource, startHeldSource } from '../support/held-source.js';
import type { Rig } from '../support/rig.js';

/** What a run of the whole plan had begun is left alone by the runs that copy only others of its databases. */

const ROWS = 400;
const DATABASES = ['crm', 'shop'];
const load = (database: string): readonly string[] => [
  `CREATE DATABASE ${database}`,
  `CREATE TABLE ${database}.items (id INT PRIMARY KEY, note VARCHAR(100))`,
  // The smallest comes last.
  `CREATE TABLE ${database}.last (id INT PRIMARY KEY)`,
  `INSERT INTO ${database}.items VALUES ${Array.from({ length: ROWS }, (_, at) => `(${String(at)}, REPEAT('n', 100))`).join(', ')}`,
  `INSERT INTO ${database}.last VALUES (1)`,
  `ANALYZE TABLE ${database}.items, ${database}.last`,
];

const WENT_ON = '1 table started from a copy that was not finished: 0 of 400 rows copied';

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('on $id', (flavor) => {
  let held: HeldSource;
  let rig: Rig;
  let plan: string;
  let full: string;
  beforeAll(async () => {
    held = await startHeldSource(flavor, async (source) => {
      for (const sql of DATABASES.flatMap(load)) await source.query(sql);
    });
    ({ rig } = held);
    const body = 'databases:\n  - name: crm\n  - name: shop\n';
    plan = held.writePlan(`${body}options: {refresh: auto}`);
    full = held.writePlan(body);
  });
  afterAll(() => held.stop());
  beforeEach(async () => {
    for (const database of DATABASES) await rig.clearTarget(database);
  });
  afterEach(() => held.killLast());

  const listStaging = async (): Promise<readonly string[]> =>
    (await rig.scratchDatabases()).filter((name) => name.includes('_new_'));

  /** One is killed when it has copied a table and is about to read the rows of the last one. */
  const kill = async (
    database: string,
    env: Readonly<Record<string, string>> = {},
    what: readonly string[] = [plan],
  ): Promise<string> => {
    const before = await listStaging();
    const { running } = await held.applyUntil(
      new RegExp(`^SELECT (?!EXISTS|\\d+,).*FROM \`${database}\`\\.\`last\``, 's'),
      env,
      [...what, '--only', database],
    );
    const [staging = ''] = (await listStaging()).filter((name) => !before.includes(name));
    await expect
      .poll(() => rig.target.query(`SELECT COUNT(*) AS found FROM \`${staging}\`.items`), { timeout: 30_000 })
      .toEqual([{ found: ROWS }]);
    running.child.kill('SIGKILL');
    await running.ended;
    return staging;
  };

  const apply = async (...words: readonly string[]): Promise<CliResult> => {
    const result = await rig.run(['apply', ...words, ...APPLY_WORDS]);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    return result;
  };

  const expectSame = async (): Promise<void> => {
    for (const database of DATABASES)
      expect(await rig.contentOf('target', database)).toEqual(await rig.contentOf('source', database));
    expect(await listStaging()).toEqual([]);
  };

  test('each database goes on from what is there of it, whatever was applied before', async () => {
    const left = await kill('shop');
    await kill('crm');
    const planned = await rig.run(['plan', plan, '--only', 'crm', '--json']);
    const { scratch, recovery } = JSON.parse(planned.stdout) as Record<string, readonly unknown[]>;
    expect(recovery).toEqual([]);
    expect(scratch).toHaveLength(2);
    expect(scratch).toContainEqual(expect.objectContaining({ state: 'staging', live: 'shop' }));
    expect((await apply(plan, '--only', 'crm')).stdout).toContain(WENT_ON);
    expect(await listStaging()).toEqual([left]);
    expect((await apply(plan)).stdout).toContain(WENT_ON);
    await expectSame();
  });

  test.each(['--exclude shop', '--only crm --discard', '--only crm --full'])(
    'what shop has begun stays with %s',
    async (words) => {
      const left = await kill('shop');
      await apply(plan, ...words.split(' '));
      expect(await listStaging()).toEqual([left]);
      expect((await apply(plan)).stdout).toContain(WENT_ON);
      await expectSame();
    },
  );

  test('a saved plan of the others leaves it, also where one is applied with --claim', async () => {
    const left = await kill('shop');
    for (const more of [[], ['--claim']]) {
      const saved = join(rig.home, `saved${String(more.length)}.json`);
      const { code, stderr } = await rig.run(['plan', plan, '--only', 'crm', '--out', saved]);
      expect(code, stderr).toBe(0);
      await apply(saved, ...more);
      expect(await listStaging()).toEqual([left]);
    }
    expect((await apply(plan)).stdout).toContain(WENT_ON);
    await expectSame();
  });

  test('it is dropped where nothing would go on from it: without refresh, and after a week', async () => {
    await kill('shop', {}, [full]);
    expect((await apply(full, '--only', 'crm')).stderr).toMatch(/removed mysql_sync_new_\w+, left behind/);
    expect(await listStaging()).toEqual([]);
    const later = join(rig.home, 'later');
    writeFileSync(later, '');
    const preload = `--import=${resolve(import.meta.dirname, '../support/moved-clock.mjs')}`;
    await kill('shop', { NODE_OPTIONS: preload, CLOCK_MOVED_WHILE: later });
    const shown = await rig.run(['plan', plan, '--only', 'crm', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      recovery: [
        { action: 'drop', live: 'shop' },
        { action: 'drop', live: 'shop' },
      ],
    });
    await apply(plan, '--only', 'crm');
    expect(await listStaging()).toEqual([]);
  });

  test('a run of the whole plan drops that of a database which the source has no more', async () => {
    const all = held.writePlan("databases:\n  - match: '*'\noptions: {refresh: auto}");
    await kill('shop', {}, [all]);
    await rig.source.query('RENAME TABLE shop.items TO crm.shop_items, shop.last TO crm.shop_last');
    await rig.source.query('DROP DATABASE shop');
    const matched = await rig.run(['plan', all, '--json']);
    for (const sql of [
      'CREATE DATABASE shop',
      'RENAME TABLE crm.shop_items TO shop.items, crm.shop_last TO shop.last',
    ])
      await rig.source.query(sql);
    expect(matched.code, matched.stderr).toBe(0);
    expect(JSON.parse(matched.stdout)).toMatchObject({
      recovery: [
        { action: 'drop', live: 'shop' },
        { action: 'drop', live: 'shop' },
      ],
    });
  });
});

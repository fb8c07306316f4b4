import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Tables that are large enough to be compared piece by piece: one with a primary key, and one with a unique key in its place. */

const TABLES = ['big', 'told'] as const;

const ROWS = 90_000;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'a refresh of large tables of $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    const identify = async (): Promise<ReadonlyMap<string, string>> => {
      const view = flavor.vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES';
      const rows = await rig.target.query(
        `SELECT NAME AS name, TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE 'shop/%'`,
      );
      return new Map(rows.map((row) => [String(row['name']), String(row['id'])]));
    };
    /** By the server's own reading. */
    const sum = async (side: 'source' | 'target'): Promise<readonly unknown[]> =>
      (await rig[side].query('CHECKSUM TABLE shop.big, shop.told EXTENDED')).map(
        (row): unknown => row['Checksum'],
      );
    const refresh = async (): Promise<void> => {
      const { code, stderr } = await rig.run([
        'apply',
        plan,
        ...['--auto-approve', '--confirm-target', 'staging', '--refresh', 'auto'],
      ]);
      expect(code, stderr).toBe(0);
    };

    beforeAll(async () => {
      rig = await startRig({ flavor });
      await rig.source.query(
        `CREATE DATABASE shop; USE shop; CREATE TABLE shop.big (id INT PRIMARY KEY, a VARCHAR(20), b CHAR(200) NOT NULL, c INT) ENGINE=InnoDB;
         INSERT INTO shop.big WITH RECURSIVE d AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 299)
         SELECT x.n * 300 + y.n + 1, IF(y.n % 2, NULL, ''), REPEAT(SHA2(y.n, 256), 3), x.n FROM d x CROSS JOIN d y;
         CREATE TABLE shop.told (a VARCHAR(20), b CHAR(200) NOT NULL, c INT, id INT NOT NULL, UNIQUE KEY by_id (id)) ENGINE=InnoDB;
         INSERT INTO shop.told SELECT a, b, c, id FROM shop.big; ANALYZE TABLE shop.big, shop.told`,
      );
      plan = rig.writePlan('databases:\n  - name: shop');
      await refresh();
    });
    afterAll(() => rig.stop());

    test('it stays where nothing differs, and nowhere else', async () => {
      const before = await identify();
      await refresh();
      expect(await identify()).toEqual(before);
      expect(before.size).toBe(TABLES.length);
      const changes: readonly (readonly ['source' | 'target', string])[] = [
        ['source', `UPDATE shop.big SET c = c + 1 WHERE id = ${ROWS / 2}`],
        ['target', 'DELETE FROM shop.big WHERE id = 1'],
        ['target', `UPDATE shop.big SET b = UPPER(b) WHERE id = ${ROWS}`],
        ['target', `UPDATE shop.big SET a = NULL WHERE id = 40001`],
        ['source', 'UPDATE shop.big SET id = -5 WHERE id = 30000'],
        ['source', `UPDATE shop.big SET c = IF(id = 50001, 167, 168) WHERE id IN (50001, 50401)`],
        ['source', `UPDATE shop.big SET id = ${ROWS * 5} WHERE id = 60000`],
      ];
      for (const [side, sql] of changes) {
        const was = await identify();
        for (const table of TABLES) await rig[side].query(sql.replace('shop.big', `shop.${table}`));
        const [sums, expected] = [await sum('target'), await sum('source')];
        for (const at of TABLES.keys()) expect(sums[at], sql).not.toBe(expected[at]);
        await refresh();
        const now = await identify();
        for (const table of TABLES) expect(now.get(`shop/${table}`), sql).not.toBe(was.get(`shop/${table}`));
        expect(await sum('target'), sql).toEqual(await sum('source'));
      }
      const last = await identify();
      await refresh();
      expect(await identify()).toEqual(last);
    });
  },
);

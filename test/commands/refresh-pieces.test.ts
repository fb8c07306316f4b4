import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** A table that is large enough to be compared piece by piece. */

const ROWS = 90_000;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'a refresh of a large table of $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    const identify = async (): Promise<unknown> => {
      const view = flavor.vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES';
      const [row] = await rig.target.query(
        `SELECT TABLE_ID AS id FROM information_schema.${view} WHERE NAME = 'shop/big'`,
      );
      return row?.['id'];
    };
    /** By the server's own reading. */
    const sum = async (side: 'source' | 'target'): Promise<unknown> =>
      (await rig[side].query('CHECKSUM TABLE shop.big EXTENDED'))[0]?.['Checksum'];
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
         ANALYZE TABLE shop.big`,
      );
      plan = rig.writePlan('databases:\n  - name: shop');
      await refresh();
    });
    afterAll(() => rig.stop());

    test('it stays where nothing differs, and nowhere else', async () => {
      const before = await identify();
      await refresh();
      expect(await identify()).toBe(before);
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
        await rig[side].query(sql);
        expect(await sum('target'), sql).not.toBe(await sum('source'));
        await refresh();
        expect(await identify(), sql).not.toBe(was);
        expect(await sum('target'), sql).toBe(await sum('source'));
      }
      const last = await identify();
      await refresh();
      expect(await identify()).toBe(last);
    });
  },
);

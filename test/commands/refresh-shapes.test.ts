import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const SHOP = `
CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE TABLE shop.logs (id INT PRIMARY KEY, line VARCHAR(80)) ENGINE=InnoDB;
CREATE TABLE shop.audit (id INT PRIMARY KEY, line VARCHAR(80)) ENGINE=InnoDB;
CREATE TABLE shop.colours (name VARCHAR(20) PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO shop.logs VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO shop.audit VALUES (1, 'a');
INSERT INTO shop.colours VALUES ('red'), ('blue')`;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'a refresh of $id under another name, with a condition and a table that is not filled',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    const refresh = async (): Promise<string> => {
      const { code, stdout, stderr } = await rig.run([
        'apply',
        plan,
        ...['--auto-approve', '--confirm-target', 'staging', '--refresh', 'auto'],
      ]);
      expect(code, stderr).toBe(0);
      return stdout + stderr;
    };
    /** What the server calls each table: another one of the same name is another table. */
    const identify = async (): Promise<ReadonlyMap<string, string>> => {
      const view = flavor.vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES';
      const rows = await rig.target.query(
        `SELECT SUBSTRING_INDEX(NAME, '/', -1) AS name, TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE 'mirror/%'`,
      );
      return new Map(rows.map((row) => [String(row['name']), String(row['id'])]));
    };
    const readTarget = async (): Promise<unknown> => ({
      logs: await rig.target.query('SELECT id, line FROM mirror.logs ORDER BY id'),
      audit: await rig.target.query('SELECT id FROM mirror.audit'),
      colours: await rig.target.query('SELECT name FROM mirror.colours ORDER BY name'),
    });

    beforeAll(async () => {
      rig = await startRig({ flavor });
      for (const sql of SHOP.split(';\n')) await rig.source.query(sql);
      plan = rig.writePlan(
        "databases:\n  - name: shop\n    as: mirror\n    tables: {structure_only: [audit], where: {logs: 'id < 3'}}",
      );
      await refresh();
    });
    afterAll(() => rig.stop());

    test.each<readonly [string, 'source' | 'target', string, readonly string[]]>([
      ['nothing', 'target', 'DO 0', []],
      ['a row that the condition leaves out', 'source', "UPDATE shop.logs SET line = 'd' WHERE id = 3", []],
      ['a row of a table that is not filled', 'source', "INSERT INTO shop.audit VALUES (2, 'b')", []],
      ['a row that the condition takes in', 'target', "UPDATE mirror.logs SET line = 'z'", ['logs']],
      ['a row that only the target has', 'target', "INSERT INTO mirror.logs VALUES (3, 'd')", ['logs']],
      ['a row where there should be none', 'target', "INSERT INTO mirror.audit VALUES (1, 'a')", ['audit']],
      ['a row of a whole table', 'target', "DELETE FROM mirror.colours WHERE name = 'red'", ['colours']],
    ])('%s: a refresh copies what is not the same, and no more', async (_, server, sql, copied) => {
      const before = await identify();
      const right = await readTarget();
      await rig[server].query(sql);
      await refresh();
      const now = await identify();
      expect(now.size).toBe(3);
      expect([...now].filter(([name, id]) => before.get(name) !== id).map(([name]) => name)).toEqual(copied);
      expect(await readTarget()).toEqual(right);
    });

    test('a table that the target cannot read is copied, and the recap says so', async () => {
      const before = await identify();
      const right = await readTarget();
      await rig.target.query('ALTER TABLE mirror.colours DISCARD TABLESPACE');
      await expect(rig.target.query('SELECT name FROM mirror.colours')).rejects.toThrow();
      expect(await refresh()).toContain('colours was copied: the target could not read its rows');
      expect((await identify()).get('logs')).toBe(before.get('logs'));
      expect(await readTarget()).toEqual(right);
    });
  },
);

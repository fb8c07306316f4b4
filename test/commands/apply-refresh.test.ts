import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const SHOP = `
CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE TABLE shop.customers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40)) ENGINE=InnoDB;
CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, customer INT, amount DECIMAL(10,2),
  doubled DECIMAL(11,2) AS (amount * 2) STORED, FOREIGN KEY (customer) REFERENCES shop.customers (id)) ENGINE=InnoDB;
CREATE TABLE shop.logs (id INT AUTO_INCREMENT PRIMARY KEY, line VARCHAR(80), ratio DOUBLE, word VARCHAR(10) UNIQUE, doc JSON) ENGINE=InnoDB;
CREATE TABLE shop.colours (name VARCHAR(20) PRIMARY KEY) ENGINE=InnoDB;
CREATE VIEW shop.names AS SELECT name FROM shop.customers;
CREATE TRIGGER shop.stamp BEFORE INSERT ON shop.logs FOR EACH ROW SET NEW.line = CONCAT(NEW.line, IF(NEW.line = '', '', '!'));
INSERT INTO shop.customers (name) VALUES ('Anna'), ('Bert'), ('Cora');
INSERT INTO shop.orders (customer, amount) VALUES (1, 10), (2, 20), (3, 30);
INSERT INTO shop.logs (line, ratio, word, doc) VALUES ('a', 0.1, 'x', '{"a": 1}'), ('b', 0.2, NULL, '[1]'), ('', 0.3, 'z', NULL);
INSERT INTO shop.colours VALUES ('red'), ('blue')`;

/** What the server calls a table: another one of the same name is another table. */
const identify = async ({ target }: Rig, vendor: string): Promise<ReadonlyMap<string, string>> => {
  const rows = await target.query(
    `SELECT SUBSTRING_INDEX(NAME, '/', -1) AS name, TABLE_ID AS id FROM information_schema.${vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES'} WHERE NAME LIKE 'shop/%'`,
  );
  return new Map(rows.map((row) => [String(row['name']), String(row['id'])]));
};

interface Applied {
  readonly outcomes: readonly { readonly notes: readonly string[]; readonly tables: number }[];
}

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'a refresh of $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    const both = async (sql: string): Promise<void> => {
      for (const server of [rig.source, rig.target]) await server.query(sql);
    };
    const apply = (...flags: readonly string[]) =>
      rig.run(['apply', plan, '--auto-approve', '--confirm-target', 'staging', ...flags]);
    const refresh = async (...flags: readonly string[]): Promise<Applied> => {
      const { code, stdout, stderr } = await apply('--refresh', 'auto', '--json', ...flags);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as Applied;
    };
    const expectSame = async (): Promise<void> =>
      expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));

    /** Foreign keys of what is kept for a rollback that could refuse deletes in what is live. */
    const listKeysFromScratch = () =>
      rig.target.query(
        "SELECT TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA LIKE 'mysql\\_sync\\_%' AND UNIQUE_CONSTRAINT_SCHEMA = 'shop'",
      );

    beforeAll(async () => {
      rig = await startRig({ flavor });
      for (const sql of SHOP.split(';\n')) await rig.source.query(sql);
      plan = rig.writePlan('databases:\n  - name: shop');
      const { code, stderr } = await apply();
      expect(code, stderr).toBe(0);
    });
    afterAll(() => rig.stop());

    test('nothing that is equal is copied, and nothing is swapped', async () => {
      const before = await identify(rig, flavor.vendor);
      const scratch = await rig.scratchDatabases();
      const result = await refresh();
      expect(await identify(rig, flavor.vendor)).toEqual(before);
      expect(result.outcomes[0]?.notes).toEqual(['4 tables stayed: the rows are those of the source']);
      expect(await rig.scratchDatabases()).toEqual(scratch);
      await expectSame();
    });

    test.each<readonly [string, string, readonly string[]]>([
      ['a byte of a row', "UPDATE shop.colours SET name = 'blud' WHERE name = 'blue'", ['colours']],
      [
        'a key that is equal by its collation',
        "UPDATE shop.colours SET name = 'RED' WHERE name = 'red'",
        ['colours'],
      ],
      ['a row that is gone', "DELETE FROM shop.colours WHERE name = 'blue'", ['colours']],
      ['a row too many', "INSERT INTO shop.colours VALUES ('green')", ['colours']],
      ['a key that moved', 'UPDATE shop.logs SET id = 2000 WHERE id = 2', ['logs']],
      [
        'rows that exchanged a value',
        "UPDATE shop.logs SET line = IF(id = 1, 'b!', 'a!') WHERE id IN (1, 2)",
        ['logs'],
      ],
      ['NULL for an empty text', 'UPDATE shop.logs SET line = NULL WHERE id = 3', ['logs']],
      ['an empty text for NULL', "UPDATE shop.logs SET word = '' WHERE id = 2", ['logs']],
      [
        'the last digit of a float',
        'UPDATE shop.logs SET ratio = 0.30000000000000004 WHERE id = 3',
        ['logs'],
      ],
      ['JSON', "UPDATE shop.logs SET doc = '[2]' WHERE id = 2", ['logs']],
      ['the number of the next row', 'ALTER TABLE shop.logs AUTO_INCREMENT = 5000', ['logs']],
      ['a trigger', 'DROP TRIGGER shop.stamp', ['logs']],
      ['an index', 'ALTER TABLE shop.colours ADD KEY again (name)', ['colours']],
      [
        'a stored column, and a child of what stays',
        'UPDATE shop.orders SET amount = 11 WHERE id = 1',
        ['orders'],
      ],
      ['a parent of what stays', "UPDATE shop.customers SET name = 'Anne' WHERE id = 1", ['customers']],
    ])('%s is copied, and all else stays', async (_, sql, copied) => {
      const before = await identify(rig, flavor.vendor);
      await rig.target.query(sql);
      const broken = await rig.contentOf('target', 'shop');
      const [done] = (await refresh()).outcomes;
      const now = await identify(rig, flavor.vendor);
      expect(
        [...now]
          .filter(([name, id]) => before.get(name) !== id)
          .map(([name]) => name)
          .sort(),
      ).toEqual(copied);
      expect(done?.tables).toBe(copied.length);
      await expectSame();
      expect(await listKeysFromScratch()).toEqual([]);
      const { code } = await rig.rollBackNewest();
      expect(code).toBe(0);
      expect(await rig.contentOf('target', 'shop')).toEqual(broken);
      await refresh();
      await expectSame();
    });

    test('what nothing has changed of is as of this refresh, and what is kept for a rollback stays', async () => {
      const readStatus = async () => {
        const { stdout } = await rig.run(['status', plan, '--json']);
        return /"as_of": *"([^"]+)"/.exec(stdout)?.[1] ?? '';
      };
      const before = await readStatus();
      const scratch = await rig.scratchDatabases();
      await refresh();
      expect((await readStatus()) > before).toBe(true);
      expect(await rig.scratchDatabases()).toEqual(scratch);
    });

    test('the dump engine cannot compare in the snapshot that it copies', async () => {
      const { code, stderr } = await apply('--refresh', 'auto', '--engine', 'dump');
      expect(stderr).toContain('error[INPUT_INVALID] refresh is auto, and the dump engine');
      expect(code).not.toBe(0);
    });

    test('a plan says what is compared, and what is copied in any case', async () => {
      const look = async (options: string): Promise<unknown> => {
        const path = rig.writePlan(`databases:\n  - name: shop\n${options}`);
        const { stdout } = await rig.run(['plan', path, '--json']);
        const { databases } = JSON.parse(stdout) as {
          readonly databases: readonly { readonly tables: readonly { readonly refresh?: unknown }[] }[];
        };
        return databases[0]?.tables.map((table) => table.refresh)[0];
      };
      expect(await look('options: {refresh: auto}')).toEqual({ base: 'live' });
      expect(await look('options: {refresh: full}')).toBeUndefined();
      expect(await look('hooks: {assert: [SELECT 1]}\noptions: {refresh: auto}')).toEqual({
        base: 'none',
        reason: 'hooks need the whole copy',
      });
    });

    test('a program that differs is made again, and every table stays', async () => {
      const before = await identify(rig, flavor.vendor);
      await rig.target.query("CREATE OR REPLACE VIEW shop.names AS SELECT 'nobody' AS name");
      await refresh();
      expect(await identify(rig, flavor.vendor)).toEqual(before);
      await expectSame();
    });

    test('a table that comes and one that goes are swapped beside those that stay', async () => {
      const before = await identify(rig, flavor.vendor);
      await both('CREATE TABLE shop.notes (id INT PRIMARY KEY) ENGINE=InnoDB');
      await rig.target.query('RENAME TABLE shop.notes TO shop.old_notes');
      await refresh();
      const now = await identify(rig, flavor.vendor);
      expect([...now].filter(([name, id]) => before.get(name) !== id).map(([name]) => name)).toEqual([
        'notes',
      ]);
      await expectSame();
    });
  },
);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { startRandom } from '../support/random.js';
import { type Rig, startRig } from '../support/rig.js';
import { type Everything, readEverything } from './read-everything.js';

/**
 * Refreshes after random changes of both sides. What the target has then is byte for byte what the source has, and a table stayed
 * exactly when it was that before, by a reading that has none of the product's code; `strict` copies what a foreign key ties to a table
 * that is copied, too. More rounds, with another seed:
 *   MYSQL_SYNC_REFRESH_ROUNDS=1000 MYSQL_SYNC_REFRESH_SEED=2 npx vitest run test/fidelity/refresh.test.ts
 */
const ROUNDS = Number(process.env['MYSQL_SYNC_REFRESH_ROUNDS'] ?? 8);
const SEED = Number(process.env['MYSQL_SYNC_REFRESH_SEED'] ?? 1);

const TEXT = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci';

/** Rows are those with the ids 1 to 4, where there are ids. */
const TABLES: Readonly<Record<string, { readonly definition: string; readonly row: string }>> = {
  figures: {
    definition: 'f FLOAT, d DOUBLE, n DECIMAL(30,6), b BIT(9), y YEAR, u BIGINT UNSIGNED',
    row: "0.1, 0.2, 12345678901234567890.5, b'101', 2024, 18446744073709551615",
  },
  texts: {
    definition: `w VARCHAR(20) ${TEXT} UNIQUE, t TEXT ${TEXT}, x VARBINARY(16), l BLOB, e ENUM('a', 'b', ''), s SET('x', 'y')`,
    row: "NULL, 'a,b', X'00FF', '', 'a', 'x'",
  },
  documents: { definition: 'doc JSON, a INT, g INT AS (a * 2) STORED, v INT AS (a + 1)', row: '' },
  moments: {
    definition: 'm DATETIME(6), s TIMESTAMP(6) NULL, t TIME(3), d DATE',
    row: "'2026-01-01 00:00:00.000001', '2026-03-29 02:30:00.5', '-01:00:00.5', '0001-01-01'",
  },
  parents: { definition: 'name VARCHAR(9)', row: "'p'" },
  children: {
    definition:
      'parent INT, KEY to_parent (parent), CONSTRAINT by_parent FOREIGN KEY (parent) REFERENCES parents (id)',
    row: '1',
  },
  grandchildren: {
    definition:
      'child INT, KEY to_child (child), CONSTRAINT by_child FOREIGN KEY (child) REFERENCES children (id)',
    row: 'NULL',
  },
};

/** More than one at a time are compared together first, and by themselves where they differ. */
const DATABASES = ['shop', 'office'] as const;

const SHOP = [
  ...Object.entries(TABLES).flatMap(([name, { definition, row }]) => [
    `CREATE TABLE ${name} (id INT AUTO_INCREMENT PRIMARY KEY, ${definition}) ENGINE=InnoDB`,
    ...[1, 2, 3, 4].map((id) =>
      row === ''
        ? `INSERT INTO ${name} (doc, a) VALUES ('{"a": [1, null, ${String(id)}]}', ${String(id)})`
        : `INSERT INTO ${name} VALUES (${String(id)}, ${row})`,
    ),
  ]),
  `CREATE TABLE words (w VARCHAR(20) ${TEXT} PRIMARY KEY) ENGINE=InnoDB; INSERT INTO words VALUES ('red'), ('blue')`,
  "CREATE TABLE bare (a INT, b VARCHAR(5)) ENGINE=InnoDB; INSERT INTO bare VALUES (1, 'x'), (1, 'x'), (NULL, '')",
].join('; ');

/** A foreign key ties them to each other: `refresh: strict` leaves all of them, or none. */
const TIED = ['parents', 'children', 'grandchildren'];

/** One wrong byte in each kind of place, and changes that change nothing. */
const CHANGES: readonly string[] = [
  'UPDATE figures SET f = 0.10000001 WHERE id = ?',
  'UPDATE figures SET d = 0.30000000000000004 WHERE id = ?',
  'UPDATE figures SET d = 0.3 WHERE id = ?',
  'UPDATE figures SET d = -0e0 WHERE id = ?',
  'UPDATE figures SET d = 0e0 WHERE id = ?',
  'UPDATE figures SET n = n + 0.000001 WHERE id = ?',
  "UPDATE figures SET b = b'100000101' WHERE id = ?",
  'UPDATE figures SET u = u - 1 WHERE id = ?',
  'UPDATE figures SET y = NULL WHERE id = ?',
  'UPDATE texts SET w = NULL WHERE id = ?',
  "UPDATE IGNORE texts SET w = '' WHERE id = ?",
  "UPDATE IGNORE texts SET w = 'a ' WHERE id = ?",
  "UPDATE texts SET t = 'A,b' WHERE id = ?",
  "UPDATE texts SET t = 'a', l = 'b,' WHERE id = ?",
  "UPDATE texts SET t = 'a,', l = 'b' WHERE id = ?",
  "UPDATE texts SET x = X'00FE' WHERE id = ?",
  "UPDATE texts SET x = X'00FF' WHERE id = ?",
  "UPDATE texts SET l = REPEAT('y', 60000) WHERE id = ?",
  "UPDATE texts SET l = CONCAT(REPEAT('y', 59999), 'z') WHERE id = ?",
  "UPDATE texts SET e = '', s = 'x,y' WHERE id = ?",
  'UPDATE documents SET doc = \'{"a":[1,null,2]}\' WHERE id = ?',
  'UPDATE documents SET doc = \'{"a": [1, null, 2.0]}\' WHERE id = ?',
  "UPDATE documents SET doc = 'null' WHERE id = ?",
  'UPDATE documents SET doc = NULL WHERE id = ?',
  'UPDATE documents SET a = a + 1 WHERE id = ?',
  "UPDATE moments SET m = m + INTERVAL 1 MICROSECOND, t = '-00:00:00.001' WHERE id = ?",
  'UPDATE moments SET s = NULL WHERE id = ?',
  "UPDATE parents SET name = 'q' WHERE id = ?",
  'UPDATE children SET parent = NULL WHERE id = ?',
  'UPDATE children SET parent = ? WHERE id = 1',
  'UPDATE grandchildren SET child = ? WHERE id = 2',
  'UPDATE IGNORE moments SET id = id + 7 WHERE id = ?',
  'DELETE FROM figures WHERE id = ?',
  "INSERT IGNORE INTO parents VALUES (? + 4, 'new')",
  "INSERT INTO texts (t) VALUES ('more')",
  "UPDATE words SET w = 'RED' WHERE w = 'red'",
  "UPDATE words SET w = 'red' WHERE w = 'red'",
  "INSERT IGNORE INTO words VALUES ('grün')",
  "UPDATE bare SET b = '' WHERE b = 'x' LIMIT 1",
  "UPDATE bare SET b = NULL WHERE b = '' LIMIT 1",
  "INSERT INTO bare VALUES (1, 'x')",
];

const flavors = availableFlavors();

describe.each(flavors)('random refreshes of $id', (flavor) => {
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    for (const name of DATABASES)
      await rig.source.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}; ${SHOP}`);
    plan = rig.writePlan(
      'databases: [{name: shop}, {name: office}]\noptions: {refresh: auto, max_concurrent: 1}',
    );
    await refresh('auto');
  });
  afterAll(() => rig.stop());

  const refresh = async (rule: 'auto' | 'strict'): Promise<void> => {
    const words = ['apply', plan, '--refresh', rule, '--auto-approve', '--confirm-target', 'staging'];
    const { code, stdout, stderr } = await rig.run(words);
    expect(code, stdout + stderr).toBe(0);
  };

  const identify = async (): Promise<ReadonlyMap<string, string>> => {
    const view = flavor.vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES';
    const rows = await rig.target.query(
      `SELECT NAME AS name, TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE 'shop/%' OR NAME LIKE 'office/%'`,
    );
    return new Map(rows.map((row) => [String(row['name']), String(row['id'])]));
  };

  const readBoth = (name: string): Promise<readonly Everything['facts'][]> =>
    Promise.all(
      [rig.source, rig.target].map(
        async (server) => (await readEverything(server, name))?.facts ?? new Map<string, string>(),
      ),
    );

  test(
    `${String(ROUNDS)} of seed ${String(SEED)}: equal tables stay, others are copied, and all is the source's`,
    async () => {
      const random = startRandom(SEED);
      const draw = (most: number): number => Math.floor(random() * most);
      const counts = { auto: { stayed: 0, copied: 0 }, strict: { stayed: 0, copied: 0 } };
      for (let round = 0; round < ROUNDS; round += 1) {
        const changes = Array.from({ length: 1 + draw(4) }, () => {
          const sql = CHANGES[draw(CHANGES.length)] ?? '';
          return {
            database: DATABASES[draw(3) === 0 ? 1 : 0],
            side: draw(3) === 0 ? 'source' : 'target',
            sql: sql.replace('?', String(1 + draw(4))),
          } as const;
        });
        for (const { database, side, sql } of changes)
          await rig[side].query(`USE ${database}; SET foreign_key_checks = 0; ${sql}`);
        const rule = draw(2) === 0 ? 'strict' : 'auto';
        const told = [round, rule, changes];
        const sides = new Map<string, readonly Everything['facts'][]>();
        for (const name of DATABASES) sides.set(name, await readBoth(name));
        const before = await identify();
        await refresh(rule);
        const now = await identify();
        expect([told, [...now.keys()].sort()]).toEqual([told, [...before.keys()].sort()]);
        for (const [path, id] of now) {
          const [database = '', name = ''] = path.split('/');
          const [here, there] = sides.get(database) ?? [];
          const wasEqual = (table: string): boolean =>
            [`table ${table}`, `rows of ${table}`].every(
              (fact) => here?.has(fact) && here.get(fact) === there?.get(fact),
            );
          const together = rule === 'strict' && TIED.includes(name) ? TIED : [name];
          const stays = together.every(wasEqual);
          expect([told, path, before.get(path) === id]).toEqual([told, path, stays]);
          counts[rule][stays ? 'stayed' : 'copied'] += 1;
        }
        for (const name of DATABASES) {
          const [source, target] = await readBoth(name);
          expect([told, name, target]).toEqual([told, name, source]);
        }
      }
      for (const { stayed, copied } of Object.values(counts))
        expect([stayed > ROUNDS / 2, copied > ROUNDS / 8]).toEqual([true, true]);
    },
    60_000 + ROUNDS * 10_000,
  );
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { startRandom } from '../support/random.js';
import { type Rig, startRig } from '../support/rig.js';
import { type Everything, readEverything } from './read-everything.js';

/**
 * Refreshes of a masked copy after random changes of both sides, beside a second copy of the same source that is made whole each time. What
 * the first has then is byte for byte what the second has, and a table stayed exactly when it was that before. More rounds:
 *   MYSQL_SYNC_REFRESH_ROUNDS=100 MYSQL_SYNC_REFRESH_SEED=2 npx vitest run test/fidelity/refresh-masked.test.ts
 */
const ROUNDS = Number(process.env['MYSQL_SYNC_REFRESH_ROUNDS'] ?? 5);
const SEED = Number(process.env['MYSQL_SYNC_REFRESH_SEED'] ?? 1);

const TEXT = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci';
const ROWS = 30;

const TABLES: Readonly<Record<string, { readonly definition: string; readonly row: string }>> = {
  people: {
    definition: `mail VARCHAR(60) ${TEXT} UNIQUE, nick CHAR(20) CHARACTER SET latin1, told TEXT ${TEXT}, kept VARCHAR(20) ${TEXT}`,
    row: "CONCAT('p', @i, '@canary.example'), CONCAT('nick', @i % 3), CONCAT('told ', @i), 'kept'",
  },
  figures: {
    definition: 'n INT, d DECIMAL(12,4), f FLOAT, b BIGINT UNSIGNED, v INT AS (n + 1)',
    row: '@i * 7, @i * 1.5, 0.1, @i',
  },
  moments: {
    definition: 'born DATE, at DATETIME(6), s TIMESTAMP(6) NULL',
    row: "'1980-05-17' + INTERVAL @i DAY, '2026-01-01 00:00:00.000001', '2026-03-29 02:30:00.5'",
  },
  documents: {
    definition: `doc JSON, digits VARCHAR(30) ${TEXT}, x VARBINARY(16)`,
    row: `CONCAT('{"mail": "d', @i, '@canary.example", "n": [1, 2.0]}'), CONCAT('+49 (0)30 ', @i), UNHEX(HEX(@i))`,
  },
  computed: {
    definition: `a VARCHAR(20) ${TEXT}, g VARCHAR(24) ${TEXT} AS (CONCAT(a, '!')) STORED`,
    row: "'a'",
  },
};
const NAMED: Readonly<Record<string, string>> = {
  figures: ' (id, n, d, f, b)',
  computed: ' (id, a)',
};

const SHOP = [
  'CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop',
  ...Object.entries(TABLES).flatMap(([name, { definition, row }]) => [
    `CREATE TABLE ${name} (id INT AUTO_INCREMENT PRIMARY KEY, ${definition}) ENGINE=InnoDB`,
    ...Array.from({ length: ROWS }, (_, at) =>
      `INSERT INTO ${name}${NAMED[name] ?? ''} VALUES (${String(at + 1)}, ${row})`.replaceAll(
        '@i',
        String(at + 1),
      ),
    ),
  ]),
  `CREATE TABLE words (w VARCHAR(20) ${TEXT} PRIMARY KEY, n INT) ENGINE=InnoDB; INSERT INTO words VALUES ('red', 1), ('blue', 2)`,
  "CREATE TABLE bare (a INT, b VARCHAR(12)) ENGINE=InnoDB; INSERT INTO bare VALUES (1, 'x'), (1, 'x'), (NULL, '')",
].join('; ');

const MASK = `mask:
  key: "\${MASK_KEY:?}"
  columns:
    people.mail: email
    people.nick: token
    people.told: text
    figures.n: number
    figures.d: number
    moments.born: {date: year}
    moments.at: date
    documents.doc: {json: {"$.mail": email}}
    documents.digits: digits
    computed.a: token
    words.w: token
    bare.b: {sql: "CONCAT(b, 'm')"}
  unless: {people: "id % 5 = 0"}`;

/** Of the source. */
const CHANGES: readonly string[] = [
  "UPDATE people SET mail = CONCAT('new', RAND(), '@canary.example') WHERE id = ?",
  'UPDATE people SET mail = NULL WHERE id = ?',
  "UPDATE people SET nick = '' WHERE id = ?",
  "UPDATE people SET nick = 'Nick1' WHERE id = ?",
  "UPDATE people SET told = REPEAT('grün ', 900) WHERE id = ?",
  "UPDATE people SET kept = 'KEPT' WHERE id = ?",
  "UPDATE people SET kept = 'kept ' WHERE id = ?",
  'UPDATE IGNORE people SET id = id + 5 WHERE id = ?',
  'UPDATE figures SET n = n + 1 WHERE id = ?',
  'UPDATE figures SET n = 0, d = NULL WHERE id = ?',
  'UPDATE figures SET d = -d WHERE id = ?',
  'UPDATE figures SET f = 0.10000001 WHERE id = ?',
  'UPDATE figures SET b = 18446744073709551615 WHERE id = ?',
  "UPDATE moments SET born = '1980-05-18' WHERE id = ?",
  "UPDATE moments SET born = '1999-12-31' WHERE id = ?",
  'UPDATE moments SET at = at + INTERVAL 1 MICROSECOND WHERE id = ?',
  'UPDATE moments SET s = NULL WHERE id = ?',
  `UPDATE documents SET doc = '{"mail":"e@canary.example","n":[1,2]}' WHERE id = ?`,
  'UPDATE documents SET doc = NULL WHERE id = ?',
  "UPDATE documents SET digits = '0' WHERE id = ?",
  "UPDATE documents SET x = X'00FF' WHERE id = ?",
  'DELETE FROM documents WHERE id = ?',
  "INSERT INTO people (mail, kept) VALUES (CONCAT('more', RAND(), '@canary.example'), 'new')",
  'INSERT INTO figures (n) VALUES (?)',
  "UPDATE computed SET a = 'b' WHERE id = ?",
  "UPDATE words SET w = 'RED' WHERE w = 'red'",
  'UPDATE words SET n = n + 1',
  "INSERT INTO bare VALUES (1, 'x')",
];

/** Of the copy: one wrong byte in what is masked, and in what is not. */
const DAMAGES: readonly string[] = [
  "UPDATE people SET mail = CONCAT('x', mail) WHERE id = ?",
  "UPDATE people SET told = CONCAT(told, ' ') WHERE id = ?",
  'UPDATE people SET nick = NULL WHERE id = ?',
  'UPDATE figures SET n = n + 1 WHERE id = ?',
  'UPDATE figures SET f = 0.10000001 WHERE id = ?',
  'UPDATE moments SET born = born + INTERVAL 1 DAY WHERE id = ?',
  "UPDATE documents SET doc = JSON_SET(doc, '$.mail', 'y@canary.example') WHERE id = ?",
  "UPDATE documents SET digits = REPLACE(digits, '0', '1') WHERE id = ?",
  'DELETE FROM figures WHERE id = ?',
  "INSERT INTO bare VALUES (2, 'y')",
  'UPDATE words SET n = n + 1 LIMIT 1',
  'UPDATE people SET kept = kept WHERE id = ?',
];

interface Change {
  readonly side: 'source' | 'target';
  readonly sql: string;
}

const flavors = availableFlavors();

describe.each(flavors)('random refreshes of a masked copy on $id', (flavor) => {
  let rig: Rig;
  let refreshed: string;
  let whole: string;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    await rig.source.query(SHOP);
    refreshed = rig.writePlan(`databases: [{name: shop}]\noptions: {refresh: auto}\n${MASK}`);
    whole = rig.writePlan(`databases: [{name: shop, as: whole}]\n${MASK}`);
    for (const plan of [refreshed, whole]) {
      await run('mask', 'accept', plan, '--all');
      await apply(plan);
    }
  });
  afterAll(() => rig.stop());

  const run = async (...argv: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await rig.start(argv, { MASK_KEY: 'canary-key-0123456789abcdef' }).ended;
    expect(code, stdout + stderr).toBe(0);
    return stdout + stderr;
  };
  const apply = (plan: string): Promise<string> =>
    run('apply', plan, '--auto-approve', '--confirm-target', 'staging');

  const identify = async (): Promise<ReadonlyMap<string, string>> => {
    const view = flavor.vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES';
    const rows = await rig.target.query(
      `SELECT SUBSTRING_INDEX(NAME, '/', -1) AS name, TABLE_ID AS id FROM information_schema.${view} WHERE NAME LIKE 'shop/%'`,
    );
    return new Map(rows.map((row) => [String(row['name']), String(row['id'])]));
  };

  const read = async (database: string): Promise<Everything['facts']> =>
    (await readEverything(rig.target, database))?.facts ?? new Map<string, string>();

  test(
    `${String(ROUNDS)} of seed ${String(SEED)}: equal tables stay, others are patched or copied, and all is what a whole copy is`,
    async () => {
      const random = startRandom(SEED);
      const draw = (most: number): number => Math.floor(random() * most);
      const pick = (list: readonly string[]): string =>
        (list[draw(list.length)] ?? '').replace('?', String(1 + draw(ROWS)));
      const told = { stayed: 0, copied: 0, patched: 0 };
      for (let round = 0; round < ROUNDS; round += 1) {
        const drawn = Array.from({ length: 1 + draw(4) }, (): Change => {
          const side = draw(3) === 0 ? 'target' : 'source';
          const list = side === 'source' ? CHANGES : DAMAGES;
          return { side, sql: pick(list) };
        });
        // What changes each time is there to start from the next time.
        for (const table of ['people', 'documents'])
          drawn.push({ side: 'source', sql: pick(CHANGES.filter((sql) => sql.includes(table))) });
        for (const { side, sql } of drawn) await rig[side].query(`USE shop; ${sql}`);
        await apply(whole);
        const [wanted, found, before] = await Promise.all([read('whole'), read('shop'), identify()]);
        const recap = await apply(refreshed);
        if (recap.includes('started from what was kept')) told.patched += 1;
        const now = await identify();
        const how = [round, drawn];
        expect([how, [...now.keys()].sort()]).toEqual([how, [...before.keys()].sort()]);
        for (const [name, id] of now) {
          const wasEqual = [`table ${name}`, `rows of ${name}`].every(
            (fact) => wanted.has(fact) && wanted.get(fact) === found.get(fact),
          );
          const stays = wasEqual && name !== 'computed';
          expect([how, name, before.get(name) === id]).toEqual([how, name, stays]);
          if (stays) told.stayed += 1;
          else told.copied += 1;
        }
        expect([how, await read('shop')]).toEqual([how, wanted]);
      }
      expect(told.stayed).toBeGreaterThan(ROUNDS);
      expect(told.copied).toBeGreaterThan(ROUNDS);
      expect(told.patched).toBeGreaterThan(0);
    },
    60_000 + ROUNDS * 15_000,
  );
});

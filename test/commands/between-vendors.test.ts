import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangeSet } from '../../src/core/change-set.js';
import type { Vendor } from '../../src/core/flavor.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT, type TestServer } from '../support/servers.js';

/** What applications have, in words that both vendors read. */
const STORE = `
  SET NAMES utf8mb4;
  CREATE TABLE customers (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80) NOT NULL, code CHAR(8) CHARACTER SET latin1 NULL COMMENT 'as typed',
    referred_by INT UNSIGNED NULL, joined TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, active TINYINT(1) NOT NULL DEFAULT 1,
    UNIQUE KEY uq_name (name), FULLTEXT KEY words (name),
    CONSTRAINT fk_referred FOREIGN KEY (referred_by) REFERENCES customers (id) ON DELETE SET NULL ON UPDATE CASCADE
  ) ENGINE=InnoDB COMMENT='people; "quoted" \\\\ ''';
  CREATE TABLE orders (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, customer INT UNSIGNED NOT NULL, placed_at DATETIME(6) NOT NULL, day DATE DEFAULT (CURDATE()),
    total DECIMAL(12,2) NOT NULL DEFAULT 0.50, tax DECIMAL(14,4) GENERATED ALWAYS AS (total * 0.2) STORED, label VARCHAR(40) GENERATED ALWAYS AS (CONCAT('order ', state)) VIRTUAL,
    state ENUM('new','paid','that''s') NOT NULL DEFAULT 'new', flags SET('a','b'), payload BLOB, note TEXT DEFAULT ('none'), weight FLOAT, ratio DOUBLE, bits BIT(9) DEFAULT b'101', span TIME(3), yr YEAR,
    place POINT, KEY by_customer (customer, placed_at DESC), KEY by_note (note(12)),
    CONSTRAINT ck_total CHECK (total >= 0 AND state IN ('new','paid','that''s')),
    CONSTRAINT fk_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE
  ) ENGINE=InnoDB AUTO_INCREMENT=5000;
  CREATE TABLE documents (id VARCHAR(20) NOT NULL PRIMARY KEY, doc JSON, more JSON NOT NULL) ENGINE=InnoDB;
  CREATE TABLE log (id INT NOT NULL, at DATE NOT NULL, what VARCHAR(90), PRIMARY KEY (id, at)) ENGINE=InnoDB
    PARTITION BY RANGE (YEAR(at)) (PARTITION old VALUES LESS THAN (2020), PARTITION \`the rest\` VALUES LESS THAN MAXVALUE);
  CREATE TABLE scratch_pad (id INT, v VARBINARY(9)) ENGINE=MyISAM;
  INSERT INTO customers (name, code, referred_by) VALUES ('Ana', 'é', NULL), ('Bo 🚀', NULL, 1), ('Čeněk', '', 1);
  INSERT INTO orders (customer, placed_at, total, state, flags, payload, weight, ratio, span, yr, place) VALUES
    (1, '2026-01-01 00:00:00.000001', 12.34, 'new', 'a,b', 0x00FF5C27, 0.020516252390057362, 0.1, '-838:59:59', 1999, ST_GeomFromText('POINT(3 4)')),
    (2, '2026-02-28 23:59:59.999999', 0, 'that''s', '', '', 16777216, -1e-300, '00:00:00.001', 2155, NULL), (3, '2027-10-31 01:30:00', 99999.99, 'paid', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  INSERT INTO documents VALUES ('a', '{"z": 1.5, "a": ["ü🦊", null, 12345678901234567890]}', '[]'), ('B', NULL, '"text"'), ('c ', '{}', '{"k": {}}');
  INSERT INTO log VALUES (1, '2019-05-05', 'old'), (2, '2025-05-05', 'new');
  INSERT INTO scratch_pad VALUES (1, 0x00), (1, 0x00), (NULL, NULL);
  CREATE SQL SECURITY INVOKER VIEW big_orders AS SELECT id, customer, total, CONCAT('#', id) AS label FROM orders WHERE total > 10;
  CREATE VIEW big_customers AS SELECT c.name, COUNT(*) AS orders FROM big_orders b JOIN customers c ON c.id = b.customer GROUP BY c.name WITH ROLLUP;
  CREATE VIEW editable AS SELECT id, name FROM customers WHERE name <> 'x' WITH CASCADED CHECK OPTION;
  DELIMITER //
  CREATE FUNCTION with_tax(amount DECIMAL(12,2)) RETURNS DECIMAL(12,2) DETERMINISTIC RETURN amount * 1.2//
  CREATE FUNCTION count_orders(who INT) RETURNS INT READS SQL DATA COMMENT 'of one' RETURN (SELECT COUNT(*) FROM orders WHERE customer = who)//
  CREATE PROCEDURE place_order(IN who INT UNSIGNED, INOUT amount DECIMAL(12,2))
  BEGIN
    -- One more; with tax.
    DECLARE taxed DECIMAL(12,2) DEFAULT with_tax(amount);
    INSERT INTO orders (customer, placed_at, total) VALUES (who, NOW(6), taxed);
    SET amount = taxed;
  END//
  CREATE TRIGGER orders_ai AFTER INSERT ON orders FOR EACH ROW BEGIN INSERT INTO log VALUES (NEW.id, '2030-01-01', CONCAT('order ', NEW.total)); END//
  CREATE TRIGGER orders_ai2 AFTER INSERT ON orders FOR EACH ROW FOLLOWS orders_ai UPDATE log SET what = CONCAT(what, ' and more') WHERE id = NEW.id//
  CREATE EVENT clean_log ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' ON COMPLETION PRESERVE COMMENT 'daily' DO DELETE FROM log WHERE at < NOW() - INTERVAL 30 DAY//
  DELIMITER ;
`;

/** What no server of the other vendor has, by the name that the plan calls it. */
const ODD: Readonly<Record<Vendor, readonly (readonly [sql: string, named: string])[]>> = {
  mariadb: [
    ['CREATE SEQUENCE counter', 'counter: a sequence'],
    ['CREATE TABLE in_aria (id INT) ENGINE=Aria', 'in_aria: ENGINE=aria'],
    ['CREATE TABLE history (id INT) WITH SYSTEM VERSIONING', 'history: a system-versioned table'],
    ['CREATE TABLE ids (id UUID, at INET6)', 'ids.id: type uuid'],
    [
      'CREATE TABLE long_key (t TEXT, UNIQUE KEY u (t))',
      'long_key, key u: a unique key over a hash of long values',
    ],
    ['CREATE TABLE small (t VARCHAR(90) COMPRESSED)', 'small.t: COMPRESSED'],
    ['CREATE PROCEDURE new_syntax() DELETE FROM small RETURNING t', 'procedure new_syntax: RETURNING'],
  ],
  mysql: [
    ['CREATE TABLE by_function (v VARCHAR(9), KEY k ((LOWER(v))))', 'by_function, key k: ( lower ( `v` ) )'],
    ['CREATE TABLE places (p POINT NOT NULL SRID 4326)', 'places.p: SRID 4326'],
    ['CREATE TABLE chinese (v VARCHAR(9) CHARACTER SET gb18030)', 'chinese.v: collation gb18030_chinese_ci'],
    ['CREATE TABLE strict (a INT, b INT AS (a * 2) NOT NULL)', 'strict.b: NOT NULL of a generated column'],
    [
      "CREATE VIEW tags AS SELECT j.n FROM JSON_TABLE('[1]', '$[*]' COLUMNS (n INT PATH '$')) j",
      'view tags: json_table()',
    ],
  ],
};

/** What the plan says of the application database, by its source. */
const NOTES: Readonly<Record<Vendor, readonly RegExp[]>> = {
  mariadb: [
    /^CONVERTED: check without a name becomes <table>_chk_<n>.*: documents\.doc and documents\.more$/m,
  ],
  mysql: [
    /^CONVERTED: JSON becomes LONGTEXT .*: documents\.doc and documents\.more$/m,
    /^CONVERTED: collation utf8mb4_0900_ai_ci becomes utf8mb4_uca1400_nopad_ai_ci: database store, /m,
    /^CONVERTED: -0 becomes 0, .*: orders\.weight and orders\.ratio$/m,
  ],
};

let rig: Rig;
let servers: Readonly<Record<Vendor, TestServer>>;
const flavors = availableFlavors();
const [flavor, targetFlavor] = ['mariadb-10.11', 'mysql-9.7'].map((id) =>
  flavors.find((one) => one.id === id),
);
const isThere = flavor !== undefined && targetFlavor !== undefined;

beforeAll(async () => {
  if (!isThere) return;
  rig = await startRig({ flavor, targetFlavor });
  servers = { mariadb: rig.source, mysql: rig.target };
  for (const [vendor, server] of Object.entries(servers)) {
    await server.query(
      'CREATE DATABASE store CHARACTER SET utf8mb4; CREATE DATABASE odd CHARACTER SET utf8mb4',
    );
    server.load(STORE, 'store');
    for (const [sql] of ODD[vendor as Vendor]) server.load(`${sql};`, 'odd');
  }
});
afterAll(async () => {
  if (isThere) await rig.stop();
});

const inline = (name: string, { port }: TestServer): string =>
  `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"`;

const DIRECTIONS: readonly (readonly [Vendor, Vendor])[] = [
  ['mariadb', 'mysql'],
  ['mysql', 'mariadb'],
];

const QUERIES = [
  'SELECT id, name, HEX(code) AS code, referred_by, active, joined FROM customers ORDER BY id',
  'SELECT id, customer, placed_at, day, total, tax, label, state, flags + 0 AS flags, HEX(payload) AS payload, note, weight * 1e0 AS weight, ratio, bits + 0 AS bits, span, yr, HEX(place) AS place FROM orders ORDER BY id',
  'SELECT id, CAST(doc AS CHAR) AS doc, CAST(more AS CHAR) AS more FROM documents ORDER BY HEX(id)',
  'SELECT id, at, what FROM log ORDER BY id',
  'SELECT id, HEX(v) AS v FROM scratch_pad ORDER BY id',
  'SELECT * FROM big_orders ORDER BY id',
  'SELECT * FROM big_customers ORDER BY name',
  'SELECT with_tax(10) AS taxed, count_orders(1) AS n',
  'SELECT EVENT_NAME AS n, STATUS AS s, EVENT_COMMENT AS c FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()',
];

const readStore = async (server: TestServer, database: string): Promise<unknown> => {
  const connection = await server.connect();
  try {
    await connection.query(`USE ${database}`);
    await connection.query("SET time_zone = '+00:00'");
    const results: unknown[] = [];
    for (const sql of QUERIES)
      results.push((await connection.query({ sql, dateStrings: true, supportBigNumbers: true }))[0]);
    return JSON.parse(JSON.stringify(results));
  } finally {
    await connection.end();
  }
};

describe.skipIf(!isThere).each(DIRECTIONS)('from %s to %s', (from, to) => {
  const copy = `from_${from}`;
  const writePlan = (body: string): string =>
    rig.writePlan(body, {
      source: `${inline('origin', servers[from])}}`,
      target: `${inline('copy', servers[to])}, access: read-write}`,
    });
  const readPlan = async (path: string): Promise<ChangeSet> =>
    JSON.parse((await rig.run(['plan', path, '--json'])).stdout) as ChangeSet;

  test('an application database is copied, and the plan says what becomes what', async () => {
    const plan = writePlan(`databases: [{name: store, as: ${copy}}]`);
    const [change] = (await readPlan(plan)).databases;
    expect(change?.hazards.filter(({ severity }) => severity === 'blocks')).toEqual([]);
    const said = (change?.hazards ?? []).map(({ code, message }) => `${code}: ${message}`).join('\n');
    for (const note of NOTES[from]) expect(said).toMatch(note);
    const applied = await rig.run(['apply', plan, '--auto-approve']);
    expect(applied).toMatchObject({ code: 0 });
    expect(await readStore(servers[to], copy)).toEqual(await readStore(servers[from], 'store'));
  });

  test('the copy compares equal, and its programs work', async () => {
    const plan = writePlan(`databases: [{name: store, as: ${copy}}]`);
    const verified = await rig.run(['verify', plan, '--detail']);
    expect(verified.stdout).toMatch(/^same\tstore\t/);
    const again = await readPlan(plan);
    expect(again.databases[0]?.tables.filter(({ isRestructured }) => isRestructured)).toEqual([]);
    await servers[to].query(`SET @amount = 50; CALL ${copy}.place_order(2, @amount)`);
    const [row] = await servers[to].query(`SELECT what FROM ${copy}.log WHERE at = '2030-01-01'`);
    expect(row).toEqual({ what: 'order 60.00 and more' });
    expect((await rig.run(['verify', plan])).code).toBe(3);
  });

  test('it is replaced, and what was there comes back', async () => {
    const plan = writePlan(`databases: [{name: store, as: ${copy}}]`);
    const before = await readStore(servers[to], copy);
    const applied = await rig.run(['apply', plan, '--confirm-target', 'copy']);
    expect(applied).toMatchObject({ code: 0 });
    expect(await readStore(servers[to], copy)).toEqual(await readStore(servers[from], 'store'));
    expect((await rig.run(['rollback', '--confirm-target', 'copy'])).code).toBe(0);
    expect(await readStore(servers[to], copy)).toEqual(before);
  });

  test('what has no equivalent is refused by name, and nothing is written', async () => {
    const plan = writePlan('databases: [{name: odd, as: odd_copy}]');
    const [change] = (await readPlan(plan)).databases;
    const refused = (change?.hazards ?? []).filter(({ severity }) => severity === 'blocks');
    const messages = refused.map(({ message }) => message).join('\n');
    for (const [, named] of ODD[from]) expect(messages).toContain(named);
    expect((await rig.run(['apply', plan, '--auto-approve'])).code).toBe(9);
    const databases = await servers[to].query("SHOW DATABASES LIKE '%\\_copy'");
    expect(databases).toEqual([]);
  });

  test("what the plan leaves out stands in nobody's way", async () => {
    const plan = writePlan('databases: [{name: odd, as: odd_copy, tables: {exclude: ["*"]}}]');
    const [change] = (await readPlan(plan)).databases;
    const refused = (change?.hazards ?? []).filter(({ severity }) => severity === 'blocks');
    expect(refused.filter(({ message }) => !/procedure|view/.test(message))).toEqual([]);
  });

  test('a dump is refused', async () => {
    const [change] = (await readPlan(writePlan('databases: [{name: store}]\noptions: {engine: dump}')))
      .databases;
    expect(change?.action).toBe('blocked');
    expect(change?.hazards.map(({ code }) => code)).toContain('DUMP_BETWEEN_VENDORS');
  });
});

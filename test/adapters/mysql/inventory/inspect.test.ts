import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import { inspectDatabases } from '../../../../src/adapters/mysql/inventory/inspect.js';
import type { DatabaseInventory } from '../../../../src/core/server/inventory.js';
import { parseFlavor } from '../../../../src/core/flavor.js';
import { toConnectionName, toDatabaseName } from '../../../../src/core/names.js';
import { Secret } from '../../../../src/core/secret.js';
import { ROOT, type TestServer, startServer } from '../../../support/servers.js';

let server: TestServer;
let other: TestServer;
const open: mysql.Connection[] = [];

const connect = async (
  to: TestServer,
  user: string = ROOT.user,
  password: string = ROOT.password,
): Promise<mysql.Connection> => {
  const connection = await openConnection({
    name: toConnectionName('prod'),
    role: 'source',
    address: { kind: 'tcp', host: '127.0.0.1', port: to.port },
    user,
    password: new Secret(password),
    tls: { mode: 'disabled' },
    access: 'read-only',
    isProtected: false,
    timeoutMilliseconds: 5_000,
    isPipelined: true,
  });
  open.push(connection);
  return connection;
};

const inspectWith = async (
  connection: mysql.Connection,
  ...names: readonly string[]
): Promise<readonly DatabaseInventory[]> => {
  const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT @@version AS version');
  return inspectDatabases(
    connection,
    parseFlavor(String(rows[0]?.['version']), ''),
    names.map(toDatabaseName),
  );
};

let connection: mysql.Connection;
let otherConnection: mysql.Connection;
const inspect = async (...names: readonly string[]): Promise<readonly DatabaseInventory[]> =>
  inspectWith(connection, ...names);
const inspectOne = async (name: string): Promise<DatabaseInventory> => {
  const [inventory] = await inspect(name);
  if (!inventory) throw new Error(`no ${name}`);
  return inventory;
};

/** Kind and name (or name alone for tables) to fingerprint. */
const fingerprintsOf = ({ tables, programs }: DatabaseInventory): Record<string, string> =>
  Object.fromEntries([
    ...tables.map(({ name, fingerprint }): [string, string] => [name, fingerprint]),
    ...programs.map(({ kind, name, fingerprint }): [string, string] => [`${kind} ${name}`, fingerprint]),
  ]);

/** Every kind of thing that a server prints with its own database's name in it; `@@` is that name. */
const SAMPLE = `
CREATE DATABASE \`@@\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci COMMENT 'a "shop"';
USE \`@@\`;
CREATE SEQUENCE ids START WITH 10 INCREMENT BY 5;
CREATE TABLE parent (id INT UNSIGNED NOT NULL AUTO_INCREMENT, code VARCHAR(20) NOT NULL, PRIMARY KEY (id), UNIQUE KEY (code)) ENGINE=InnoDB;
CREATE TABLE child (
  a INT UNSIGNED NOT NULL DEFAULT NEXT VALUE FOR ids, b BIGINT NOT NULL, name VARCHAR(50) CHARACTER SET latin1 DEFAULT 'it''s' COMMENT 'called',
  doc JSON, made DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), hidden INT INVISIBLE DEFAULT 7,
  doubled BIGINT AS (b * 2) STORED, PRIMARY KEY (b, a), KEY by_name (name(10), made DESC) COMMENT 'fast', FULLTEXT KEY words (name),
  CONSTRAINT positive CHECK (b > 0), CONSTRAINT up FOREIGN KEY (a) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='the ''child''';
CREATE TABLE history (id INT PRIMARY KEY) ENGINE=InnoDB WITH SYSTEM VERSIONING;
CREATE TABLE parts (id INT NOT NULL, d DATE NOT NULL, PRIMARY KEY (id, d)) ENGINE=InnoDB
  PARTITION BY RANGE COLUMNS (d) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN ('2020-01-01') COMMENT = 'old', PARTITION p1 VALUES LESS THAN (MAXVALUE));
CREATE VIEW codes AS SELECT p.code, COUNT(*) AS n FROM parent p JOIN child ON child.a = p.id GROUP BY p.code;
CREATE ALGORITHM=TEMPTABLE SQL SECURITY INVOKER VIEW again AS SELECT code, '\`@@\`.x' AS text FROM codes;
CREATE FUNCTION twice (x INT) RETURNS BIGINT DETERMINISTIC RETURN x * 2;
CREATE PROCEDURE fill (IN n INT, OUT done VARCHAR(5) CHARSET utf8mb4) COMMENT 'fills' MODIFIES SQL DATA SET done = 'yes';
CREATE TRIGGER z_first BEFORE INSERT ON parent FOR EACH ROW SET NEW.code = TRIM(NEW.code);
CREATE TRIGGER a_second BEFORE INSERT ON parent FOR EACH ROW FOLLOWS z_first SET NEW.code = UPPER(NEW.code);
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DISABLE COMMENT 'at night' DO DELETE FROM parent WHERE id = 0;
INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO child (a, b) VALUES (1, 1), (2, 2), (2, 3);
`;
const sampleAs = (name: string): string => SAMPLE.replaceAll('@@', name);

beforeAll(async () => {
  [server, other] = await Promise.all([startServer(), startServer()]);
  [connection, otherConnection] = await Promise.all([connect(server), connect(other)]);
  await server.query(sampleAs('shop'));
});
afterAll(async () => {
  await Promise.all(open.map(async (one) => one.end().catch(() => undefined)));
  await Promise.all([server.stop(), other.stop()]);
});

test('reads what a database holds', async () => {
  const shop = await inspectOne('shop');
  expect(shop).toMatchObject({
    name: 'shop',
    charset: 'utf8mb4',
    collation: 'utf8mb4_unicode_ci',
    comment: 'a "shop"',
    outsideForeignKeys: [],
    reads: [],
  });
  expect(shop.tables.map(({ name, kind, engine }) => [name, kind, engine])).toEqual([
    ['child', 'table', 'InnoDB'],
    ['history', 'system-versioned', 'InnoDB'],
    ['ids', 'sequence', 'InnoDB'],
    ['parent', 'table', 'InnoDB'],
    ['parts', 'table', 'InnoDB'],
  ]);
  const [child] = shop.tables;
  expect(child?.rowsEstimate).toBe(3);
  expect(child?.dataBytes).toBeGreaterThan(0);
  expect(child?.indexBytes).toBeGreaterThan(0);
  expect(Math.abs(Date.parse(child?.updatedAt ?? '') - Date.now())).toBeLessThan(120_000);
  expect(child?.foreignKeys).toEqual([
    {
      ...{ name: 'up', referencedDatabase: 'shop', referencedTable: 'parent', cascades: true },
      columns: [{ own: 'a', referenced: 'id' }],
    },
  ]);
  expect(
    child?.columns.map((column) => [
      column.name,
      column.columnType,
      column.isGenerated,
      column.primaryKeyPosition,
    ]),
  ).toEqual([
    ['a', 'int(10) unsigned', false, 2],
    ['b', 'bigint(20)', false, 1],
    ['name', 'varchar(50)', false, undefined],
    ['doc', 'longtext', false, undefined],
    ['made', 'datetime(3)', false, undefined],
    ['hidden', 'int(11)', false, undefined],
    ['doubled', 'bigint(20)', true, undefined],
  ]);
  expect(child?.columns[2]).toMatchObject({
    dataType: 'varchar',
    charset: 'latin1',
    collation: 'latin1_swedish_ci',
  });
  expect(child?.columns[0]).toMatchObject({ dataType: 'int', charset: undefined, collation: undefined });
  expect(child?.columns.map((column) => [column.isNotNull !== true, column.default])).toEqual([
    [false, 'computed'],
    [false, undefined],
    [true, 'constant'],
    [true, undefined],
    [false, 'computed'],
    [true, 'constant'],
    [true, undefined],
  ]);
  expect(child?.uniqueKeys).toEqual([
    { name: 'PRIMARY', columns: ['b', 'a'], tellsRows: true, isClustered: true },
  ]);
  expect(shop.tables[3]?.uniqueKeys).toEqual([
    { name: 'PRIMARY', columns: ['id'], tellsRows: true, isClustered: true },
    { name: 'code', columns: ['code'], tellsRows: true },
  ]);
  // That of the JSON column only asks whether it is JSON.
  expect(child?.checkedColumns).toEqual(['b']);
  expect(shop.programs.map(({ kind, name, table, definer }) => [kind, name, table, definer])).toEqual([
    ['function', 'twice', undefined, 'tester@127.0.0.1'],
    ['procedure', 'fill', undefined, 'tester@127.0.0.1'],
    ['view', 'again', undefined, 'tester@127.0.0.1'],
    ['view', 'codes', undefined, 'tester@127.0.0.1'],
    ['trigger', 'z_first', 'parent', 'tester@127.0.0.1'],
    ['trigger', 'a_second', 'parent', 'tester@127.0.0.1'],
    ['event', 'nightly', undefined, 'tester@127.0.0.1'],
  ]);
});

test('fingerprints are equal under another name and on another server, but for a text that holds the name', async () => {
  await Promise.all([server.query(sampleAs('a``b.c %-é')), other.query(sampleAs('shop'))]);
  const expected = fingerprintsOf(await inspectOne('shop'));
  const renamed = fingerprintsOf(await inspectOne('a`b.c %-é'));
  const [elsewhere] = await inspectWith(otherConnection, 'shop');
  expect(Object.keys(expected)).toHaveLength(12);
  expect(elsewhere && fingerprintsOf(elsewhere)).toEqual(expected);
  expect({ ...renamed, 'view again': '' }).toEqual({ ...expected, 'view again': '' });
  expect(renamed['view again']).not.toBe(expected['view again']);
});

test('fingerprints do not move with rows, counters, statistics and state', async () => {
  await server.query(sampleAs('moving'));
  const before = fingerprintsOf(await inspectOne('moving'));
  await server.query(`USE moving; INSERT INTO parent VALUES (1000, 'x'); ALTER TABLE parent AUTO_INCREMENT = 5000; ANALYZE TABLE parent, child;
    DO NEXTVAL(ids); INSERT INTO parts VALUES (1, '2019-01-01'); ALTER TABLE child ENGINE=InnoDB; FLUSH TABLES; CALL fill(1, @x)`);
  expect(fingerprintsOf(await inspectOne('moving'))).toEqual(before);
});

describe('every change of a definition moves the fingerprint of that object and of no other', () => {
  let pristine: Record<string, string>;
  beforeAll(async () => {
    await server.query(sampleAs('mutant'));
    pristine = fingerprintsOf(await inspectOne('mutant'));
  });

  const trigger = (name: string, place: string, body: string): string =>
    `DROP TRIGGER ${name}; CREATE TRIGGER ${name} BEFORE INSERT ON parent FOR EACH ROW ${place} ${body}`;
  const mutations: readonly [object: string, change: string][] = [
    ['child', 'ALTER TABLE child MODIFY b INT NOT NULL'],
    ['child', 'UPDATE child SET doc = 1; ALTER TABLE child MODIFY doc JSON NOT NULL'],
    ['child', "ALTER TABLE child ALTER name SET DEFAULT 'its'"],
    ['child', 'ALTER TABLE child ALTER name DROP DEFAULT'],
    ['child', 'ALTER TABLE child MODIFY made DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)'],
    ['child', 'ALTER TABLE child MODIFY hidden INT DEFAULT 7'],
    ['child', 'ALTER TABLE child DROP doubled, ADD doubled BIGINT AS (b * 3) STORED'],
    ['child', 'ALTER TABLE child DROP doubled, ADD doubled BIGINT AS (b * 2) VIRTUAL'],
    [
      'child',
      "ALTER TABLE child MODIFY name VARCHAR(50) CHARACTER SET latin1 DEFAULT 'it''s' COMMENT 'named'",
    ],
    [
      'child',
      "ALTER TABLE child MODIFY name VARCHAR(50) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'it''s' COMMENT 'called'",
    ],
    [
      'child',
      "ALTER TABLE child MODIFY name VARCHAR(50) CHARACTER SET utf8mb4 DEFAULT 'it''s' COMMENT 'called'",
    ],
    ['child', 'ALTER TABLE child MODIFY hidden INT INVISIBLE DEFAULT 7 AFTER a'],
    ['child', 'ALTER TABLE child CHANGE hidden hiding INT INVISIBLE DEFAULT 7'],
    ['child', 'ALTER TABLE child ADD extra INT'],
    ['child', 'ALTER TABLE child DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)'],
    ['child', "ALTER TABLE child DROP KEY by_name, ADD KEY by_name (name(11), made DESC) COMMENT 'fast'"],
    ['child', "ALTER TABLE child DROP KEY by_name, ADD KEY by_name (name(10), made) COMMENT 'fast'"],
    ['child', "ALTER TABLE child DROP KEY by_name, ADD KEY by_name (made DESC, name(10)) COMMENT 'fast'"],
    [
      'child',
      "DELETE FROM child; ALTER TABLE child DROP KEY by_name, ADD UNIQUE KEY by_name (name(10), made DESC) COMMENT 'fast'",
    ],
    ['child', 'ALTER TABLE child DROP KEY by_name, ADD KEY by_name (name(10), made DESC)'],
    ['child', 'ALTER TABLE child ALTER INDEX by_name IGNORED'],
    ['child', 'ALTER TABLE child DROP KEY words, ADD KEY words (name)'],
    ['child', 'ALTER TABLE child DROP KEY words'],
    ['child', 'ALTER TABLE child DROP CONSTRAINT positive'],
    ['child', 'ALTER TABLE child DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (b >= 0)'],
    ['child', 'ALTER TABLE child DROP CONSTRAINT positive, ADD CONSTRAINT plus CHECK (b > 0)'],
    ['child', 'ALTER TABLE child DROP FOREIGN KEY up'],
    [
      'child',
      'ALTER TABLE child DROP FOREIGN KEY up, ADD CONSTRAINT up2 FOREIGN KEY (a) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE CASCADE',
    ],
    [
      'child',
      'ALTER TABLE child DROP FOREIGN KEY up; ALTER TABLE child ADD CONSTRAINT up FOREIGN KEY (a) REFERENCES parent (id) ON UPDATE CASCADE',
    ],
    [
      'child',
      'ALTER TABLE child DROP FOREIGN KEY up; ALTER TABLE child ADD CONSTRAINT up FOREIGN KEY (a) REFERENCES parent (id) ON DELETE CASCADE',
    ],
    [
      'child',
      'ALTER TABLE child DROP FOREIGN KEY up; ALTER TABLE child ADD CONSTRAINT up FOREIGN KEY (a) REFERENCES shop.parent (id) ON DELETE CASCADE ON UPDATE CASCADE',
    ],
    ['child', 'ALTER TABLE child ROW_FORMAT=COMPRESSED'],
    ['child', "ALTER TABLE child COMMENT='the child'"],
    ['child', 'ALTER TABLE child DEFAULT CHARSET latin1'],
    ['child', 'ALTER TABLE child STATS_PERSISTENT=0'],
    ['child', 'ALTER TABLE child ALTER a SET DEFAULT (NEXT VALUE FOR shop.ids)'],
    ['parts', 'ALTER TABLE parts ENGINE=Aria'],
    ['parts', 'ALTER TABLE parts REMOVE PARTITIONING'],
    [
      'parts',
      "ALTER TABLE parts REORGANIZE PARTITION p0, p1 INTO (PARTITION p0 VALUES LESS THAN ('2021-01-01') COMMENT = 'old', PARTITION p1 VALUES LESS THAN (MAXVALUE))",
    ],
    [
      'parts',
      "ALTER TABLE parts REORGANIZE PARTITION p0 INTO (PARTITION p0 VALUES LESS THAN ('2020-01-01') COMMENT = 'new')",
    ],
    ['history', 'ALTER TABLE history DROP SYSTEM VERSIONING'],
    ['ids', 'ALTER SEQUENCE ids INCREMENT BY 6'],
    ['ids', 'ALTER SEQUENCE ids CYCLE'],
    [
      'view codes',
      'CREATE OR REPLACE VIEW codes AS SELECT p.code, COUNT(*) + 0 AS n FROM parent p JOIN child ON child.a = p.id GROUP BY p.code',
    ],
    [
      'view codes',
      'CREATE OR REPLACE VIEW codes AS SELECT p.code, COUNT(*) AS n FROM shop.parent p JOIN child ON child.a = p.id GROUP BY p.code',
    ],
    [
      'view again',
      "CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW again AS SELECT code, '`mutant`.x' AS text FROM codes",
    ],
    [
      'view again',
      "CREATE OR REPLACE ALGORITHM=TEMPTABLE SQL SECURITY DEFINER VIEW again AS SELECT code, '`mutant`.x' AS text FROM codes",
    ],
    [
      'view again',
      "CREATE OR REPLACE ALGORITHM=TEMPTABLE DEFINER=root@localhost SQL SECURITY INVOKER VIEW again AS SELECT code, '`mutant`.x' AS text FROM codes",
    ],
    ['function twice', 'CREATE OR REPLACE FUNCTION twice (x INT) RETURNS BIGINT DETERMINISTIC RETURN x + x'],
    ['function twice', 'CREATE OR REPLACE FUNCTION twice (x INT) RETURNS INT DETERMINISTIC RETURN x * 2'],
    ['function twice', 'CREATE OR REPLACE FUNCTION twice (X INT) RETURNS BIGINT DETERMINISTIC RETURN x * 2'],
    ['function twice', 'CREATE OR REPLACE FUNCTION twice (x INT) RETURNS BIGINT RETURN x * 2'],
    [
      'function twice',
      "SET sql_mode='ANSI_QUOTES'; CREATE OR REPLACE FUNCTION twice (x INT) RETURNS BIGINT DETERMINISTIC RETURN x * 2",
    ],
    ['procedure fill', "ALTER PROCEDURE fill COMMENT 'fills all'"],
    ['procedure fill', 'ALTER PROCEDURE fill SQL SECURITY INVOKER'],
    ['trigger a_second', trigger('a_second', 'FOLLOWS z_first', 'SET NEW.code = LOWER(NEW.code)')],
    [
      'trigger a_second, trigger z_first',
      trigger('a_second', 'PRECEDES z_first', 'SET NEW.code = UPPER(NEW.code)'),
    ],
    [
      'trigger a_second',
      `SET NAMES latin1; ${trigger('a_second', 'FOLLOWS z_first', 'SET NEW.code = UPPER(NEW.code)')}`,
    ],
    ['event nightly', "ALTER EVENT nightly ON SCHEDULE EVERY 2 DAY STARTS '2037-01-01 00:00:00'"],
    ['event nightly', 'ALTER EVENT nightly ENABLE'],
    ['event nightly', 'ALTER EVENT nightly ON COMPLETION PRESERVE'],
    ['event nightly', 'ALTER EVENT nightly DO DELETE FROM parent WHERE id = 1'],
  ];
  test.each(mutations)('%s: %s', async (objects, change) => {
    await server.query(`USE mutant; ${change}`);
    const moved = fingerprintsOf(await inspectOne('mutant'));
    const names = Object.keys(pristine).filter((name) => moved[name] !== pristine[name]);
    await server.query(`DROP DATABASE mutant; ${sampleAs('mutant')}`);
    expect(names.sort().join(', ')).toBe(objects);
    expect(Object.keys(moved).sort()).toEqual(Object.keys(pristine).sort());
  });
});

test('names that differ in case, accents and final spaces only are kept apart; names that do not exist are left out', async () => {
  await server.query(
    'CREATE DATABASE Look; CREATE DATABASE look; CREATE DATABASE `löok`; CREATE TABLE Look.T (a INT); CREATE TABLE Look.t (b INT); CREATE TABLE `löok`.u (c INT); CREATE VIEW look.v AS SELECT 1',
  );
  const found = await inspect('löok', 'look', 'Look', 'LOOK', 'nowhere', '');
  expect(
    found.map(({ name, tables, programs }) => [name, tables.map((table) => table.name), programs.length]),
  ).toEqual([
    ['Look', ['T', 't'], 0],
    ['look', [], 1],
    ['löok', ['u'], 0],
  ]);
  expect(found[0]?.tables.map(({ columns }) => columns.map(({ name }) => name))).toEqual([['a'], ['b']]);
  expect(await inspect()).toEqual([]);
});

test('many databases are read in batches and come sorted', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `many_${String(index).padStart(2, '0')}`);
  await server.query(
    names.map((name) => `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (${name} INT);`).join(''),
  );
  const found = await inspect(...names.toReversed());
  expect(found.map(({ name }) => name)).toEqual(names);
  expect(found.map(({ tables }) => tables[0]?.columns[0]?.name)).toEqual(names);
});

describe('foreign keys from other databases', () => {
  beforeAll(async () => {
    await server.query(`CREATE DATABASE goal; CREATE DATABASE near; CREATE TABLE goal.parent (a INT, b INT, PRIMARY KEY (a, b));
      CREATE TABLE goal.own (a INT, b INT, CONSTRAINT inner_key FOREIGN KEY (a, b) REFERENCES goal.parent (a, b));
      CREATE TABLE near.child (a INT, b INT, CONSTRAINT outer_key FOREIGN KEY (a, b) REFERENCES goal.parent (a, b));
      CREATE USER reader@127.0.0.1 IDENTIFIED BY 'x'; GRANT SELECT ON *.* TO reader@127.0.0.1`);
  });
  const incoming = { name: 'outer_key', database: 'near', table: 'child', referencedTable: 'parent' };

  test('are found, once each, with and without the PROCESS privilege', async () => {
    expect((await inspectOne('goal')).outsideForeignKeys).toEqual([incoming]);
    const reader = await connect(server, 'reader', 'x');
    expect(
      (await inspectWith(reader, 'goal', 'near')).map(({ outsideForeignKeys }) => outsideForeignKeys),
    ).toEqual([[incoming], []]);
  });

  test('are found where InnoDB spells the name of the database as a file name', async () => {
    await server.query(
      'CREATE DATABASE `far-é`; CREATE TABLE `far-é`.child (a INT, b INT, CONSTRAINT far_key FOREIGN KEY (a, b) REFERENCES goal.parent (a, b))',
    );
    const found = (await inspectOne('goal')).outsideForeignKeys.map(({ name, database }) => [name, database]);
    await server.query('DROP DATABASE `far-é`');
    expect(found).toEqual([
      ['far_key', 'far-é'],
      ['outer_key', 'near'],
    ]);
  });

  test('and views tell which databases it reads', async () => {
    await server.query(
      `CREATE DATABASE reader_of; CREATE VIEW reader_of.v AS SELECT a FROM (SELECT a FROM goal.own) x WHERE a IN (SELECT code + 0 FROM shop.parent p);
       CREATE VIEW reader_of.w AS SELECT a FROM reader_of.v`,
    );
    expect((await inspectOne('near')).reads).toEqual(['goal']);
    expect((await inspectOne('reader_of')).reads).toEqual(['goal', 'shop']);
  });

  test('are none where there are none', async () => {
    const [shop] = await inspectWith(otherConnection, 'shop');
    expect(shop?.outsideForeignKeys).toEqual([]);
  });
});

test('tables that the server cannot open, and views that are broken, do not stop the reading', async () => {
  await other.query(`CREATE DATABASE broken; USE broken; CREATE TABLE gone (a INT) ENGINE=MyISAM; CREATE TABLE garbled (a INT) ENGINE=InnoDB;
    CREATE TABLE fine (a INT) ENGINE=InnoDB; CREATE TABLE dropped (a INT); CREATE VIEW v AS SELECT a FROM dropped; DROP TABLE dropped; FLUSH TABLES`);
  const folder = join(other.folder, 'data', 'broken');
  writeFileSync(join(folder, 'garbled.frm'), 'garbage');
  rmSync(join(folder, 'gone.MYD'));
  const [broken] = await inspectWith(otherConnection, 'broken');
  expect(broken?.tables.map(({ name, engine, columns }) => [name, engine, columns.length])).toEqual([
    ['fine', 'InnoDB', 1],
    ['garbled', undefined, 0],
    ['gone', undefined, 1],
  ]);
  expect(broken?.programs.map(({ name }) => name)).toEqual(['v']);
});

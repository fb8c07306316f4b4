import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderRowNumber } from '../../../../src/adapters/mysql/rows/digest.js';
import { openSnapshot } from '../../../../src/adapters/mysql/rows/snapshot.js';
import type { ColumnInventory, TableInventory, TableKind } from '../../../../src/core/server/inventory.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import type { TableDigest } from '../../../../src/engine/ports/rows.js';
import { type FlavorId, availableFlavors } from '../../../support/flavors.js';
import { aTable } from '../../../support/inventory.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const DB = toDatabaseName('d`b.é');
const db = '`d``b.é`';

const COLUMNS: Record<'common' | 'mariadb' | 'mysql', readonly string[]> = {
  common: [
    'n INT NOT NULL',
    'a VARCHAR(40)',
    'b VARCHAR(40)',
    '`c``o,l` INT',
    'd INT',
    'f FLOAT',
    'fd FLOAT(10,3)',
    'db DOUBLE',
    'dd DOUBLE(20,5)',
    'de DECIMAL(30,10)',
    'bu BIGINT UNSIGNED',
    'bit64 BIT(64)',
    `e ENUM('x','y','')`,
    `s SET('a','b','c')`,
    'vb VARBINARY(20)',
    'bin BINARY(4)',
    'c932 VARCHAR(20) CHARACTER SET cp932',
    'u16 VARCHAR(20) CHARACTER SET utf16',
    'l1 CHAR(20) CHARACTER SET latin1',
    'wide VARCHAR(3000)',
    'lt LONGTEXT',
    'lb LONGBLOB',
    'ts TIMESTAMP(6) NULL',
    'dt DATETIME(3)',
    't TIME(6)',
    'da DATE',
    'y YEAR',
    'g GEOMETRY',
    'p POINT',
    'gen INT GENERATED ALWAYS AS (d + 1) VIRTUAL',
    'hid INT INVISIBLE',
    'j JSON',
  ],
  mariadb: ['comp TEXT COMPRESSED', 'i6 INET6'],
  mysql: ['vec VECTOR(2)'],
};
const NEWER: Partial<Record<FlavorId, readonly string[]>> = {
  'mariadb-10.11': ['u UUID', 'i4 INET4'],
  'mariadb-11.8': ['u UUID', 'i4 INET4', 'vec VECTOR(2)'],
};

const COMMON_ROWS = [
  'INSERT INTO t (n) VALUES (1), (2), (2), (3), (3), (4), (5), (6), (7), (8)',
  `UPDATE t SET a = 'x,y', b = 'z', \`c\`\`o,l\` = 12, d = 3, hid = 1 WHERE n = 1`,
  `UPDATE t SET a = 'double', b = NULL, \`c\`\`o,l\` = NULL WHERE n IN (2, 3)`,
  `UPDATE t SET a = '', b = 'NULL' WHERE n = 4`,
  `UPDATE t SET f = 0.010516252390057362, fd = 1234567.891, db = 0.30000000000000004, dd = 0.00001, de = 12345678901234567890.0000000001, bu = 18446744073709551615, bit64 = 0x5C27220A0D00091A WHERE n = 5`,
  `UPDATE t SET e = '', s = 'a,b', vb = 0xFF00, bin = 0x00, c932 = _cp932 0x8790, u16 = _utf16 0x20AC005C0027, l1 = _latin1 0x80E9 WHERE n = 6`,
  `UPDATE t SET ts = '2026-10-25 00:30:00.000001', dt = '2026-10-25 01:30:00.001', t = '-838:59:59', da = '9999-12-31', y = 2155 WHERE n = 7`,
  `UPDATE t SET g = ST_GeomFromText('LINESTRING(0 0,1 1)'), p = ST_GeomFromText('POINT(1 2)'), wide = REPEAT('w', 2900), lt = REPEAT('é,', 5000), lb = REPEAT(0x00FF, 4194304) WHERE n = 8`,
];

/** What must be seen: each on a copy of the table of its own. */
const DAMAGE: readonly (readonly [what: string, ...statements: readonly string[]])[] = [
  ['a row is gone', 'DELETE FROM t WHERE n = 1'],
  ['one of two equal rows is gone', 'DELETE FROM t WHERE n = 2 LIMIT 1'],
  ['two pairs of equal rows became others', `UPDATE t SET a = 'triple' WHERE n IN (2, 3)`],
  ['all four became one pair twice', 'UPDATE t SET n = 2 WHERE n = 3'],
  ['two rows swapped a value', `UPDATE t SET a = IF(n = 1, '', 'x,y') WHERE n IN (1, 4)`],
  ['a separator moved', `UPDATE t SET a = 'x', b = 'y,z' WHERE n = 1`],
  ['a digit moved', 'UPDATE t SET `c``o,l` = 1, d = 23 WHERE n = 1'],
  ['NULL became empty', `UPDATE t SET b = '' WHERE n = 2`],
  ['empty became NULL', 'UPDATE t SET a = NULL WHERE n = 4'],
  ['the word became NULL', 'UPDATE t SET b = NULL WHERE n = 4'],
  ['NULL changed columns', `UPDATE t SET a = NULL, b = 'double' WHERE n = 2`],
  ['NULL changed integer columns', 'UPDATE t SET `c``o,l` = NULL, d = 12 WHERE n = 1'],
  ['case', `UPDATE t SET a = 'X,y' WHERE n = 1`],
  ['a trailing space', `UPDATE t SET b = 'z ' WHERE n = 1`],
  ['a FLOAT was printed and read', 'UPDATE t SET f = 0.0105163 WHERE n = 5'],
  ['a DOUBLE lost a digit', 'UPDATE t SET db = 0.3 WHERE n = 5'],
  ['a FLOAT(M,D) moved', 'UPDATE t SET fd = 1234567.75 WHERE n = 5'],
  ['a DECIMAL moved', 'UPDATE t SET de = 12345678901234567890.0000000002 WHERE n = 5'],
  ['a BIGINT beyond 2^53', 'UPDATE t SET bu = 18446744073709551614 WHERE n = 5'],
  ['a BIT', 'UPDATE t SET bit64 = 0x5C27220A0D00091B WHERE n = 5'],
  ['an ENUM member became the error value', `UPDATE IGNORE t SET e = 'nope' WHERE n = 6`],
  ['ENUM members changed places', `ALTER TABLE t MODIFY e ENUM('y','','x')`],
  ['a SET lost a member', `UPDATE t SET s = 'a' WHERE n = 6`],
  ['a byte that is no text', 'UPDATE t SET vb = 0xFE00 WHERE n = 6'],
  ['a NUL byte', 'UPDATE t SET vb = 0xFF WHERE n = 6'],
  ['another byte for the same character', 'UPDATE t SET c932 = _cp932 0x81E0 WHERE n = 6'],
  ['UTF-16 text', 'UPDATE t SET u16 = _utf16 0x20AC005C0028 WHERE n = 6'],
  ['latin1 text', 'UPDATE t SET l1 = _latin1 0x81E9 WHERE n = 6'],
  ['a microsecond of a TIMESTAMP', `UPDATE t SET ts = '2026-10-25 00:30:00.000002' WHERE n = 7`],
  ['an hour at the end of summer', `UPDATE t SET ts = '2026-10-25 01:30:00.000001' WHERE n = 7`],
  ['a millisecond', `UPDATE t SET dt = '2026-10-25 01:30:00' WHERE n = 7`],
  ['a TIME', `UPDATE t SET t = '838:59:59' WHERE n = 7`],
  ['a year', 'UPDATE t SET y = 1901 WHERE n = 7'],
  ['an SRID', `UPDATE t SET p = ST_GeomFromText('POINT(1 2)', 4326) WHERE n = 8`],
  ['a coordinate', `UPDATE t SET g = ST_GeomFromText('LINESTRING(0 0,1 1.0000000000000002)') WHERE n = 8`],
  ['the end of a wide VARCHAR', `UPDATE t SET wide = CONCAT(REPEAT('w', 2899), 'v') WHERE n = 8`],
  ['the end of a long text', `UPDATE t SET lt = CONCAT(REPEAT('é,', 4999), 'e,') WHERE n = 8`],
  [
    'the end of a cell beyond max_allowed_packet',
    'UPDATE t SET lb = INSERT(lb, 8388608, 1, 0xFE) WHERE n = 8',
  ],
  ['a long cell became its own hash', 'UPDATE t SET lb = UNHEX(SHA2(lb, 256)) WHERE n = 8'],
  ['an invisible column', 'UPDATE t SET hid = 2 WHERE n = 1'],
  ['a generated column', 'ALTER TABLE t MODIFY gen INT GENERATED ALWAYS AS (d + 2) VIRTUAL'],
];

const DAMAGE_OF: Record<'mariadb' | 'mysql', typeof DAMAGE> = {
  mariadb: [
    ['JSON as written', `UPDATE t SET j = '{"a":1.10}' WHERE n = 7`],
    ['a compressed text', `UPDATE t SET comp = REPEAT('abc', 999) WHERE n = 8`],
    ['an address', `UPDATE t SET i6 = '::2' WHERE n = 8`],
  ],
  mysql: [
    // An UPDATE from 1.10 to 1.10e0 changes nothing: to the server they are equal.
    [
      'a DECIMAL in JSON became a DOUBLE',
      'UPDATE t SET j = NULL WHERE n = 7',
      `UPDATE t SET j = JSON_OBJECT('a', 1.10e0, 'b', JSON_ARRAY(1, CAST('2024-01-02' AS DATE))) WHERE n = 7`,
    ],
    [
      'a DATE in an array in JSON became a string',
      'UPDATE t SET j = NULL WHERE n = 7',
      `UPDATE t SET j = JSON_OBJECT('a', CAST(1.10 AS DECIMAL(5,2)), 'b', JSON_ARRAY(1, '2024-01-02')) WHERE n = 7`,
    ],
    [
      'the type of a JSON scalar',
      'UPDATE t SET j = NULL WHERE n = 8',
      'UPDATE t SET j = CAST(1.0e0 AS JSON) WHERE n = 8',
    ],
    ['a vector', `UPDATE t SET vec = STRING_TO_VECTOR('[1,3]') WHERE n = 8`],
  ],
};
const ROWS_OF: Record<'mariadb' | 'mysql', readonly string[]> = {
  mariadb: [
    `UPDATE t SET j = '{"a": 1.10}' WHERE n = 7`,
    `UPDATE t SET comp = REPEAT('abc', 1000), i6 = '::1' WHERE n = 8`,
  ],
  mysql: [
    `UPDATE t SET j = JSON_OBJECT('a', CAST(1.10 AS DECIMAL(5,2)), 'b', JSON_ARRAY(1, CAST('2024-01-02' AS DATE))) WHERE n = 7`,
    `UPDATE t SET j = CAST(CAST(1.0 AS DECIMAL(5,1)) AS JSON), vec = STRING_TO_VECTOR('[1,2]') WHERE n = 8`,
  ],
};

describe.each(availableFlavors())('$id', (flavor) => {
  const { vendor, id } = flavor;
  let server: TestServer;
  let connection: mysql.Connection;
  let whole: TableDigest;

  beforeAll(async () => {
    server = await flavor.start(['--transaction-isolation=READ-COMMITTED', '--default-time-zone=+05:00']);
    connection = await server.connect();
    await connection.query(
      `CREATE DATABASE ${db} CHARACTER SET utf8mb4; USE ${db}; SET sql_mode = '', time_zone = '+00:00'`,
    );
    const columns = [...COLUMNS.common, ...COLUMNS[vendor], ...(NEWER[id] ?? [])];
    await connection.query(`CREATE TABLE t (${columns.join(', ')})`);
    for (const sql of [...COMMON_ROWS, ...ROWS_OF[vendor]]) await connection.query(sql);
    // Sessions from here on cannot make a text of more than a MiB.
    await connection.query('SET GLOBAL max_allowed_packet = 1048576');
    whole = await digest('t');
  });
  afterAll(async () => {
    await connection.end();
    await server.stop();
  });

  const inventoryOf = async (name: string, kind: TableKind = 'table'): Promise<TableInventory> => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(
      `SELECT COLUMN_NAME AS name, DATA_TYPE AS dataType, COLUMN_TYPE AS columnType FROM information_schema.COLUMNS
       WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
      [DB, name],
    );
    return aTable(name, { kind, columns: rows as unknown as ColumnInventory[] });
  };

  const digest = async (
    name: string,
    where: string | null = null,
    kind: TableKind = 'table',
  ): Promise<TableDigest> => {
    const snapshot = await openSnapshot(endpointOf(server));
    try {
      return await snapshot.digestTable(DB, { table: await inventoryOf(name, kind), where });
    } finally {
      await snapshot.close();
    }
  };

  /** The same rows in another order, under another name. */
  const copyTable = async (name: string): Promise<void> => {
    await connection.query(`DROP TABLE IF EXISTS ${name}; CREATE TABLE ${name} LIKE t`);
    const { columns } = await inventoryOf('t');
    const names = columns
      .flatMap((column) => (column.name === 'gen' ? [] : [`\`${column.name.replaceAll('`', '``')}\``]))
      .join(', ');
    await connection.query(`INSERT INTO ${name} (${names}) SELECT ${names} FROM t ORDER BY n DESC`);
  };

  test('equal rows in any order have one digest', async () => {
    await copyTable('same');
    expect(whole.rows).toBe(10);
    expect(await digest('same')).toEqual(whole);
  });

  test('every damage is seen', async () => {
    const unseen: string[] = [];
    for (const [what, ...statements] of [...DAMAGE, ...DAMAGE_OF[vendor]]) {
      await copyTable('damaged');
      for (const sql of statements)
        await connection.query(sql.replace(/(UPDATE(?: IGNORE)?|FROM|TABLE) t /, '$1 damaged '));
      if ((await digest('damaged')).digest === whole.digest) unseen.push(what);
    }
    expect(unseen).toEqual([]);
  });

  /** Of rows with a key, which those of the table get in the order in which they lie. */
  const hash = async (name: string, most = 1_000): Promise<TableDigest | undefined> => {
    await connection.query(`ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS pk INT AUTO_INCREMENT PRIMARY KEY`);
    const { columns, ...table } = await inventoryOf(name);
    const marked = columns.map((column) =>
      column.name === 'n' ? { ...column, isNotNull: true as const } : column,
    );
    const snapshot = await openSnapshot(endpointOf(server));
    try {
      const pieces = ['pk > 5', `pk <= ${String(most)}`, 'pk < 0'];
      const [, whole, none] = await snapshot.hashPieces(DB, { ...table, columns: marked }, pieces);
      expect(none).toEqual({ rows: 0, digest: '' });
      return whole;
    } finally {
      await snapshot.close();
    }
  };

  test.runIf(vendor === 'mariadb')('hashes of rows in order see every damage too', async () => {
    await copyTable('ordered');
    const right = await hash('ordered');
    expect(right).toMatchObject({ rows: 10, digest: expect.stringMatching(/^[\da-f]{64}$/) as string });
    const unseen: string[] = [];
    for (const [what, ...statements] of [...DAMAGE, ...DAMAGE_OF[vendor]]) {
      await copyTable('damaged');
      for (const sql of statements)
        await connection.query(sql.replace(/(UPDATE(?: IGNORE)?|FROM|TABLE) t /, '$1 damaged '));
      if ((await hash('damaged'))?.digest === right?.digest) unseen.push(what);
    }
    expect(unseen).toEqual([]);
  });

  test.runIf(vendor === 'mariadb')('a hash of so many rows that their text may be cut is none', async () => {
    await copyTable('ordered');
    await connection.query(`INSERT INTO ordered (n) SELECT 9 FROM seq_1_to_300`);
    expect(await hash('ordered')).toBeUndefined();
    expect(await hash('ordered', 7)).toMatchObject({ rows: 7 });
  });

  test.runIf(vendor === 'mariadb')('cells and rows cannot run into each other', async () => {
    await connection.query('CREATE TABLE runs (pk INT PRIMARY KEY, a VARCHAR(20), d INT)');
    const found = new Set<string | undefined>();
    const contents = [
      "(1, 'x', 2), (3, 'y', 4)",
      "(1, 'x', 23), (4, 'y', 4)",
      "(1, 'x;3', 2), (3, 'y', 4)",
      "(1, 'x,2', NULL), (3, 'y', 4)",
      "(1, NULL, 2), (3, 'y', 4)",
      "(1, '', 2), (3, 'y', 4)",
      "(1, 'x', 2), (3, 'y', NULL)",
      "(1, '0,0,1,1,x,2;0,0,1,3,y,4', 2)",
      "(1, 'x', 2)",
    ];
    for (const content of contents) {
      await connection.query(`DELETE FROM runs; INSERT INTO runs VALUES ${content}`);
      found.add((await hash('runs'))?.digest);
    }
    expect(found.size).toBe(contents.length);
  });

  test('a condition limits the rows, whatever it ends with', async () => {
    const { rows } = await digest('t', 'n = 2 OR n = 3 -- only these');
    expect(rows).toBe(4);
    await copyTable('part');
    await connection.query('DELETE FROM part WHERE n NOT IN (2, 3)');
    expect(await digest('part')).toEqual(await digest('t', 'n = 2 OR n = 3'));
  });

  test('no rows, and a thousand columns of long text', async () => {
    await connection.query('CREATE TABLE none LIKE t');
    expect(await digest('none')).toEqual({ rows: 0, digest: '0' });
    const columns = Array.from({ length: 1000 }, (_, index) => `c${index} TEXT`);
    await connection.query(`CREATE TABLE broad (${columns.join(', ')}) ENGINE = MyISAM`);
    await connection.query(`INSERT INTO broad (c0, c999) VALUES (REPEAT('x', 60000), REPEAT('y', 60000))`);
    const before = await digest('broad');
    await connection.query(`UPDATE broad SET c999 = CONCAT(REPEAT('y', 59999), 'z')`);
    const after = await digest('broad');
    expect([before.rows, after.rows]).toEqual([1, 1]);
    expect(after.digest).not.toBe(before.digest);
    expect(BigInt(`0x${before.digest}`)).toBeGreaterThan(0n);
  });

  test.runIf(vendor === 'mariadb')('history and sequences', async () => {
    await connection.query(
      `CREATE TABLE hist (id INT, v INT) WITH SYSTEM VERSIONING; INSERT INTO hist VALUES (1, 1);
       CREATE TABLE hist2 (id INT, rs TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE, re TIMESTAMP(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (rs, re)) WITH SYSTEM VERSIONING;
       INSERT INTO hist2 (id) VALUES (1); CREATE SEQUENCE sq`,
    );
    for (const [table, change] of [
      ['hist', 'v'],
      ['hist2', 'id'],
    ] as const) {
      const before = await digest(table, null, 'system-versioned');
      await connection.query(`UPDATE ${table} SET ${change} = 2; UPDATE ${table} SET ${change} = 1`);
      const after = await digest(table, null, 'system-versioned');
      expect([before.rows, after.rows]).toEqual([1, 3]);
      expect(after.digest).not.toBe(before.digest);
    }
    const unused = await digest('sq', null, 'sequence');
    await connection.query('DO NEXTVAL(sq)');
    expect((await digest('sq', null, 'sequence')).digest).not.toBe(unused.digest);
  });
});

test('a type that nobody has thought about is an error and not a column left out', () => {
  const column = { name: 'c', dataType: 'hologram', columnType: 'hologram(3)' } as ColumnInventory;
  expect(() => renderRowNumber([column])).toThrow(/column c is of type hologram\(3\)/);
});

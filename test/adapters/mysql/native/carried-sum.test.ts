import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type LaneConnection,
  openLaneConnection,
} from '../../../../src/adapters/mysql/native/lanes/lane-connection.js';
import { TARGET_SETTINGS } from '../../../../src/adapters/mysql/native/lanes/lane-session.js';
import { CarriedSum } from '../../../../src/adapters/mysql/native/read/carried-sum.js';
import { streamRows } from '../../../../src/adapters/mysql/native/read/row-reader.js';
import {
  type TableSql,
  countCells,
  renderSelect,
} from '../../../../src/adapters/mysql/native/statements/table-sql.js';
import { listTransferColumns } from '../../../../src/adapters/mysql/native/statements/transfer-columns.js';
import { hasCarriedSum } from '../../../../src/adapters/mysql/native/tables/prove-copy.js';
import { LaneMemory } from '../../../../src/adapters/mysql/native/wire/lane-memory.js';
import { WHOLE_TABLE, listKeyColumns } from '../../../../src/adapters/mysql/rows/split-key.js';
import type { CopyJob } from '../../../../src/engine/ports/row-engine.js';
import { type CopyRig, quote, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { type TestFlavor, availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill } from './native-rig.js';

const every = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('');

/** Of each type, columns and rows whose text in SQL might be another than the one that travels. */
const TABLES: Readonly<Record<string, readonly [columns: string, rows: string]>> = {
  int: [
    'a INT PRIMARY KEY, b TINYINT, c BIGINT UNSIGNED, z INT(5) ZEROFILL',
    `(0, -128, 18446744073709551615, 42), (-1, NULL, 0, NULL)`,
  ],
  decimal: ['a DECIMAL(65,30), b DECIMAL(4,0) UNSIGNED ZEROFILL', `(-0.1, 7), (1e30, 0), (NULL, NULL)`],
  float: [
    'a FLOAT, b FLOAT(10,3), c DOUBLE, d DOUBLE(20,5)',
    `(0.010516252390057362, 1234567.891, 1.7976931348623157e308, 0.00001), (-0e0, -0e0, -0e0, -0e0), (16777217, 1.1, 1e-300, 1e14), (NULL, NULL, NULL, NULL)`,
  ],
  year: ['a YEAR', '(1901), (2155), (0), (NULL)'],
  bit: ['a BIT(1), b BIT(12), c BIT(64)', `(0, 0, 0), (1, 4095, ~0), (NULL, NULL, NULL)`],
  datetime: [
    'a DATE, b DATETIME(6), c TIMESTAMP(3) NULL, d TIME(6), e DATETIME',
    `('0000-00-00', '2023-02-31 23:59:59.999999', '1970-01-01 00:00:01.001', '-838:59:59', '0000-00-00'), (NULL, NULL, NULL, NULL, NULL)`,
  ],
  varchar: [
    `a VARCHAR(40) CHARACTER SET utf8mb4, b VARCHAR(50) CHARACTER SET utf16, c CHAR(10) CHARACTER SET latin1,
     d VARCHAR(300) CHARACTER SET koi8r`,
    `('', '', '', ''), ('é 🚀', '🚀', 'pad  ', REPEAT('м', 300)), (REPEAT('x', 40), 'a', 'é', REPEAT('x', 250)), ('x', 'x', 'x', REPEAT('x', 251)),
     (NULL, NULL, NULL, NULL)`,
  ],
  text: [
    'a TINYTEXT, b LONGTEXT CHARACTER SET utf8mb4, c TEXT CHARACTER SET latin1',
    `('', '', ''), (REPEAT('a', 255), REPEAT('ü', 32767), REPEAT('x', 65535)), ('x', REPEAT('x', 65536), ''), (NULL, REPEAT('x', 65535), NULL), (NULL, NULL, NULL)`,
  ],
  varbinary: ['a BINARY(4), b VARBINARY(300)', `(0, 0x${every}), (0x41, ''), (NULL, NULL)`],
  blob: [
    'a TINYBLOB, b LONGBLOB',
    `(0x00, 0x${every}), (0xFB, REPEAT(0x00FF27, 300000)), (0x5C, REPEAT(0x00, 700000)), (NULL, NULL)`,
  ],
  enum: [
    `a ENUM('b', 'é', '') CHARACTER SET latin1, b SET('x', 'y', 'ü') CHARACTER SET utf8mb4`,
    `(1, 7), (2, 0), (3, 4), (NULL, NULL)`,
  ],
  point: ['a POINT, b GEOMETRY', `(POINT(1.5, -2), ST_GeomFromText('LINESTRING(0 0, 1 1)')), (NULL, NULL)`],
  uuid: ['a UUID', `('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'), (NULL)`],
  inet6: ['a INET6', `('::ffff:10.0.0.1'), (NULL)`],
  inet4: ['a INET4', `('10.0.0.1'), (NULL)`],
};

const sqlOf = (job: CopyJob, name: string): TableSql => {
  const entry = job.tables.find(({ table }) => table.name === name);
  if (!entry) throw new Error(`no table ${name}`);
  const columns = listTransferColumns(entry.table, { enums: 'labels' });
  return { entry, columns, key: listKeyColumns(entry.table) };
};

const MISSING: Readonly<Record<string, readonly string[]>> = {
  'mysql-9.7': ['uuid', 'inet6', 'inet4'],
  'mariadb-10.5': ['uuid', 'inet4'],
};

const namesOf = ({ id }: TestFlavor): readonly string[] =>
  Object.keys(TABLES).filter((name) => !MISSING[id]?.includes(name));

describe.each(availableFlavors())('a copy that is proven by SQL on $id', (flavor) => {
  let rig: CopyRig;
  let lane: LaneConnection;
  let job: CopyJob;
  beforeAll(async () => {
    // Far enough for each copy here to be proven so.
    vi.stubEnv('MYSQL_SYNC_TEST_LINK', '3');
    rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options)).finally(() =>
      vi.unstubAllEnvs(),
    );
    const create = namesOf(flavor).map((name) => {
      const [columns, rows] = TABLES[name] ?? [];
      return `CREATE TABLE ${quote(name)} (${String(columns)}); INSERT IGNORE INTO ${quote(name)} VALUES ${String(rows)}`;
    });
    await fill(rig, 'types', create.join(';\n'));
    await fill(
      rig,
      'far',
      `CREATE TABLE many (id INT PRIMARY KEY, x VARCHAR(600)); INSERT INTO many SELECT seq, REPEAT(LEFT(SHA2(seq, 256), 32), 16) FROM numbers.n WHERE seq <= 4000;
       CREATE TABLE large (id INT PRIMARY KEY, a LONGBLOB, b LONGBLOB); INSERT INTO large VALUES (1, REPEAT('a', 700000), REPEAT('b', 700000)), (2, 'a', 'b')`,
    );
    job = await rig.stage('types');
    const endpoint = { ...job.source, role: 'target' as const };
    lane = await openLaneConnection(endpoint, flavor.vendor, TARGET_SETTINGS, new LaneMemory());
  });
  afterAll(async () => {
    await lane.close();
    await rig.stop();
  });

  test.each(namesOf(flavor))('the sum of rows on their way is the one of the server: %s', async (name) => {
    const sql = sqlOf(job, name);
    const place = { database: job.from, table: sql.entry.table.name };
    const sum = new CarriedSum();
    const { rows } = await streamRows(lane.wire, {
      sql: renderSelect(sql, place, null, WHOLE_TABLE, 'sent'),
      columns: countCells(sql),
      sum,
    });
    expect(rows).toBeGreaterThan(1);
    expect(await hasCarriedSum(lane, sql, place, WHOLE_TABLE, { rows, sum })).toBe(true);
    expect(await hasCarriedSum(lane, sql, place, WHOLE_TABLE, { rows: rows + 1, sum })).toBe(false);
    expect(await hasCarriedSum(lane, sql, place, WHOLE_TABLE, { rows, sum: new CarriedSum() })).toBe(false);
  });

  test('one byte that is another on the server', async () => {
    await rig.source.query(
      'CREATE TABLE far.altered LIKE far.many; INSERT INTO far.altered SELECT * FROM far.many',
    );
    const far = await rig.stage('far');
    const sql = sqlOf(far, 'altered');
    const place = { database: far.from, table: sql.entry.table.name };
    const sum = new CarriedSum();
    const { rows } = await streamRows(lane.wire, {
      sql: renderSelect(sql, place, null, WHOLE_TABLE, 'sent'),
      columns: countCells(sql),
      sum,
    });
    const isProven = async (): Promise<boolean> =>
      hasCarriedSum(lane, sql, place, WHOLE_TABLE, { rows, sum });
    expect(await isProven()).toBe(true);
    await rig.source.query(`UPDATE far.altered SET x = INSERT(x, 100, 1, 'g') WHERE id = 2345`);
    expect(await isProven()).toBe(false);
    await rig.source.query('DROP TABLE far.altered');
  });

  test('rows of a target that is far away do not come back', async () => {
    const job = await rig.stage('far', { only: ['many'] });
    const before = await sentBytes();
    const { copied } = await copyNatively(job);
    expect(copied).toMatchObject([{ name: 'many', rows: 4000, proof: 'digest' }]);
    expect((await sentBytes()) - before).toBeLessThan(1_000_000);
    const arrived = await readRows(rig.target, job.into);
    expect(arrived['many']).toEqual((await readRows(rig.source, 'far'))['many']);
  });

  test('what the target makes another value of is found, and not only counted', async () => {
    const job = await rig.stage('far', { only: ['many'] });
    await rig.target.query(
      `CREATE TRIGGER ${job.into}.planted BEFORE INSERT ON ${job.into}.many FOR EACH ROW SET NEW.x = IF(NEW.id = 2345, INSERT(NEW.x, 100, 1, 'g'), NEW.x)`,
    );
    await expect(copyNatively(job)).rejects.toMatchObject({
      code: 'COPY_FAILED',
      message: expect.stringContaining('it was copied twice, and its rows differ from the source') as string,
    });
  });

  test('rows whose text is too long for the SQL of the target come back, and are the same', async () => {
    const job = await rig.stage('far', { only: ['large'] });
    await rig.target.query('SET GLOBAL max_allowed_packet = 1048576');
    try {
      const before = await sentBytes();
      const { copied } = await copyNatively(job, { writers: ['load'] });
      expect(copied).toMatchObject([{ name: 'large', rows: 2, proof: 'digest' }]);
      const bytes = (await sentBytes()) - before;
      expect(bytes).toBeGreaterThan(1_400_000);
      // Once: the pieces agree then, and the table is not compared as a whole.
      expect(bytes).toBeLessThan(2_000_000);
    } finally {
      await rig.target.query('SET GLOBAL max_allowed_packet = DEFAULT');
    }
    const arrived = await readRows(rig.target, job.into);
    expect(arrived['large']).toEqual((await readRows(rig.source, 'far'))['large']);
  });

  const sentBytes = async (): Promise<number> => {
    const [row] = await rig.target.query(`SHOW GLOBAL STATUS LIKE 'Bytes_sent'`);
    return Number(row?.['Value']);
  };
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BatchSnapshot } from '../../../../src/adapters/mysql/native/lanes/batch-snapshot.js';
import { copyDatabase } from '../../../../src/adapters/mysql/native/copy-database.js';
import { createIdleLanes } from '../../../../src/adapters/mysql/native/lanes/lanes.js';
import { LaneMemory } from '../../../../src/adapters/mysql/native/wire/lane-memory.js';
import { type CopyRig, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill, writersOf } from './native-rig.js';

/** Every kind of primary key, with rows enough for many pieces; `n` is 1 to 3000. */
const TABLES: Readonly<Record<string, readonly [string, string]>> = {
  integers: ['id INT PRIMARY KEY, x CHAR(60)', `SELECT n - 1500, REPEAT('x', n % 60) FROM t`],
  counters: ['id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60)', `SELECT n - 1, REPEAT('x', n % 60) FROM t`],
  huge: ['id BIGINT UNSIGNED PRIMARY KEY, x CHAR(60)', `SELECT 18446744073709551615 - n + 1, 'x' FROM t`],
  both_ends: [
    'id BIGINT PRIMARY KEY, x CHAR(60)',
    `SELECT IF(n % 2, -9223372036854775808 + n, 9223372036854775807 - n), 'x' FROM t`,
  ],
  sparse: ['id INT PRIMARY KEY, x CHAR(60)', `SELECT IF(n < 2900, n, n * 700000), 'x' FROM t`],
  pairs: ['a INT, b SMALLINT, x CHAR(60), PRIMARY KEY (a, b)', `SELECT n % 7, n DIV 7 - 200, 'x' FROM t`],
  mixed: [
    'a INT, b VARCHAR(20), c DATE, x CHAR(60), PRIMARY KEY (a, b, c)',
    `SELECT n % 3, CONCAT('k', n % 50), DATE('2026-01-01') + INTERVAL n DAY, 'x' FROM t`,
  ],
  backwards: ['a INT, x CHAR(60), b INT, PRIMARY KEY (b, a)', `SELECT n, 'x', 9000 - n DIV 2 FROM t`],
  text_bin: [
    'k VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT(ELT(n % 5 + 1, 'a', 'A', 'á', '🚀', ''), n, ELT(n % 3 + 1, '', '\\\\', '\\'')), 'x' FROM t`,
  ],
  text_ci: [
    'k VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT(ELT(n % 5 + 1, 'a', 'B', 'á', 'ß', 'z'), n), 'x' FROM t`,
  ],
  text_latin: [
    'k CHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT(ELT(n % 4 + 1, 'ä', 'o', 'Ö', 'u'), n), 'x' FROM t`,
  ],
  text_utf16: [
    'k VARCHAR(20) CHARACTER SET utf16 PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT('\\'', n), 'x' FROM t`,
  ],
  bytes: [
    'k VARBINARY(20) PRIMARY KEY, x CHAR(60)',
    `SELECT UNHEX(LPAD(HEX(n * 65535), ELT(n % 3 + 1, 12, 20, 40), '0')), 'x' FROM t`,
  ],
  fixed_bytes: ['k BINARY(16) PRIMARY KEY, x CHAR(60)', `SELECT UNHEX(LEFT(SHA2(n, 256), 32)), 'x' FROM t`],
  decimals: [
    'k DECIMAL(30,10), t TIMESTAMP(6), x CHAR(60), PRIMARY KEY (k, t)',
    `SELECT (n - 1500) / 7, FROM_UNIXTIME(1e9 + n / 1e6), 'x' FROM t`,
  ],
  dates: [
    'd DATETIME(3) PRIMARY KEY, x CHAR(60)',
    `SELECT DATE('1000-01-01') + INTERVAL n * 977 SECOND, 'x' FROM t`,
  ],
  odd_dates: [
    'd DATE, n INT, x CHAR(60), PRIMARY KEY (d, n)',
    `SELECT ELT(n % 4 + 1, '0000-00-00', '2023-02-31', '2024-00-10', '9999-12-31'), n, 'x' FROM t`,
  ],
  members: [
    `e ENUM('b', 'a', 'c'), n INT, x CHAR(60), PRIMARY KEY (e, n)`,
    `SELECT n % 3 + 1, n, 'x' FROM t`,
  ],
  led: [`n INT, e ENUM('b', 'a'), x CHAR(60), PRIMARY KEY (n, e)`, `SELECT n DIV 2, n % 2 + 1, 'x' FROM t`],
  floats: ['f FLOAT PRIMARY KEY, x CHAR(60)', `SELECT n / 7, 'x' FROM t`],
  keyless: ['n INT, x CHAR(60)', `SELECT n DIV 3, 'x' FROM t`],
  unique_only: ['n INT, x CHAR(60), UNIQUE (n)', `SELECT NULLIF(n % 5, 0) + n, 'x' FROM t WHERE n > 0`],
  computed: ['id INT PRIMARY KEY, v INT AS (id * 2) VIRTUAL, x CHAR(60), KEY (v)', 'SELECT n FROM t'],
  parted: [
    'id INT PRIMARY KEY, x CHAR(60)) PARTITION BY HASH (id) PARTITIONS 3 -- (',
    `SELECT n, 'x' FROM t`,
  ],
};

const createAll = Object.entries(TABLES)
  .map(([name, [columns, rows]]) => {
    const into = name === 'computed' ? `${name} (id)` : name;
    return (
      `CREATE TABLE ${name} (${columns}\n)`.replace(/\) (PARTITION[^]*) -- \(\n\)$/, ') $1') +
      `; INSERT INTO ${into} ${rows.replace(/FROM t\b/, 'FROM (SELECT seq AS n FROM numbers.n WHERE seq <= 3000) t')}`
    );
  })
  .join(';\n');

describe.each(availableFlavors())('tables in pieces on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options));
    await fill(rig, 'keys', createAll);
  });
  afterAll(async () => rig.stop());

  test.each(writersOf(flavor))('every kind of primary key, by %s', async (writer) => {
    const job = await rig.stage('keys');
    const { copied, conditions } = await copyNatively(job, { writers: [writer] });
    const snapshot = flavor.vendor === 'mariadb' ? 'read-lock' : 'table-locks';
    expect(conditions).toEqual({ snapshot, lanes: 4, writer, moment: 'database' });
    expect(copied.every(({ proof }) => proof === 'digest')).toBe(true);
    expect(new Set(copied.map(({ name }) => name))).toEqual(new Set(Object.keys(TABLES)));
    const expected = await readRows(rig.source, 'keys');
    expect(await readRows(rig.target, job.into)).toEqual(expected);
  });

  test.each(writersOf(flavor))(
    'what a copy borrowed of the memory of lanes comes back, by %s',
    async (writer) => {
      const job = await rig.stage('keys', { only: ['integers', 'mixed', 'text_ci', 'keyless'] });
      const memory = new LaneMemory();
      const take = (): readonly Buffer[] => Array.from({ length: 40 }, () => memory.take());
      const give = (blocks: readonly Buffer[]): void => blocks.forEach((block) => memory.give(block));
      const known = new Set(take());
      give([...known]);
      await copyNatively(job, { writers: [writer], memory });
      const made: Buffer[] = [];
      const missing = (): number => {
        const blocks = take();
        const fresh = blocks.filter((block) => !known.has(block));
        made.push(...fresh);
        give(blocks.filter((block) => known.has(block)));
        return fresh.length;
      };
      // A connection gives back what it read into when its socket is closed.
      await expect.poll(missing, { interval: 250, timeout: 10_000 }).toBe(0);
      give(made);
    },
  );

  test('rows that fit into one INSERT are not put into a transaction, and more are', async () => {
    await fill(
      rig,
      'sizes',
      `CREATE TABLE small (id INT PRIMARY KEY); INSERT INTO small SELECT seq FROM numbers.n WHERE seq <= 9;
       CREATE TABLE large (id INT PRIMARY KEY, x CHAR(200)); INSERT INTO large SELECT seq, REPEAT('x', 200) FROM numbers.n WHERE seq <= 1000`,
    );
    const writer = flavor.vendor === 'mariadb' ? 'bulk' : 'insert';
    const countBegins = async (table: string): Promise<number> => {
      const job = await rig.stage('sizes', { only: [table] });
      const [before] = await rig.target.query(`SHOW GLOBAL STATUS LIKE 'Com_begin'`);
      await copyNatively(job, { writers: [writer], chunkBytes: 1e9 });
      const [after] = await rig.target.query(`SHOW GLOBAL STATUS LIKE 'Com_begin'`);
      return Number(after?.['Value']) - Number(before?.['Value']);
    };
    expect(await countBegins('small')).toBe(0);
    expect(await countBegins('large')).toBe(1);
  });

  test('counted pieces are as good as a counted table', async () => {
    const job = await rig.stage('keys');
    await rig.target.query(
      `INSERT INTO ${job.into}.integers VALUES (900000, 'nobody sent it'); INSERT INTO ${job.into}.led VALUES (-1, 'a', '')`,
    );
    const { copied } = await copyNatively(job, { proof: 'counts' });
    const open = copied.filter(({ proof }) => proof === undefined);
    expect(open.map(({ name }) => name).sort()).toEqual(['integers', 'led']);
    expect(copied.filter(({ proof }) => proof === 'counts')).toHaveLength(copied.length - open.length);
  });

  test.each(['digest', 'counts'] as const)(
    'rows that a session leaves out of a table are missed by the count of the source: %s',
    async (proof) => {
      const job = await rig.stage('keys', { only: ['keyless'] });
      const memory = new LaneMemory();
      const batch = await BatchSnapshot.open(
        { ...job, databases: [job], lanes: 1, consistency: 'batch' },
        memory,
      );
      try {
        const [lane] = batch.take(1);
        if (!lane) throw new Error('no lane');
        await lane.run('SET sql_select_limit = 5');
        await batch.giveBack(lane);
        const idle = createIdleLanes();
        const options = { lanes: 1, proof, batch, memory, idle, onConditions: () => undefined };
        const copy = copyDatabase(job, options, () => undefined, new AbortController().signal);
        await expect(copy).rejects.toMatchObject({
          code: 'COPY_FAILED',
          message: expect.stringMatching(
            /keyless: 5 rows were read, and the source counts \d[\d ]+/,
          ) as string,
        });
      } finally {
        await batch.close();
      }
    },
  );

  test('conditions of the plan hold in every piece', async () => {
    const where = { integers: 'id % 3 = 0 -- every third', mixed: `b = 'k7'` };
    const job = await rig.stage('keys', { where, only: ['integers', 'mixed'] });
    const { copied } = await copyNatively(job);
    const expected = await readRows(rig.source, 'keys', where);
    const arrived = await readRows(rig.target, job.into);
    for (const name of ['integers', 'mixed']) expect(arrived[name]).toEqual(expected[name]);
    expect(copied.map(({ rows }) => rows)).toEqual([1000, expected['mixed']?.length]);
  });

  test('one lane does it all too', async () => {
    const job = await rig.stage('keys', { only: ['integers', 'keyless', 'text_ci'] });
    const { conditions } = await copyNatively(job, { lanes: 1 });
    expect(conditions).toMatchObject({ snapshot: 'one-lane', lanes: 1 });
    const expected = await readRows(rig.source, 'keys');
    const arrived = await readRows(rig.target, job.into);
    for (const name of ['integers', 'keyless', 'text_ci']) expect(arrived[name]).toEqual(expected[name]);
  });
});

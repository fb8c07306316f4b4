import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CopyJob } from '../../../../src/engine/ports/row-engine.js';
import { createNativeEngine } from '../../../../src/adapters/mysql/native/native-engine.js';
import { type CopyRig, copyRows, quote, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { KEY_SHAPES, createKeyShapes } from './key-shapes.js';
import { copyNatively, fill } from './native-rig.js';

/** Tables that have rows of an earlier moment: what differs is replaced, and nothing else is written. */

/** Rows cannot be named by their key, so where changes are everywhere such tables are copied. */
const COPIED = ['floats', 'keyless', 'led', 'members', 'unique_only', 'unique_part'];

const isFilled = (job: CopyJob): CopyJob => ({
  ...job,
  tables: job.tables.map((table) => ({ ...table, isFilled: true })),
});

describe.each(availableFlavors())('tables that are patched on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options));
    await fill(rig, 'keys', createKeyShapes);
  });
  afterAll(async () => rig.stop());

  /** The same share of rows whatever the server, by their keys. */
  const some = ({ table }: CopyJob['tables'][number], share: number): string => {
    const names = table.columns.filter(({ name, isGenerated }) => name !== 'x' && !isGenerated);
    return `CRC32(CONCAT_WS('|', ${names.map(({ name }) => quote(name)).join(', ')})) % 50 = ${String(share)}`;
  };

  const written = async (): Promise<number> => {
    const rows = await rig.target.query(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_rows_inserted', 'Innodb_rows_deleted')",
    );
    return rows.reduce((sum, row) => sum + Number(row['Value']), 0);
  };

  test('every kind of key: rows that come, go and change', async () => {
    const job = await rig.stage('keys');
    await copyNatively(job);
    for (const entry of job.tables) {
      const { name } = entry.table;
      const [here, there] = [`keys.${name}`, `${job.into}.${name}`];
      await rig.source.query(
        `DELETE FROM ${here} WHERE ${some(entry, 0)}; UPDATE ${here} SET x = 'source' WHERE ${some(entry, 1)}`,
      );
      await rig.target.query(
        `DELETE FROM ${there} WHERE ${some(entry, 2)}; UPDATE ${there} SET x = 'target' WHERE ${some(entry, 3)}`,
      );
    }
    const before = await written();
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 100 });
    const after = await written();
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'keys'));
    expect(copied.every(({ proof }) => proof === 'digest')).toBe(true);
    // On a busy machine servers may seem to be far away, and then rows are told by hashes.
    const patched = copied.filter(({ name, replaced }) => replaced !== undefined && !COPIED.includes(name));
    expect(patched.map(({ name }) => name).sort()).toEqual(
      Object.keys(KEY_SHAPES)
        .filter((name) => !COPIED.includes(name))
        .sort(),
    );
    for (const { rows, replaced = rows } of patched) {
      expect(replaced).toBeGreaterThan(0);
      expect(replaced).toBeLessThan(rows / 5);
    }
    expect(after - before).toBeLessThan(COPIED.length * 3000 + patched.length * 3000 * 0.25);
    // Once more, nothing differs.
    const again = await copyNatively(isFilled(job), { rangeRows: 100 });
    expect(again.copied.map(({ replaced }) => replaced)).toEqual(again.copied.map(() => 0));
  });

  test('unique values that rows exchange, keys that are the same to a collation, and rows that move', async () => {
    await fill(
      rig,
      'odd',
      `CREATE TABLE mails (id INT PRIMARY KEY, mail VARCHAR(20) UNIQUE, x CHAR(60));
       INSERT INTO mails SELECT seq, CONCAT('m', seq), '' FROM numbers.n WHERE seq <= 3000;
       CREATE TABLE words (w VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY);
       INSERT INTO words SELECT CONCAT('w', seq) FROM numbers.n WHERE seq <= 3000`,
    );
    const job = await rig.stage('odd');
    await copyNatively(job);
    await rig.source.query(
      `USE odd; UPDATE mails SET mail = NULL WHERE id = 7; UPDATE mails SET mail = 'm7' WHERE id = 2990;
       UPDATE mails SET mail = 'm2990' WHERE id = 7; UPDATE mails SET id = -5 WHERE id = 1500;
       UPDATE words SET w = 'W17' WHERE w = 'w17'; DELETE FROM words WHERE w = 'w18'; INSERT INTO words VALUES ('W18')`,
    );
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 100 });
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'odd'));
    expect(copied.map(({ replaced }) => replaced)).toEqual([3, 2]);
  });

  test('more rows than are replaced at once: unique values go to rows far away, and rows move', async () => {
    await fill(
      rig,
      'piles',
      `CREATE TABLE swaps (id INT PRIMARY KEY, v INT UNIQUE, x CHAR(60)); 
       INSERT INTO swaps SELECT 4 * n.seq - m.seq, 4 * n.seq - m.seq, '' FROM numbers.n JOIN numbers.n m ON m.seq <= 4 WHERE n.seq <= 4000;
       CREATE TABLE computed (id INT PRIMARY KEY, v INT, x CHAR(60) /*!80013 , UNIQUE KEY ((v + 0)) */); INSERT INTO computed SELECT * FROM swaps;
       CREATE TABLE moves (id INT PRIMARY KEY, x CHAR(60)); INSERT INTO moves SELECT id, 'x' FROM swaps`,
    );
    const job = await rig.stage('piles');
    await copyNatively(job);
    const exchange = (table: string): string =>
      `UPDATE ${table} SET v = -v WHERE id % 4 = 0; UPDATE ${table} SET v = 15996 + v WHERE id % 4 = 0;`;
    await rig.source.query(
      `USE piles; ${exchange('swaps')} ${exchange('computed')}
       UPDATE moves SET id = id + 50000 WHERE id % 200 = 1; UPDATE moves SET x = 'y' WHERE id % 5 = 2; DELETE FROM moves WHERE id % 100 = 3`,
    );
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 100 });
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'piles'));
    expect(copied.map(({ name, replaced }) => [name, replaced]).sort()).toEqual([
      ['computed', 4000],
      ['moves', 3280],
      ['swaps', 4000],
    ]);
  });

  test('rows that are missing are copied, however many: those that are there stay', async () => {
    await fill(
      rig,
      'halves',
      `CREATE TABLE half (id INT PRIMARY KEY, x CHAR(60)); CREATE TABLE holes LIKE half; CREATE TABLE nothing LIKE half;
       INSERT INTO half SELECT seq, 'x' FROM numbers.n WHERE seq <= 3000;
       INSERT INTO holes SELECT * FROM half; INSERT INTO nothing SELECT * FROM half`,
    );
    const job = await rig.stage('halves');
    await copyNatively(job);
    await rig.target.query(
      `USE ${job.into}; DELETE FROM half WHERE id > 1500; DELETE FROM holes WHERE id % 3000 BETWEEN 300 AND 2400; DELETE FROM nothing`,
    );
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 100 });
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'halves'));
    const replaced = new Map(copied.map((table) => [table.name as string, table.replaced]));
    expect(replaced).toEqual(
      new Map([
        ['half', 1500],
        ['holes', 2101],
        ['nothing', undefined],
      ]),
    );
  });

  test('one cell of every kind that differs a little', async () => {
    await fill(
      rig,
      'kinds',
      `CREATE TABLE t (id INT PRIMARY KEY, f FLOAT, d DOUBLE, b BIT(9), at DATE, moment DATETIME(6), note VARCHAR(20),
         fixed CHAR(20), raw VARBINARY(20), latin VARCHAR(20) CHARACTER SET latin1, money DECIMAL(30, 10), y YEAR,
         e ENUM('a', '', 'b'), s SET('x', 'y'), body TEXT CHARACTER SET utf8mb4, old TEXT CHARACTER SET latin1, file BLOB, place POINT);
       INSERT INTO t SELECT seq, 0.1, 0, 1, '2026-01-31', '2026-01-31', '', 'a', 'a', 'é', 1, 2026, '', 'x', 'a', 'é', 'a', POINT(1, 2) FROM numbers.n WHERE seq <= 3000`,
    );
    const job = await rig.stage('kinds');
    await copyNatively(job);
    const changes = [
      'f = 0.10000001',
      'd = 1e-300',
      "b = b'100000001'",
      "at = '2026-02-31'",
      "at = '0000-00-00'",
      "moment = '2026-01-31 00:00:00.000001'",
      'note = NULL',
      "fixed = 'A'",
      "raw = 'a '",
      "latin = 'è'",
      'money = 1.0000000001',
      'y = 0',
      // The error value, which has the text of the second member.
      'e = 0',
      "s = 'x,y'",
      "body = 'A'",
      'body = NULL',
      "old = 'è'",
      "file = 'a '",
      'place = POINT(1, 2.0000000000000004)',
    ];
    const sets = changes.map((set, at) => `UPDATE kinds.t SET ${set} WHERE id = ${String(at * 150 + 1)}`);
    await rig.source.query(`SET SESSION sql_mode = 'ALLOW_INVALID_DATES'; ${sets.join('; ')}`);
    const { copied, conditions } = await copyNatively(isFilled(job), { rangeRows: 1000 });
    expect(conditions?.comparison).toBe('rows');
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'kinds'));
    expect(copied.map(({ replaced, comparedBy }) => [replaced, comparedBy])).toEqual([
      [changes.length, 'rows'],
    ]);
  });

  test('rows that are too long to be held in memory are compared by digests', async () => {
    await fill(
      rig,
      'long_rows',
      `CREATE TABLE t (id INT PRIMARY KEY, file LONGBLOB);
       INSERT INTO t SELECT seq, REPEAT('x', IF(seq % 20 = 7, 9000000, 100)) FROM numbers.n WHERE seq <= 60`,
    );
    const job = await rig.stage('long_rows');
    await copyNatively(job);
    await rig.source.query(
      `USE long_rows; UPDATE t SET file = CONCAT(file, 'y') WHERE id IN (7, 40); UPDATE t SET file = REPEAT('z', 9000000) WHERE id = 8; DELETE FROM t WHERE id = 60`,
    );
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 10 });
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'long_rows'));
    expect(copied.map(({ rows, replaced }) => [rows, replaced])).toEqual([[59, 3]]);
  });

  test('members beside a row that is longer than a packet may be', async () => {
    await rig.target.query('SET GLOBAL max_allowed_packet = 16777216');
    await fill(
      rig,
      'packets',
      `CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a', '', 'b'), one LONGBLOB, other LONGBLOB);
       INSERT INTO t SELECT seq, 'a', REPEAT('x', 100), REPEAT('x', 100) FROM numbers.n WHERE seq <= 60`,
    );
    const job = await rig.stage('packets');
    await copyNatively(job);
    await rig.source.query(
      `UPDATE packets.t SET one = REPEAT('y', 9000000), other = REPEAT('z', 9000000), e = '' WHERE id = 7`,
    );
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 10 });
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'packets'));
    expect(copied.map(({ rows, replaced }) => [rows, replaced])).toEqual([[60, 1]]);
  });

  test('the last rows are gone or new, and a condition leaves rows out', async () => {
    await fill(
      rig,
      'ends',
      `CREATE TABLE longer (id INT PRIMARY KEY, x CHAR(60)); CREATE TABLE shorter LIKE longer; CREATE TABLE some LIKE longer;
       INSERT INTO longer SELECT seq, 'x' FROM numbers.n WHERE seq <= 3000;
       INSERT INTO shorter SELECT * FROM longer; INSERT INTO some SELECT * FROM longer`,
    );
    const where = { some: 'id % 10 = 0 -- every tenth' };
    const job = await rig.stage('ends', { where });
    await copyNatively(job);
    await rig.source.query(
      `USE ends; INSERT INTO longer SELECT seq, 'y' FROM numbers.n WHERE seq BETWEEN 3001 AND 3100;
       DELETE FROM shorter WHERE id > 2900; UPDATE some SET x = 'z' WHERE id > 2990`,
    );
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 1000 });
    const expected = await readRows(rig.source, 'ends', where);
    expect(await readRows(rig.target, job.into)).toEqual(expected);
    expect(copied.map(({ rows, replaced }) => [rows, replaced])).toEqual([
      [3100, 100],
      [2900, 0],
      [300, 1],
    ]);
  });

  test('rows that stay count as done as they are compared, and once', async () => {
    await fill(
      rig,
      'watched',
      `CREATE TABLE t (id INT PRIMARY KEY, x CHAR(60)); INSERT INTO t SELECT seq, 'x' FROM numbers.n WHERE seq <= 40000`,
    );
    const job = await rig.stage('watched');
    await copyNatively(job);
    await rig.source.query(
      "UPDATE watched.t SET x = 'y' WHERE id % 400 = 7; DELETE FROM watched.t WHERE id % 4000 = 9",
    );
    const engine = createNativeEngine({
      lanes: 2,
      proof: 'digest',
      rangeRows: 40,
      onConditions: () => undefined,
    });
    const { progress } = await copyRows(engine, isFilled(job));
    await engine.close();
    const rows = progress.map((report) => report.rows);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    // The ranges take many times as long as there is between two reports, and 110 rows are copied.
    expect(rows.some((count) => count > 5_000 && count < 35_000)).toBe(true);
    expect(rows.at(-1)).toBe(39_990);
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'watched'));
  });

  test('where most rows differ, all are copied, and indexes are built after them', async () => {
    await fill(
      rig,
      'most',
      `CREATE TABLE t (id INT PRIMARY KEY, x CHAR(60), KEY (x)); INSERT INTO t SELECT seq, 'x' FROM numbers.n WHERE seq <= 3000`,
    );
    const job = await rig.stage('most');
    await copyNatively(job);
    await rig.source.query("UPDATE most.t SET x = 'y' WHERE id % 5 < 3");
    const countAlters = async (): Promise<number> => {
      const [row] = await rig.target.query("SHOW GLOBAL STATUS LIKE 'Com_alter_table'");
      return Number(row?.['Value']);
    };
    const before = await countAlters();
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 300, chunkBytes: 65_536 });
    // Its index was dropped and built.
    expect(await countAlters()).toBeGreaterThanOrEqual(before + 2);
    expect(copied[0]).toEqual({ name: 't', rows: 3000, proof: 'digest' });
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'most'));
  });

  test('what the target makes of the new rows is compared: a copy with a wrong byte fails', async () => {
    await fill(
      rig,
      'wrong',
      `CREATE TABLE t (id INT PRIMARY KEY, x CHAR(60)); INSERT INTO t SELECT seq, 'x' FROM numbers.n WHERE seq <= 3000`,
    );
    const job = await rig.stage('wrong');
    await copyNatively(job);
    await rig.source.query("UPDATE wrong.t SET x = 'y' WHERE id = 1700");
    await rig.target.query(
      `CREATE TRIGGER ${job.into}.t BEFORE INSERT ON ${job.into}.t FOR EACH ROW SET NEW.x = IF(NEW.id = 1700, 'Y', NEW.x)`,
    );
    await expect(copyNatively(isFilled(job), { rangeRows: 100 })).rejects.toMatchObject({
      code: 'COPY_FAILED',
      message: expect.stringContaining('its rows differ from the source') as string,
    });
  });

  test('a lane goes on with another table, where changes are everywhere', async () => {
    await fill(
      rig,
      'turns',
      `CREATE TABLE a (id INT PRIMARY KEY, x CHAR(60)); INSERT INTO a SELECT seq, 'x' FROM numbers.n WHERE seq <= 1000;
       CREATE TABLE b LIKE a; INSERT INTO b SELECT seq, 'x' FROM numbers.n WHERE seq <= 4000`,
    );
    const job = await rig.stage('turns');
    await copyNatively(job);
    await rig.source.query(
      "UPDATE turns.a SET x = 'y' WHERE id % 50 = 1; UPDATE turns.b SET x = 'y' WHERE id % 50 = 1",
    );
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 100, lanes: 2 });
    expect(copied.map(({ replaced }) => replaced)).toEqual([20, 80]);
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'turns'));
  });
});

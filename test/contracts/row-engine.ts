import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SyncError } from '../../src/core/errors.js';
import { Secret } from '../../src/core/secret.js';
import type { RowEngine } from '../../src/engine/ports/row-engine.js';
import { type TestFlavor, availableFlavors } from '../support/flavors.js';
import { type CopyRig, copyRows, quote, readRows, startCopyRig } from './copy-rig.js';

export interface RowEngineTraits {
  /** Text dumps carry six digits of a FLOAT whatever the client, and most of them drop the sign of -0. */
  readonly float: 'exact' | 'six-digits';
}

/** What every way of moving rows must do: the same bytes at the target as at the source, or an error. */
export const describeRowEngine = (
  name: string,
  makeEngineOn: (flavor: TestFlavor) => RowEngine,
  { float }: RowEngineTraits,
): void => {
  describe.each(availableFlavors())(`row engine: ${name} on $id`, (flavor) => {
    const makeEngine = (): RowEngine => makeEngineOn(flavor);
    const isMariadb = flavor.vendor === 'mariadb';
    let rig: CopyRig;
    beforeAll(async () => {
      rig = await startCopyRig(['--max-allowed-packet=256M'], async (options) => flavor.start(options));
    });
    afterAll(async () => rig.stop());

    /** Fills a new database of that name, copies it, compares every cell, and returns the counts of the engine. */
    const fillAndCopy = async (
      database: string,
      sql: string,
      where: Readonly<Record<string, string>> = {},
    ): Promise<Readonly<Record<string, number>>> => {
      await rig.source.query(
        `CREATE DATABASE ${quote(database)}; USE ${quote(database)}; SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00'; ${sql}`,
      );
      const job = await rig.stage(database, { where });
      const { copied } = await copyRows(makeEngine(), job);
      const expected = await readRows(rig.source, database, where);
      expect(await readRows(rig.target, job.into)).toEqual(expected);
      const counts = Object.fromEntries(copied.map((table) => [table.name, table.rows]));
      expect(counts).toEqual(
        Object.fromEntries(Object.entries(expected).map(([table, rows]) => [table, rows.length])),
      );
      return counts;
    };

    test('numbers at their edges', async () => {
      await fillAndCopy(
        'edges',
        `CREATE TABLE n (ti TINYINT, tu TINYINT UNSIGNED, bi BIGINT, bu BIGINT UNSIGNED, z INT(5) ZEROFILL,
           de DECIMAL(65,30), dn DECIMAL(10,0), db DOUBLE, dm DOUBLE(20,5), fm FLOAT(10,3), y YEAR, b1 BIT(1), b64 BIT(64));
         INSERT INTO n VALUES
           (-128, 255, -9223372036854775808, 18446744073709551615, 42, 99999999999999999999999999999999999.999999999999999999999999999999, -9999999999, 1.7976931348623157e308, -123456789012345.67891, 1234567.891, 0, b'1', 0x5C27220A0D00091A),
           (127, 0, 9223372036854775807, 9007199254740993, 99999, -0.000000000000000000000000000001, 9999999999, 2.2250738585072014e-308, 0.00001, -0.001, 1901, b'0', 0xFFFFFFFFFFFFFFFF),
           (0, 0, -9007199254740993, 9223372036854775808, 0, 0, 0, 0, 0, 0, 2155, b'0', 0),
           (1, 1, 1, 1, 1, 1.1, 1, 0.30000000000000004, 0.1, 0.1, 2000, b'1', 1),
           (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
      );
    });

    test.runIf(float === 'exact')('FLOAT with every digit, and the sign of zero', async () => {
      await fillAndCopy(
        'floats',
        `CREATE TABLE f (f FLOAT, fu FLOAT UNSIGNED, d DOUBLE);
         INSERT INTO f VALUES (0.010516252390057362, 16777217, -0e0), (3.402823466e38, 1.401298464e-45, 0), (-0e0, 0, 0),
           (123456.789, 0.1, 0), (-1.17549435e-38, 1e10, 0), (NULL, NULL, NULL)`,
      );
    });

    test('bytes: every byte, empty and NULL, trailing zeros', async () => {
      const every = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('');
      await fillAndCopy(
        'bytes',
        `CREATE TABLE b (id INT PRIMARY KEY, v VARBINARY(300), l LONGBLOB, t TINYBLOB, fixed BINARY(4), p POINT);
         INSERT INTO b VALUES (1, 0x${every}, 0x${every}, 0x00, 0x00000000, POINT(1.5, -2)), (2, '', '', '', 0x41000000, NULL),
           (3, NULL, NULL, NULL, NULL, NULL), (4, 0x4E554C4C, 0x0A2D2D2044756D7020636F6D706C657465640A, 0x5C27, 0x5C4E0D0A, NULL)`,
      );
    });

    test('text that could be mistaken for something else', async () => {
      const payloads = [
        '',
        'NULL',
        '\\N',
        "it's",
        '"double"',
        'back\\slash',
        'ends with backslash\\',
        "\\'",
        'tab\there',
        'line\nbreak',
        'carriage\r\nreturn',
        'zero\0byte',
        'substitute\x1a',
        '\n-- Dump completed\n',
        '-- Dump completed on 2026-01-01  0:00:00',
        "),(1,'x'),(2,'y",
        "');\nINSERT INTO `p` VALUES (99,'forged');\n",
        '\n\\! touch ./pwn\n',
        'DELIMITER ;;\n',
        '\ndelimiter //\n',
        '/*!99999 DROP DATABASE x */',
        '/*M!999999\\- enable the sandbox mode */',
        '🚀 Zoë 漢字',
        '  blanks at the ends  ',
        '(((((((((((',
        ';;;;;',
        '`backticks`',
        '\\'.repeat(1000),
        "'".repeat(1001),
        "\\'".repeat(40_000),
        'é'.repeat(70_000),
        `${'x'.repeat(65_536)}'`,
      ];
      await rig.source.query(
        'CREATE DATABASE payloads; CREATE TABLE payloads.p (id INT PRIMARY KEY, v LONGTEXT CHARACTER SET utf8mb4)',
      );
      const connection = await rig.source.connect();
      for (const [id, text] of payloads.entries())
        await connection.query('INSERT INTO payloads.p VALUES (?, ?)', [id, text]);
      await connection.end();
      const job = await rig.stage('payloads');
      const { copied } = await copyRows(makeEngine(), job);
      expect(copied).toMatchObject([{ name: 'p', rows: payloads.length }]);
      expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'payloads'));
      expect(existsSync('./pwn')).toBe(false);
    });

    test('text in other character sets', async () => {
      await fillAndCopy(
        'charsets',
        `CREATE TABLE c (l VARCHAR(50) CHARACTER SET latin1, u3 VARCHAR(50) CHARACTER SET utf8mb3, u16 VARCHAR(50) CHARACTER SET utf16,
           bin VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, ko VARCHAR(50) CHARACTER SET koi8r, ch CHAR(10) CHARACTER SET latin1);
         INSERT INTO c VALUES (_latin1 0x80919DE9FF27, 'Zoë €', '🚀', '🚀 Ａ', 'мир', 'padded  '), ('', '', '', '', '', ''),
           (NULL, NULL, NULL, NULL, NULL, NULL)`,
      );
    });

    test('dates and times: zero, invalid, fractions, negative', async () => {
      await fillAndCopy(
        'times',
        `CREATE TABLE t (d DATE, dt DATETIME(6), ts TIMESTAMP(6) NULL, ti TIME(6), ts0 TIMESTAMP NULL);
         INSERT INTO t VALUES ('0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '-838:59:59', '2026-10-25 00:30:00'),
           ('2023-02-31', '2023-02-31 23:59:59.999999', '1970-01-01 00:00:01.000001', '838:59:59', '2026-10-25 01:30:00'),
           ('9999-12-31', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999', '00:00:00.000001', '2038-01-19 03:14:07'),
           ('2024-00-10', '2024-06-00', NULL, '-00:00:01.5', NULL), (NULL, NULL, NULL, NULL, NULL)`,
      );
    });

    test('ENUM, SET and JSON', async () => {
      await fillAndCopy(
        'lists',
        `CREATE TABLE l (id INT PRIMARY KEY, e ENUM('', '2', '1', 'a,b', 'it''s', 'ü'), s SET('x', 'y', 'z', ''), j JSON);
         INSERT INTO l VALUES (1, '', '', '{"a": 1, "b": [1.0, ${isMariadb ? '1e400' : '1e300'}, "x\\\\ny", "\\\\u0000", "🚀"]}'), (2, '2', 'x,z', '"text"'), (3, 'it''s', 'x,y,z', 'null'),
           (4, 'ü', 'y', '{"k" :  "blanks kept",  "k": 2}'), (5, NULL, NULL, NULL)`,
      );
    });

    test('0 and negative numbers in AUTO_INCREMENT columns', async () => {
      await fillAndCopy(
        'counters',
        'CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, x INT) AUTO_INCREMENT = 1000; INSERT INTO a VALUES (0, 1), (-5, 2), (7, 3), (1000, 4)',
      );
    });

    test('generated and invisible columns', async () => {
      await fillAndCopy(
        'computed',
        `CREATE TABLE g (a INT, v INT AS (a + 1) VIRTUAL, s VARCHAR(20) AS (CONCAT('<', a, '>')) STORED, hidden INT DEFAULT 7 INVISIBLE);
         INSERT INTO g (a, hidden) VALUES (1, 70), (NULL, NULL), (3, 72);
         CREATE TABLE only_generated (id INT PRIMARY KEY, \`VALUES\` INT AS (id * 2) STORED); INSERT INTO only_generated (id) VALUES (1), (2)`,
      );
    });

    test('foreign keys in any order, on themselves, and broken ones', async () => {
      await fillAndCopy(
        'families',
        `CREATE TABLE z_parent (id INT PRIMARY KEY); CREATE TABLE a_child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES z_parent (id));
         CREATE TABLE tree (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES tree (id));
         INSERT INTO z_parent VALUES (1); INSERT INTO a_child VALUES (1, 1), (2, NULL); SET foreign_key_checks = 0;
         INSERT INTO a_child VALUES (3, 99); INSERT INTO tree VALUES (1, 2), (2, 3), (3, 1)`,
      );
    });

    // MySQL does not let such rows be.
    test.runIf(isMariadb)('rows that break a CHECK of their table', async () => {
      await fillAndCopy(
        'broken',
        `CREATE TABLE c (id INT PRIMARY KEY, price INT CHECK (price > 0)); SET check_constraint_checks = 0;
         INSERT INTO c VALUES (1, -1), (2, 0), (3, NULL), (4, 1)`,
      );
    });

    test('odd names of tables and columns', async () => {
      const names = [
        '-dash',
        '--',
        'dots.in.it',
        'back`tick',
        '``',
        "quo'te",
        'dou"ble',
        'semi;colon',
        'space in',
        'per%cent_',
        'back\\slash',
        'line\nbreak',
        'line\nbreak too',
        'x\n\\! touch ./pwn',
        'line\n-- Dump completed',
        '-- Dump completed',
        'VALUES (1)',
        'INSERT INTO',
        'Größe 漢字',
        'Case',
        'case',
        'n'.repeat(64),
        '漢'.repeat(45),
      ];
      const statements = names.flatMap((table, index) => {
        const [first, second] = [quote(`VALUES (\`${index}`), quote(`a\nb${index}`)];
        return [
          `CREATE TABLE ${quote(table)} (${first} INT, ${second} VARCHAR(20), ${quote('gen(')} INT AS (1) STORED)`,
          `INSERT INTO ${quote(table)} (${first}, ${second}) VALUES (${index}, 'x'), (NULL, '),(')`,
        ];
      });
      const counts = await fillAndCopy('names', statements.join(';'));
      expect(Object.keys(counts)).toHaveLength(names.length);
      expect(existsSync('./pwn')).toBe(false);
    });

    test.each(['-x', '--help', 'a.b', 'back`tick db', "quo'te", 'Größe', 'd\nb'])(
      'a database named %j',
      async (database) => {
        await fillAndCopy(database, 'CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)');
      },
    );

    test('empty tables, and no tables at all', async () => {
      const sql =
        'CREATE TABLE a (x INT); CREATE TABLE b (x INT); INSERT INTO b VALUES (1); CREATE TABLE c (x INT)';
      expect(await fillAndCopy('hollow', sql)).toEqual({ a: 0, b: 1, c: 0 });
      expect(await fillAndCopy('void', 'SELECT 1')).toEqual({});
    });

    test('conditions select rows, the other tables stay whole', async () => {
      const counts = await fillAndCopy(
        'chosen',
        `CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(50), at DATE); CREATE TABLE whole (id INT); CREATE TABLE none (id INT);
         INSERT INTO orders SELECT seq, CONCAT('it''s \\\\ "', seq), DATE('2026-01-01') + INTERVAL seq DAY FROM numbers.n WHERE seq <= 100;
         INSERT INTO whole VALUES (1), (2); INSERT INTO none VALUES (1)`,
        { orders: `at >= '2026-02-01'\n AND note <> 'it''s \\\\ "40' -- why not`, none: '1 = 0' },
      );
      expect(counts).toEqual({ none: 0, orders: 69, whole: 2 });
    });

    test('tables that the job does not name stay empty', async () => {
      await rig.source.query(
        'CREATE DATABASE part; CREATE TABLE part.a (x INT); CREATE TABLE part.b (x INT); INSERT INTO part.a VALUES (1); INSERT INTO part.b VALUES (2)',
      );
      const job = await rig.stage('part', { only: ['b'] });
      await copyRows(makeEngine(), job);
      expect(await readRows(rig.target, job.into)).toEqual({ a: [], b: ['32'] });
    });

    test.runIf(flavor.id === 'mariadb-10.11' || flavor.id === 'mariadb-11.8')(
      'the history of system-versioned tables',
      async () => {
        await fillAndCopy(
          'versioned',
          `CREATE TABLE v (a INT, note VARCHAR(20)) WITH SYSTEM VERSIONING; INSERT INTO v VALUES (1, 'x'); UPDATE v SET a = 2; DELETE FROM v;
         INSERT INTO v VALUES (3, 'now'); CREATE TABLE plain (a INT); INSERT INTO plain VALUES (1)`,
        );
      },
    );

    test('a database of many tables', async () => {
      // Servers other than the first take long to make them, and have nothing new to show.
      const tables = flavor.id === 'mariadb-10.11' ? 1000 : 100;
      const statements = Array.from(
        { length: tables },
        (_, index) =>
          `CREATE TABLE t${index} (id INT PRIMARY KEY, x VARCHAR(20)) ENGINE=MyISAM; INSERT INTO t${index} SELECT seq, 'x' FROM numbers.n WHERE seq <= ${(index % 7) + 1}`,
      );
      const counts = await fillAndCopy('many', statements.join(';'));
      expect(Object.keys(counts)).toHaveLength(tables);
    });

    test('a row of 20 MB of bytes and as much text', async () => {
      await fillAndCopy(
        'large',
        `CREATE TABLE l (id INT PRIMARY KEY, b LONGBLOB, t LONGTEXT);
         INSERT INTO l VALUES (1, REPEAT(0x00FF27, 7000000), REPEAT('it''s ', 4000000)), (2, NULL, ''), (3, '', NULL)`,
      );
    });

    test('progress only grows, and ends with the truth', async () => {
      await rig.source.query(
        `CREATE DATABASE counted; USE counted; CREATE TABLE counted.a (id INT PRIMARY KEY, x CHAR(200)); CREATE TABLE counted.b LIKE counted.a;
         INSERT INTO counted.a SELECT seq, REPEAT('x', 200) FROM numbers.n WHERE seq <= 60000; INSERT INTO counted.b SELECT * FROM counted.a`,
      );
      const job = await rig.stage('counted');
      const { progress } = await copyRows(makeEngine(), job);
      expect(progress.length).toBeGreaterThan(2);
      for (const [index, { rows, bytes, tablesDone }] of progress.entries()) {
        const before = progress[index - 1];
        expect(rows).toBeGreaterThanOrEqual(before?.rows ?? 0);
        expect(bytes).toBeGreaterThanOrEqual(before?.bytes ?? 0);
        expect(tablesDone).toBeGreaterThanOrEqual(before?.tablesDone ?? 0);
      }
      expect(progress.some(({ current, rows }) => current.length > 0 && rows > 0)).toBe(true);
      const last = progress.at(-1);
      expect(last).toMatchObject({ rows: 120_000, tablesDone: 2, tables: 2, current: [] });
      expect(last?.bytes).toBeGreaterThan(24_000_000);
    });

    test('rows wait while the pace says so', async () => {
      await rig.source.query(
        `CREATE DATABASE paced; CREATE TABLE paced.a (id INT PRIMARY KEY, x CHAR(200));
         INSERT INTO paced.a SELECT seq, REPEAT('x', 200) FROM numbers.n WHERE seq <= 30000`,
      );
      let admitted = 0;
      let isAsked: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => (isAsked = resolve));
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const admit = (bytes: number): Promise<void> | undefined => {
        admitted += bytes;
        if (admitted < 500_000) return undefined;
        isAsked();
        return gate;
      };
      const copying = copyRows(makeEngine(), { ...(await rig.stage('paced')), pace: { admit } });
      await asked;
      // The time of the server, so that a slow machine has more of it.
      await rig.source.query('DO SLEEP(0.3)');
      expect(admitted).toBeLessThan(5_000_000);
      open();
      const { copied } = await copying;
      expect(copied).toMatchObject([{ name: 'a', rows: 30_000 }]);
      expect(admitted).toBeGreaterThan(6_000_000);
    });

    test('an abort in the middle ends it, and no session stays behind', async () => {
      await rig.source.query(
        `CREATE DATABASE stopped; USE stopped; CREATE TABLE stopped.a (id INT PRIMARY KEY, x CHAR(200));
         INSERT INTO stopped.a SELECT seq, REPEAT('x', 200) FROM numbers.n WHERE seq <= 300000`,
      );
      const job = await rig.stage('stopped');
      const stopping = new AbortController();
      const copying = makeEngine().copy(
        job,
        ({ rows }) => {
          if (rows > 0) stopping.abort();
        },
        stopping.signal,
      );
      await expect(copying).rejects.toMatchObject({ code: 'INTERRUPTED' });
      for (const server of [rig.source, rig.target])
        await expect.poll(async () => listSessions(server), { timeout: 10_000 }).toEqual([]);
    });

    test('a signal that has aborted before starts nothing', async () => {
      const job = await rig.stage('stopped');
      await expect(makeEngine().copy(job, () => undefined, AbortSignal.abort())).rejects.toMatchObject({
        code: 'INTERRUPTED',
      });
    });

    test('what the target refuses is reported with its table and its number', async () => {
      await rig.source.query(
        `CREATE DATABASE refused; CREATE TABLE refused.a (id INT PRIMARY KEY); CREATE TABLE refused.b (id INT); CREATE TABLE refused.c (id INT);
         INSERT INTO refused.a VALUES (1); INSERT INTO refused.b VALUES (5), (5); INSERT INTO refused.c VALUES (1)`,
      );
      const job = await rig.stage('refused');
      await rig.target.query(`ALTER TABLE ${job.into}.b ADD UNIQUE (id)`);
      const failure = await copyRows(makeEngine(), job).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SyncError);
      expect(failure).toMatchObject({
        code: 'COPY_FAILED',
        message: expect.stringMatching(/\bb\b.*Duplicate entry '5'.*1062/) as string,
      });
    });

    test('an account that may only read, and one that may only work in the staging database', async () => {
      await rig.source.query(
        `CREATE DATABASE modest; CREATE TABLE modest.a (id INT PRIMARY KEY); INSERT INTO modest.a VALUES (1), (2);
         CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'r'; GRANT SELECT ON modest.* TO reader@'127.0.0.1'`,
      );
      const job = await rig.stage('modest');
      await rig.target.query(
        `CREATE USER writer@'127.0.0.1' IDENTIFIED BY 'w'; GRANT ALL ON ${job.into}.* TO writer@'127.0.0.1'`,
      );
      const { copied } = await copyRows(makeEngine(), {
        ...job,
        source: { ...job.source, user: 'reader', password: new Secret('r') },
        target: { ...job.target, user: 'writer', password: new Secret('w') },
      });
      expect(copied).toMatchObject([{ name: 'a', rows: 2 }]);
    });

    test('beside a sequence, which has no rows of its own', async () => {
      const sequence = isMariadb ? 'CREATE SEQUENCE seq_a; ' : '';
      const counts = await fillAndCopy(
        'counting',
        `${sequence}CREATE TABLE a (x INT); INSERT INTO a VALUES (1)`,
      );
      expect(counts).toEqual({ a: 1 });
    });

    test('what the source refuses is reported with its number', async () => {
      await rig.source.query(
        `CREATE DATABASE denied; CREATE TABLE denied.a (id INT); CREATE USER nobody@'127.0.0.1'; GRANT SELECT ON counted.* TO nobody@'127.0.0.1'`,
      );
      const job = await rig.stage('denied', { source: { user: 'nobody', password: new Secret('') } });
      const failure = await copyRows(makeEngine(), job).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SyncError);
      expect(failure).toMatchObject({ message: expect.stringMatching(/\b(1044|1045|1142)\b/) as string });
    });
  });
};

/** Sessions other than the one that asks. */
const listSessions = async (server: CopyRig['source']): Promise<readonly unknown[]> =>
  (
    await server.query(
      "SELECT ID, USER, COMMAND, INFO FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND USER NOT IN ('system user', 'event_scheduler')",
    )
  ).map((row) => ({ ...row }));

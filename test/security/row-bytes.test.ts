import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tokenizeSql } from '../../src/core/sql/sql-text.js';
import { copyNatively, fill, writersOf } from '../adapters/mysql/native/native-rig.js';
import { type CopyRig, readRows, startCopyRig } from '../contracts/copy-rig.js';
import { startStatementProxy } from '../support/statement-proxy.js';
import { availableFlavors } from '../support/flavors.js';

/** Rows whose bytes are made to be read as SQL, by everything that writes rows. */

const FRAGMENTS = [
  ...[
    "'",
    "''",
    "\\'",
    '"',
    '`',
    '\\',
    '\\0',
    '\0',
    '\n',
    '\r\n',
    '\t',
    '\x1a',
    '%',
    ';',
    '--  ',
    '#',
    '/*',
    '*/',
  ],
  ...["'); DROP DATABASE victim; -- ", '1); DROP DATABASE victim; #', "\\'); DROP DATABASE victim; -- "],
  ...['/*!50000 DROP DATABASE victim */', '\\N', 'NULL', '0x00', "_utf8mb4'", '\\. ', 'é', '🚀', '\u2028'],
];

const hostileText = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 8 }).map((parts) => parts.join(''));
const hostileBytes = fc
  .tuple(hostileText, fc.uint8Array({ maxLength: 24 }))
  .map(([text, bytes]) => Buffer.concat([Buffer.from(text), bytes]).toString('hex'));

const COLUMNS = `id INT PRIMARY KEY, t TEXT CHARACTER SET utf8mb4, v VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  b BLOB, vb VARBINARY(400), bits BIT(64), e ENUM('a''); DROP DATABASE victim; -- ', '\\\\', 'b'),
  s SET('x''y', '\\\\;', 'z'), n DECIMAL(30, 10), d DOUBLE, y YEAR, at DATETIME(6)`;

const toHex = (text: string): string => Buffer.from(text).toString('hex');

/** `rows` of drawn values, the same for the same seed. */
const hostileRows = (rows: number, seed: number): string =>
  fc
    .sample(
      fc.tuple(
        hostileText,
        hostileText,
        hostileBytes,
        hostileBytes,
        fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
      ),
      {
        numRuns: rows,
        seed,
      },
    )
    .map(
      ([t, v, b, vb, d], id) =>
        `(${String(id)}, x'${toHex(t)}', x'${toHex(v)}', x'${b}', x'${vb}', x'${b.slice(0, 16)}' + 0, ${String((id % 3) + 1)}, ${String(id % 8)}, ${String(id)}.0000000001, ${String(d)}, 2000 + ${String(id % 100)}, '2026-01-01 00:00:00.000001')`,
    )
    .join(', ');

const SEED = 20_261_127;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'on $id',
  (flavor) => {
    let rig: CopyRig;
    beforeAll(async () => {
      rig = await startCopyRig([], async (options) => flavor.start(options));
      await fill(
        rig,
        'hostile',
        `CREATE TABLE h (${COLUMNS}); INSERT INTO h VALUES ${hostileRows(300, SEED)}`,
      );
      await fill(
        rig,
        'liar',
        `CREATE TABLE l (id INT PRIMARY KEY, n DECIMAL(10, 2), d DOUBLE, f FLOAT, y YEAR, bits BIT(8), e ENUM('a', 'b'), at DATE);
       INSERT INTO l VALUES (1, 2.5, 3.5, 4.5, 2001, 5, 'b', '2026-01-01')`,
      );
    });
    afterAll(async () => rig.stop());
    beforeEach(async () => {
      await rig.target.query('CREATE DATABASE IF NOT EXISTS victim');
    });

    const expectVictim = async (): Promise<void> => {
      expect(await rig.target.query("SHOW DATABASES LIKE 'victim'")).toHaveLength(1);
    };

    test.each(writersOf(flavor))(
      'cells made of SQL arrive byte for byte and run nothing, by %s',
      async (writer) => {
        const job = await rig.stage('hostile');
        await rig.target.query("SET GLOBAL log_output = 'TABLE', general_log = ON");
        try {
          await copyNatively(job, { writers: [writer] });
        } finally {
          await rig.target.query('SET GLOBAL general_log = OFF');
        }
        expect((await readRows(rig.target, job.into))['h']).toEqual(
          (await readRows(rig.source, 'hostile'))['h'],
        );
        await expectVictim();
        const log = await rig.target.query(
          `SELECT CONVERT(argument USING utf8mb4) AS sql_text FROM mysql.general_log WHERE command_type IN ('Query', 'Execute', 'Prepare')`,
        );
        const statements = log.map(({ sql_text: text }) => String(text));
        expect(statements.length).toBeGreaterThan(0);
        const verbs = new Set(statements.map((sql) => /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase()));
        expect([...verbs].filter((verb) => !EXPECTED.has(verb ?? ''))).toEqual([]);
        for (const sql of statements.filter((text) => text.startsWith('INSERT')))
          expect(tokenizeSql(sql).filter(({ kind, text }) => kind === 'symbol' && text === ';')).toEqual([]);
        await rig.target.query('TRUNCATE mysql.general_log');
      },
    );

    const LIES = [
      '1); DROP DATABASE victim; -- ',
      '1), (2',
      '1 + SLEEP(5)',
      '(SELECT 1)',
      '0x31',
      "'1'",
      '@@version',
      '',
    ];

    test.each(writersOf(flavor))(
      'a source that sends SQL where its columns are numbers, dates and bits: it is refused or stored as data, by %s',
      async (writer) => {
        const proxy = await startStatementProxy(rig.source.port);
        try {
          for (const lie of LIES) {
            const job = await rig.stage('liar');
            proxy.tell({
              about: /FROM `liar`\.`l`/,
              tell: (row) => row.map((cell, at) => (at === 0 ? cell : lie)),
            });
            const address = { kind: 'tcp', host: '127.0.0.1', port: proxy.port } as const;
            const copy = copyNatively(
              { ...job, source: { ...job.source, address, tls: { mode: 'disabled' } } },
              { writers: [writer], lanes: 1 },
            );
            await expect(copy).rejects.toMatchObject({
              code: expect.stringMatching(/^(COPY_FAILED|SERVER_ERROR)$/) as string,
            });
            expect(proxy.told).toBeGreaterThan(0);
            await expectVictim();
          }
        } finally {
          await proxy.stop();
        }
      },
    );
  },
);

const EXPECTED = new Set([
  'SET',
  'INSERT',
  'LOAD',
  'SELECT',
  'START',
  'COMMIT',
  'BEGIN',
  'ROLLBACK',
  'SHOW',
  'USE',
  'KILL',
  'ALTER',
  'CREATE',
  'DROP',
  'TRUNCATE',
  'LOCK',
  'UNLOCK',
  'FLUSH',
  'DO',
  'PREPARE',
  'EXECUTE',
]);

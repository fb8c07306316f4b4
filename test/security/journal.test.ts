import mysql from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createServers } from '../../src/adapters/mysql/servers.js';
import { sha256Hex } from '../../src/core/fingerprint.js';
import { sealJournal } from '../../src/core/run/journal-seal.js';
import { nameScratchDatabase, toDatabaseName, toRunId } from '../../src/core/names.js';
import { parseJournal } from '../../src/engine/parse-journal.js';
import type { CliResult } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { endpointOf } from '../support/server-endpoint.js';

/**
 * An account that has nothing but the documented grants on scratch databases, on a target where others with more
 * rights plan, apply and roll back. Whatever it puts there, nothing of it runs and nothing but its own is touched.
 */
const ATTACKER = { user: 'attacker', password: 'att4cker' };
const SCRATCH_GRANTS = `SELECT, INSERT, CREATE, DROP, ALTER, INDEX, REFERENCES, DELETE, CREATE VIEW, SHOW VIEW, TRIGGER,
  CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT`;

const RUN = toRunId('7q2f4k');
const LIVE = toDatabaseName('shop');
const HASH = sha256Hex(LIVE);
const [STAGING, RETIRED] = [nameScratchDatabase('new', RUN, HASH), nameScratchDatabase('old', RUN, HASH)];
const DEFAULTS = { charset: 'utf8mb4', collation: 'utf8mb4_general_ci', comment: '' };
const CONTENT = { tables: ['t'], programs: [], defaults: DEFAULTS, printedAs: LIVE };
const PROGRAM = {
  kind: 'procedure',
  name: 'p',
  statement: 'CREATE DEFINER=`tester`@`127.0.0.1` PROCEDURE `p`() SELECT 1',
  sqlMode: '',
  charsetClient: 'utf8mb4',
  collationConnection: 'utf8mb4_general_ci',
};
const KEY = {
  database: 'precious',
  table: 't',
  name: 'fk',
  parent: LIVE,
  clause: 'CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `shop`.`t` (`id`)',
};

const KEY_TO_UNIT = {
  database: LIVE,
  table: 't',
  name: 'fk',
  parent: 'crm',
  clause: 'CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `crm`.`t` (`id`)',
};

type Journal = Record<string, unknown>;
const aSwap = (changes: Journal = {}): Journal => ({
  live: LIVE,
  staging: STAGING,
  retired: RETIRED,
  incoming: CONTENT,
  outgoing: CONTENT,
  outsideKeys: [],
  before: [],
  ...changes,
});
const aJournal = (changes: Journal = {}): Journal => ({
  format: 1,
  run: RUN,
  live: LIVE,
  staging: STAGING,
  retired: RETIRED,
  startedAt: '2026-11-01T10:00:00.000Z',
  plan: { name: 'nightly', digest: sha256Hex('its file') },
  phase: 'swapping',
  swap: aSwap(),
  ...changes,
});

const withKeyToUnit = (changes: Journal = {}): Journal => ({
  together: ['crm'],
  swap: aSwap({ outgoing: { ...CONTENT, keysToUnit: [{ ...KEY_TO_UNIT, ...changes }] } }),
});

const KEY_TO_STAYING = { ...KEY, database: LIVE, clause: KEY.clause.replace('`shop`.', '') };

const withKeyToStaying = (changes: Journal = {}): Journal => ({
  swap: aSwap({ incoming: { ...CONTENT, keysToStaying: [{ ...KEY_TO_STAYING, ...changes }] } }),
});

const ATTACKS: readonly (readonly [string, RegExp, Journal])[] = [
  ['an inner staging of any name', /swap is of other databases/, { swap: aSwap({ staging: 'precious' }) }],
  [
    'another database as its staging',
    /staging is not a database of this run/,
    { staging: 'precious', swap: aSwap({ staging: 'precious' }) },
  ],
  [
    'a scratch database of another live one as its staging',
    /staging is not a database of this run/,
    { staging: nameScratchDatabase('old', toRunId('aaaaaa'), sha256Hex('crm')) },
  ],
  [
    'another live database',
    /it belongs in a different database/,
    { live: 'precious', swap: aSwap({ live: 'precious' }) },
  ],
  ['an inner live of another name', /swap is of other databases/, { swap: aSwap({ live: 'precious' }) }],
  [
    'another retired database',
    /it belongs in a different database/,
    { retired: 'precious', swap: aSwap({ retired: 'precious' }) },
  ],
  ["the server's own database", /live is not a database that can be synced/, { live: 'mysql' }],
  [
    "the server's own database as swapped together",
    /together is not a database that can be synced/,
    { together: ['mysql'] },
  ],
  ['itself as swapped together', /together names its own database/, { together: [LIVE] }],
  ['a list in the list of those swapped together', /together/, { together: [['crm']] }],
  ['another run', /it belongs to a different run/, { run: 'aaaaaa' }],
  ['a field of its own', /fields of its own/, { drop: 'precious' }],
  ['format 2', /a format that this version does not know/, { format: 2 }],
  ['another phase', /its phase is unknown/, { phase: 'dropping' }],
  [
    'the table of the journal to be moved',
    /a table has no name that is moved/,
    { swap: aSwap({ incoming: { ...CONTENT, tables: ['mysql_sync_journal'] } }) },
  ],
  [
    'a program that is another command',
    /is not a CREATE PROCEDURE/,
    {
      swap: aSwap({
        incoming: { ...CONTENT, programs: [{ ...PROGRAM, statement: 'DROP DATABASE precious' }] },
      }),
    },
  ],
  [
    'a program with a second statement',
    /is more than one statement/,
    {
      swap: aSwap({
        incoming: {
          ...CONTENT,
          programs: [{ ...PROGRAM, statement: `${PROGRAM.statement}; DROP DATABASE precious` }],
        },
      }),
    },
  ],
  [
    'a program of another database',
    /is one of another database/,
    {
      swap: aSwap({
        outgoing: {
          ...CONTENT,
          programs: [{ ...PROGRAM, statement: 'CREATE PROCEDURE precious.p() SELECT 1' }],
        },
      }),
    },
  ],
  [
    'a character set that goes on',
    /charsetClient is no name/,
    {
      swap: aSwap({
        outgoing: { ...CONTENT, programs: [{ ...PROGRAM, charsetClient: 'utf8mb4) FROM precious.t --' }] },
      }),
    },
  ],
  [
    'a key clause that drops',
    /the clause of an outside key/,
    { swap: aSwap({ outsideKeys: [{ ...KEY, clause: `${KEY.clause}, DROP COLUMN secret` }] }) },
  ],
  [
    'a key to another database',
    /an outside key is not one/,
    { swap: aSwap({ outsideKeys: [{ ...KEY, parent: 'precious' }] }) },
  ],
  [
    'a key of a system table',
    /an outside key is not one/,
    { swap: aSwap({ outsideKeys: [{ ...KEY, database: 'mysql' }] }) },
  ],
  [
    'a key to the unit that is in another database',
    /a key to the unit is not one/,
    withKeyToUnit({ database: 'precious' }),
  ],
  [
    'a key to the unit that refers to a database of no unit',
    /a key to the unit is not one/,
    withKeyToUnit({ parent: 'precious', clause: KEY_TO_UNIT.clause.replace('crm', 'precious') }),
  ],
  [
    'a key to the unit whose clause drops',
    /the clause of a key to the unit/,
    withKeyToUnit({ clause: `${KEY_TO_UNIT.clause}, DROP COLUMN secret` }),
  ],
  ...(
    [
      ['that is in another database', /a key to a table that stays is not one/, { database: 'precious' }],
      ['to another database', /a key to a table that stays is not one/, { parent: 'precious' }],
      ['of a table that does not move', /a key to a table that stays is not one/, { table: 'precious' }],
      ['whose name is no text', /name/, { name: ['fk'] }],
      ['of another name than its clause', /the clause of a key to a table that stays/, { name: 'other' }],
      [
        'whose clause is of another database',
        /the clause of a key to a table that stays/,
        { clause: KEY_TO_UNIT.clause },
      ],
      [
        'whose clause drops',
        /the clause of a key to a table that stays/,
        { clause: `${KEY_TO_STAYING.clause}, DROP COLUMN secret` },
      ],
    ] as const
  ).map(
    ([what, reason, changes]) =>
      [`a key to a table that stays ${what}`, reason, withKeyToStaying(changes)] as const,
  ),
];

const MALFORMED: readonly (readonly [string, string])[] = [
  ['no JSON', '{"format": 1'],
  ['null', 'null'],
  ['a deep list', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['of a prototype', '{"__proto__": {"format": 1}, "constructor": 1}'],
];

test('the journal that the attacks change is one', () => {
  const withAll = aJournal({
    swap: aSwap({ incoming: { ...CONTENT, programs: [PROGRAM] }, outsideKeys: [KEY] }),
  });
  for (const journal of [withAll, aJournal(withKeyToUnit()), aJournal(withKeyToStaying())])
    expect(parseJournal(JSON.stringify(journal), RETIRED).fault).toBeNull();
});

test.each(ATTACKS)('a journal with %s: not believed, even with our signature', (_, reason, changes) => {
  expect(parseJournal(JSON.stringify(aJournal(changes)), RETIRED).fault).toMatch(reason);
});

test.each(MALFORMED)('a journal that is %s: has no more than a fault', (_, text) => {
  expect(parseJournal(text, RETIRED).fault).toEqual(expect.any(String));
});

/** A journal of another run for each, so that they stand beside each other. */
const moveToRun = (text: string, run: string): string => text.replaceAll(RUN, run);
const runOf = (index: number): string =>
  `aaaa${'abcdefgh'.charAt(Math.floor(index / 8))}${'abcdefgh'.charAt(index % 8)}`;
const homeOf = (index: number): string => nameScratchDatabase('old', toRunId(runOf(index)), HASH);

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', { timeout: 180_000 }, (flavor) => {
  let rig: Rig;
  let attacker: mysql.Connection;
  beforeAll(async () => {
    rig = await startRig({
      flavor,
      targetOptions: ['--log-bin-trust-function-creators=1'],
      sourceOptions: ['--log-bin-trust-function-creators=1'],
    });
    await rig.source.query(
      'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)',
    );
    await rig.target.query(
      `CREATE USER '${ATTACKER.user}'@'127.0.0.1' IDENTIFIED BY '${ATTACKER.password}';
       GRANT ${SCRATCH_GRANTS} ON \`mysql\\_sync\\_%\`.* TO '${ATTACKER.user}'@'127.0.0.1'`,
    );
    attacker = await mysql.createConnection({
      host: '127.0.0.1',
      port: rig.target.port,
      ...ATTACKER,
      multipleStatements: true,
    });
    // The first apply makes the key.
    await rig.run(['apply', plan(), '--confirm-target', 'staging', '--no-keep-previous']);
  });
  afterAll(async () => {
    attacker.destroy();
    await rig.stop();
  });
  beforeEach(async () => {
    for (const name of ['precious', 'shop', ...(await rig.scratchDatabases())])
      await rig.target.query(`SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS \`${name}\``);
    await rig.target.query(
      `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, old INT);
       CREATE DATABASE precious; CREATE TABLE precious.t (id INT PRIMARY KEY, secret INT); INSERT INTO precious.t VALUES (1, 2)`,
    );
  });

  const plan = (): string => rig.writePlan('databases: [{name: shop}]');
  const asAttacker = (sql: string): Promise<unknown> => attacker.query(sql);
  const forge = (body: string, home: string = RETIRED): Promise<unknown> =>
    asAttacker(
      `CREATE DATABASE ${home}; CREATE TABLE ${home}.mysql_sync_journal (id TINYINT PRIMARY KEY, body LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
       INSERT INTO ${home}.mysql_sync_journal VALUES (1, ${attacker.escape(body)})`,
    );
  /** As nobody without the key can: what is checked besides the signature has to hold alone. */
  const sign = async (body: string, home: string = RETIRED): Promise<string> => {
    const [row] = await rig.target.query('SELECT body FROM mysqlsync.journal_key');
    return sealJournal(Buffer.from(String(row?.['body']), 'hex'), toDatabaseName(home), body);
  };

  /** Plans and applies as somebody with all rights. The journal is said to be left, and the apply does its own work. */
  const expectLeft = async (reason: RegExp, home: string = RETIRED): Promise<CliResult> => {
    const before = await rig.contentOf('target', 'precious');
    const planned = await rig.run(['plan', plan()]);
    expect(planned.stderr).toMatch(reason);
    expect(planned.stderr).not.toMatch(/^first /m);
    expect(planned.code).toBe(0);
    const applied = await rig.run(['apply', plan(), '--confirm-target', 'staging']);
    expect(applied.stderr).not.toMatch(/error\[/);
    expect(applied.stdout).toContain('shop  overwritten');
    expect(applied.code).toBe(0);
    expect(await rig.contentOf('target', 'precious')).toEqual(before);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    expect(await rig.scratchDatabases()).toContain(home);
    return planned;
  };

  test('all those journals at once, signed with the real key: said, left, and nothing else is touched', async () => {
    const bodies = [
      ...ATTACKS.map(([, , changes]) => JSON.stringify(aJournal(changes))),
      ...MALFORMED.map(([, text]) => text),
    ];
    for (const [index, body] of bodies.entries()) {
      await forge(await sign(moveToRun(body, runOf(index)), homeOf(index)), homeOf(index));
      const staging = homeOf(index).replace('_old_', '_new_');
      await asAttacker(`CREATE DATABASE ${staging}; CREATE TABLE ${staging}.t (id INT)`);
    }
    const { stderr } = await expectLeft(/its journal is malformed/, homeOf(0));
    for (const index of bodies.keys())
      expect(stderr).toContain(`note ${homeOf(index)} is left as it is: its journal is malformed`);
    expect(await rig.scratchDatabases()).toEqual(expect.arrayContaining([...bodies.keys()].map(homeOf)));
  });

  test('a journal that is all right but for its signature: nothing is finished, undone or dropped', async () => {
    const text = JSON.stringify(aJournal());
    await asAttacker(`CREATE DATABASE ${STAGING}; CREATE TABLE ${STAGING}.t (id INT)`);
    await forge(text);
    await expectLeft(/its journal is not signed/);
    await asAttacker(
      `DELETE FROM ${RETIRED}.mysql_sync_journal; INSERT INTO ${RETIRED}.mysql_sync_journal VALUES (1, ${attacker.escape(sealJournal(Buffer.alloc(32), RETIRED, text))})`,
    );
    await expectLeft(/signed with a key that is not known here/);
    expect(await rig.scratchDatabases()).toContain(STAGING);
  });

  test('the journal of a real run, replayed under another name: its signature is of that place', async () => {
    const home = nameScratchDatabase('old', toRunId('aaaaaa'), HASH);
    await forge(await sign(JSON.stringify(aJournal())), home);
    await expectLeft(/signed with a key that is not known here/, home);
  });

  test('a view as journal, with a function that runs as the reader: it never runs', async () => {
    await asAttacker(
      `CREATE DATABASE ${RETIRED}; CREATE DATABASE mysql_sync_evil; CREATE TABLE mysql_sync_evil.seen (who TEXT);
       CREATE FUNCTION mysql_sync_evil.f() RETURNS TEXT NOT DETERMINISTIC MODIFIES SQL DATA SQL SECURITY INVOKER
         BEGIN INSERT INTO mysql_sync_evil.seen VALUES (CURRENT_USER()); DELETE FROM precious.t; RETURN '{}'; END;
       CREATE SQL SECURITY INVOKER VIEW ${RETIRED}.mysql_sync_journal AS SELECT 1 AS id, mysql_sync_evil.f() AS body`,
    );
    await expectLeft(/mysql-sync did not make this table/);
    await rig.run(['verify', plan()]);
    await rig.rollBackNewest();
    expect(await rig.target.query('SELECT * FROM mysql_sync_evil.seen')).toEqual([]);
    expect(await rig.target.query('SELECT * FROM precious.t')).toHaveLength(1);
  });

  test('journal tables with a column more, a computed body, another type or no key: not read', async () => {
    const tables = [
      'id TINYINT PRIMARY KEY, body LONGTEXT CHARACTER SET utf8mb4 NOT NULL, x INT',
      "id TINYINT PRIMARY KEY, body LONGTEXT CHARACTER SET utf8mb4 AS (REPEAT('x', 9)) VIRTUAL",
      'id TINYINT PRIMARY KEY, body LONGBLOB NOT NULL',
      'id TINYINT NOT NULL, body LONGTEXT CHARACTER SET utf8mb4 NOT NULL',
    ];
    for (const [index, columns] of tables.entries())
      await asAttacker(
        `CREATE DATABASE ${homeOf(index)}; CREATE TABLE ${homeOf(index)}.mysql_sync_journal (${columns})`,
      );
    const { stderr } = await expectLeft(/its table has different columns/, homeOf(0));
    expect(stderr.match(/its table has different columns/g)).toHaveLength(tables.length);
  });

  test('a journal of megabytes: planned as if it were small', async () => {
    await forge('x');
    await rig.target.query(`UPDATE ${RETIRED}.mysql_sync_journal SET body = REPEAT('[', 4 * 1024 * 1024)`);
    await expectLeft(/its journal is not signed/);
  });

  test('a journal of 70 megabytes: not fetched', async () => {
    await forge('x');
    await rig.target.query('SET GLOBAL max_allowed_packet = 128 * 1024 * 1024');
    await rig.target.query(`UPDATE ${RETIRED}.mysql_sync_journal SET body = REPEAT('[', 70 * 1024 * 1024)`);
    const server = await createServers().openTarget(endpointOf(rig.target));
    try {
      expect((await server.listScratch()).map(({ journal }) => journal)).toEqual([
        { kind: 'refused', reason: 'its table is empty, or its text too long' },
      ]);
    } finally {
      await server.close();
    }
  });

  test('scratch databases by the hundred: planned in seconds, none dropped but the empty ones', async () => {
    const names = Array.from({ length: 500 }, (_, index) =>
      nameScratchDatabase('old', RUN, sha256Hex(String(index))),
    );
    await asAttacker(
      names
        .map(
          (name) =>
            `CREATE DATABASE ${name}; CREATE TABLE ${name}.mysql_sync_journal (id TINYINT PRIMARY KEY, body LONGTEXT CHARACTER SET utf8mb4 NOT NULL) ENGINE=InnoDB; INSERT INTO ${name}.mysql_sync_journal VALUES (1, '{}')`,
        )
        .join('; '),
    );
    const startedAt = performance.now();
    expect((await rig.run(['plan', plan()])).code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect((await rig.run(['apply', plan(), '--confirm-target', 'staging'])).code).toBe(0);
    expect((await rig.scratchDatabases()).filter((name) => names.some((one) => one === name))).toHaveLength(
      500,
    );
  }, 120_000);

  test("a person's own mysql_sync_prod, full of data: never dropped, and a database like any other", async () => {
    await rig.target.query(
      `CREATE DATABASE mysql_sync_prod; CREATE TABLE mysql_sync_prod.t (id INT PRIMARY KEY); INSERT INTO mysql_sync_prod.t VALUES (7)`,
    );
    const own = await rig.contentOf('target', 'mysql_sync_prod');
    expect((await rig.run(['apply', plan(), '--confirm-target', 'staging'])).code).toBe(0);
    expect(await rig.contentOf('target', 'mysql_sync_prod')).toEqual(own);
    const file = rig.writePlan('databases: [{name: shop, as: mysql_sync_prod}]');
    expect((await rig.run(['apply', file, '--confirm-target', 'staging'])).code).toBe(0);
    expect(await rig.contentOf('target', 'mysql_sync_prod')).toEqual(await rig.contentOf('source', 'shop'));
  });

  test('a scratch database with tables and without a journal: reported and left', async () => {
    await asAttacker(`CREATE DATABASE ${STAGING}; CREATE TABLE ${STAGING}.t (id INT)`);
    expect((await rig.run(['apply', plan(), '--confirm-target', 'staging'])).code).toBe(0);
    expect(await rig.scratchDatabases()).toContain(STAGING);
  });

  test('a broken view that calls functions: the plan names it, and nothing of it runs', async () => {
    for (const server of [rig.source, rig.target])
      await server.query(
        `CREATE DATABASE trap; CREATE TABLE trap.seen (n INT); CREATE TABLE shop.faulty (a INT, b INT);
         CREATE FUNCTION shop.f(n INT) RETURNS INT NOT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO trap.seen VALUES (n); RETURN n; END;
         CREATE FUNCTION shop.g(n INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO trap.seen VALUES (n); RETURN n; END;
         CREATE VIEW shop.v AS SELECT b, shop.f(1) AS f, (SELECT shop.g(2)) AS g FROM shop.faulty WHERE shop.g(3) = 3 LIMIT 1;
         ALTER TABLE shop.faulty DROP b`,
      );
    try {
      const { code, stdout, stderr } = await rig.run(['plan', plan()]);
      expect(`${stdout}${stderr}`).toMatch(/view v .*b/);
      expect(code).toBe(9);
      for (const server of [rig.source, rig.target])
        expect(await server.query('SELECT * FROM trap.seen')).toEqual([]);
    } finally {
      for (const server of [rig.source, rig.target])
        await server.query(
          'DROP DATABASE trap; DROP VIEW shop.v; DROP FUNCTION shop.f; DROP FUNCTION shop.g; DROP TABLE shop.faulty',
        );
    }
  });

  test.each([
    ['an error that quotes what it read', "EXTRACTVALUE(1, CONCAT('~', (SELECT s FROM trap.secret)))"],
    ['a function whose error is what it read', 'trap.tells(1)'],
    ['a function that writes', 'trap.writes(1) = 1'],
    ['a function that writes, in a derived table', 'id IN (SELECT x FROM (SELECT trap.writes(2) AS x) AS d)'],
  ])('a condition of a plan with %s: the plan neither runs it nor shows a row', async (_, where) => {
    await rig.source.query(
      `CREATE DATABASE trap; CREATE TABLE trap.seen (n INT); CREATE TABLE trap.secret (s VARCHAR(20)); INSERT INTO trap.secret VALUES ('hunter2');
       CREATE FUNCTION trap.writes(n INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO trap.seen VALUES (n); RETURN n; END;
       CREATE FUNCTION trap.tells(n INT) RETURNS INT DETERMINISTIC READS SQL DATA BEGIN DECLARE m VARCHAR(20); SELECT s INTO m FROM trap.secret;
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = m; RETURN n; END`,
    );
    try {
      const { stdout, stderr } = await rig.run([
        'plan',
        rig.writePlan(`databases:\n  - name: shop\n    tables: {where: {t: ${JSON.stringify(where)}}}`),
        '--json',
      ]);
      // The copy would take each of them.
      expect(stdout).not.toContain('WHERE_REFUSED');
      expect(JSON.parse(stdout)).toMatchObject({ kind: 'plan' });
      expect(`${stdout}${stderr}`).not.toContain('hunter2');
      expect(await rig.source.query('SELECT * FROM trap.seen')).toEqual([]);
    } finally {
      await rig.source.query('DROP DATABASE trap');
    }
  });

  test("plan, verify and show write nothing and run nobody's code on either server", async () => {
    for (const server of [rig.source, rig.target])
      await server.query(
        `CREATE DATABASE IF NOT EXISTS trap; CREATE TABLE IF NOT EXISTS trap.seen (n INT); DELETE FROM trap.seen;
         DROP VIEW IF EXISTS shop.v; DROP FUNCTION IF EXISTS shop.f;
         CREATE FUNCTION shop.f() RETURNS INT NOT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO trap.seen VALUES (1); RETURN 1; END;
         CREATE VIEW shop.v AS SELECT shop.f() AS n;
         SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON`,
      );
    const saved = `${rig.home}/saved.json`;
    try {
      expect((await rig.run(['plan', plan(), '--out', saved])).code).toBe(0);
      await rig.run(['show', saved]);
      await rig.run(['verify', plan()]);
      for (const server of [rig.source, rig.target]) {
        await server.query('SET GLOBAL general_log = OFF');
        const statements = (
          await server.query(
            "SELECT CONVERT(argument USING utf8mb4) AS sql_text FROM mysql.general_log WHERE command_type IN ('Query', 'Execute', 'Prepare')",
          )
        ).map((row) => String(row['sql_text']).trim());
        expect(statements.length).toBeGreaterThan(10);
        expect(
          statements.filter(
            (sql) =>
              !/^(?:(?:SELECT|SHOW|HANDLER|USE|START TRANSACTION|COMMIT|ROLLBACK|(?:UN)?LOCK TABLES?|FLUSH)\b|SET (?![^]*(?:GLOBAL|PERSIST) ))/i.test(
                sql,
              ) && !sql.startsWith('SET GLOBAL general_log'),
          ),
        ).toEqual([]);
        expect(await server.query('SELECT * FROM trap.seen')).toEqual([]);
      }
    } finally {
      for (const server of [rig.source, rig.target])
        await server.query(
          'SET GLOBAL general_log = OFF; DROP DATABASE trap; DROP VIEW shop.v; DROP FUNCTION shop.f',
        );
    }
  });
});

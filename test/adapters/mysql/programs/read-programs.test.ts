import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPrograms } from '../../../../src/adapters/mysql/programs/create-programs.js';
import { dropPrograms } from '../../../../src/adapters/mysql/programs/drop-programs.js';
import { quoteName } from '../../../../src/adapters/mysql/connection/identifiers.js';
import { onOwnConnection } from '../../../../src/adapters/mysql/connection/own-connection.js';
import { readProgramDefinitions } from '../../../../src/adapters/mysql/programs/read-programs.js';
import type { Endpoint } from '../../../../src/core/server/connection.js';
import type { ServerFacts } from '../../../../src/core/server/inventory.js';
import { type DatabaseName, toDatabaseName } from '../../../../src/core/names.js';
import type { ProgramDefinition } from '../../../../src/engine/ports/server.js';
import type { ProgramUse } from '../../../../src/engine/ports/target-server.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf, factsOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const SOURCE = toDatabaseName('s`hop.é');
const COPY = toDatabaseName('mysql_sync_new_1_2');
const source = quoteName(SOURCE);
const GHOST = '`ghost`@`nowhere`';
const TABLES = [
  'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(50))',
  'CREATE TABLE `t``2` (id INT PRIMARY KEY, `s``hop.é` INT)',
  'CREATE TABLE audit (n INT AUTO_INCREMENT PRIMARY KEY, msg VARCHAR(200))',
];

/** Each statement with the session that it is made in. */
const COMMON: readonly (readonly [session: string, statement: string])[] = [
  [
    '',
    `CREATE FUNCTION f (s VARCHAR(20)) RETURNS VARCHAR(40) DETERMINISTIC NO SQL COMMENT 'it''s' RETURN CONCAT('<', s, '>')`,
  ],
  [
    '',
    'CREATE FUNCTION `f``odd é` () RETURNS INT DETERMINISTIC READS SQL DATA RETURN (SELECT COUNT(*) FROM late_view)',
  ],
  [
    '',
    `CREATE PROCEDURE semis () BEGIN SELECT 'a;;b' AS x; -- ;;\r\n  # hash /* block\n SELECT "c;;d" AS y; END`,
  ],
  [`SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'`, `CREATE PROCEDURE ansi () SELECT "id" || 'x' FROM "t"`],
  [
    `SET sql_mode = 'NO_BACKSLASH_ESCAPES'`,
    `CREATE PROCEDURE plain () COMMENT 'a\\b''c' SELECT 'a\\b\\' AS v`,
  ],
  ['SET NAMES latin1', `CREATE PROCEDURE \`größe\` (\`ö\` VARCHAR(9)) COMMENT 'é' SELECT 'äöü', \`ö\``],
  ['', `CREATE DEFINER=${GHOST} PROCEDURE ghost () SQL SECURITY INVOKER SELECT 1`],
  ['', `CREATE VIEW z_view AS SELECT id, v FROM t WHERE id <> 7`],
  ['', `CREATE VIEW a_view AS SELECT ${source}.id, v FROM z_view ${source}`],
  ['', `CREATE VIEW late_view AS SELECT 1 AS one FROM a_view`],
  ['', `CREATE VIEW early_view AS SELECT \`f\`\`odd é\`() AS n, ${source}.f('x') AS f`],
  [
    '',
    `CREATE ALGORITHM=TEMPTABLE DEFINER=${GHOST} SQL SECURITY INVOKER VIEW ghost_view AS SELECT COUNT(*) AS n FROM t`,
  ],
  ['', `CREATE VIEW checked AS SELECT id, v FROM t WHERE id > 0 WITH LOCAL CHECK OPTION`],
  [
    '',
    `CREATE VIEW crossed AS SELECT ${source}.id, p.k, '${source}.t' AS l FROM elsewhere.p JOIN ${source}.\`t\`\`2\` ${source} ON p.id = ${source}.${source} WHERE p.id IN (SELECT id FROM ${source}.t)`,
  ],
  ['SET NAMES latin1', `CREATE VIEW \`latin é\` AS SELECT 'é' AS \`é\``],
  [
    '',
    `CREATE VIEW foreign_text AS SELECT _sjis 0x955C AS s, _latin1 0xE95C27 AS l, _binary 0xFF00 AS b, _utf8mb4 0xC3A9 AS u`,
  ],
  [
    '',
    `CREATE TRIGGER m_first AFTER INSERT ON t FOR EACH ROW BEGIN /* it's */ INSERT INTO audit (msg) VALUES (CONCAT('1 ''*/'' ;; ', NEW.id)); -- line\n END`,
  ],
  [
    '',
    `CREATE TRIGGER ${source}.z_second AFTER INSERT ON ${source}.t FOR EACH ROW FOLLOWS m_first INSERT INTO audit (msg) VALUES ('2')`,
  ],
  [
    '',
    `CREATE TRIGGER k_zeroth AFTER INSERT ON t FOR EACH ROW PRECEDES m_first INSERT INTO audit (msg) VALUES ('0')`,
  ],
  [
    `SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'`,
    `CREATE TRIGGER "b""u" BEFORE UPDATE ON "t\`2" FOR EACH ROW SET NEW."id" = 1`,
  ],
  [
    '',
    `CREATE EVENT busy ON SCHEDULE EVERY 1 SECOND COMMENT 'DO ENABLE' DO INSERT INTO audit (msg) VALUES ('event')`,
  ],
  [
    '',
    `CREATE EVENT \`ev\`\`dis %\` ON SCHEDULE EVERY 90 MINUTE STARTS '2036-06-01 00:00:00' DISABLE DO SELECT 1`,
  ],
  [
    `SET time_zone = '+05:30'`,
    `CREATE EVENT zoned ON SCHEDULE AT '2037-06-01 12:00:00' ON COMPLETION PRESERVE DO SELECT 1`,
  ],
  [
    'SET NAMES latin1',
    `CREATE DEFINER=${GHOST} EVENT \`é\` ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DISABLE COMMENT 'é' DO SELECT 'é'`,
  ],
];

const OF_VENDOR: Record<'mariadb' | 'mysql', typeof COMMON> = {
  mariadb: [
    [
      '',
      'CREATE AGGREGATE FUNCTION summed (x INT) RETURNS INT BEGIN DECLARE s INT DEFAULT 0; DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s; LOOP FETCH GROUP NEXT ROW; SET s = s + x; END LOOP; END',
    ],
    ['', 'CREATE SEQUENCE sq'],
    ['', `CREATE VIEW numbered AS SELECT NEXT VALUE FOR sq AS n, p.id FROM elsewhere.p`],
    [
      `SET sql_mode = 'ORACLE'`,
      `CREATE PACKAGE pkg COMMENT 'it''s' AS FUNCTION f1 (a INT) RETURN INT; PROCEDURE p1; END`,
    ],
    [
      `SET sql_mode = 'ORACLE'`,
      `CREATE PACKAGE BODY pkg AS FUNCTION f1 (a INT) RETURN INT AS BEGIN RETURN a + 1; END; PROCEDURE p1 AS BEGIN SELECT 'x;y' FROM dual; END; END`,
    ],
    [
      `SET sql_mode = 'ORACLE'`,
      `CREATE PROCEDURE p_oracle (a IN INT, b OUT VARCHAR2(20)) AS BEGIN b := 'max ' || a; END`,
    ],
  ],
  mysql: [
    [
      '',
      `CREATE VIEW lateral_view AS SELECT x.a, y.id FROM JSON_TABLE('[1,2]', '$[*]' COLUMNS (a INT PATH '$')) x, LATERAL (SELECT t.id FROM ${source}.t, elsewhere.p WHERE t.id = x.a) y`,
    ],
  ],
};

/** Views whose table is gone are listed, printed and copied. */
const BROKEN = [
  `CREATE TABLE gone (id INT, v INT)`,
  `CREATE VIEW broken AS SELECT g.id, g.v + 1 AS w FROM gone g WHERE g.V > 1`,
  `CREATE VIEW on_broken AS SELECT id FROM broken`,
  `DROP TABLE gone`,
];

describe.each(availableFlavors())('$id', (flavor) => {
  const { vendor } = flavor;
  let server: TestServer;
  let endpoint: Endpoint;
  let facts: ServerFacts;
  let definitions: readonly ProgramDefinition[];

  beforeAll(async () => {
    server = await flavor.start();
    endpoint = endpointOf(server);
    facts = await factsOf(endpoint);
    const connection = await server.connect();
    await connection.query('CREATE DATABASE elsewhere; CREATE TABLE elsewhere.p (id INT PRIMARY KEY, k INT)');
    await connection.query(
      `CREATE DATABASE ${source} CHARACTER SET latin1 COLLATE latin1_german1_ci; USE ${source}`,
    );
    await connection.query('CREATE PROCEDURE of_latin_days (x VARCHAR(9)) SELECT x');
    await connection.query(
      `ALTER DATABASE ${source} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; USE ${source}`,
    );
    for (const table of TABLES) await connection.query(table);
    for (const [session, statement] of [...COMMON, ...OF_VENDOR[vendor]]) {
      await connection.query(`SET NAMES utf8mb4; SET sql_mode = 'NO_ZERO_DATE', time_zone = '+00:00'`);
      if (session !== '') await connection.query(session);
      await connection.query(statement);
    }
    await connection.query(`SET NAMES utf8mb4; SET sql_mode = ''`);
    for (const statement of BROKEN) await connection.query(statement);
    await connection.end();
    definitions = await read(SOURCE);
  });
  afterAll(async () => server.stop());

  const read = async (database: DatabaseName): Promise<readonly ProgramDefinition[]> =>
    onOwnConnection(endpoint, 'read', (own) => readProgramDefinitions(own, database, facts));

  const create = async (
    programs: readonly ProgramDefinition[],
    use: ProgramUse,
    by = endpoint,
  ): Promise<void> => {
    await server.query(
      `DROP DATABASE IF EXISTS ${COPY}; CREATE DATABASE ${COPY} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; USE ${COPY}; ${TABLES.join('; ')}`,
    );
    if (vendor === 'mariadb') await server.query(`CREATE SEQUENCE ${COPY}.sq`);
    await onOwnConnection(by, 'create', (own) =>
      createPrograms(own, { database: COPY, programs, sourceDatabase: SOURCE, use, facts }),
    );
  };

  test('every program is read', () => {
    const names = definitions.map(({ kind, name }) => `${kind} ${name}`);
    const wanted = [...COMMON, ...OF_VENDOR[vendor]].filter(
      ([, statement]) => !statement.startsWith('CREATE SEQUENCE'),
    );
    expect(names).toHaveLength(wanted.length + 1 + 2);
    expect(names.indexOf('view a_view')).toBeGreaterThan(names.indexOf('view z_view'));
    expect(names.filter((name) => name.startsWith('trigger'))).toEqual([
      'trigger k_zeroth',
      'trigger m_first',
      'trigger z_second',
      'trigger b"u',
    ]);
  });

  test('a view that the server does not print is read from its catalog', async () => {
    await server.query(
      `CREATE DATABASE hinted; USE hinted; CREATE TABLE t (id INT, KEY k (id));
       CREATE DEFINER=${GHOST} SQL SECURITY INVOKER VIEW v AS SELECT id FROM t USE INDEX (k) WHERE id > 1 WITH CASCADED CHECK OPTION;
       CREATE VIEW fine AS SELECT 1 AS one; ALTER TABLE t DROP KEY k`,
    );
    const [fine, view] = await read(toDatabaseName('hinted'));
    expect(fine?.name).toBe('fine');
    expect(view?.statement).toMatch(
      /^CREATE ALGORITHM=UNDEFINED DEFINER=`ghost`@`nowhere` SQL SECURITY INVOKER VIEW `hinted`\.`v` AS select .* USE INDEX \(`k`\) where .* WITH CASCADED CHECK OPTION$/,
    );
  });

  test('programs are made again in another database as they were', async () => {
    await create(definitions, 'live');
    const expected = definitions.map((definition) => ({
      ...definition,
      statement: ['view', 'trigger'].includes(definition.kind)
        ? definition.statement
            .replaceAll(/`s``hop\.é`\.(?=`(?:t|t``2|sq|gone|broken|f)`)(?!.)/g, '')
            .replaceAll(
              /(?<!')`s``hop\.é`\.(`(?:t|t``2|sq|gone|broken|f|z_second)`|t |z_second)/g,
              `\`${COPY}\`.$1`,
            )
        : definition.statement,
    }));
    expect(await read(COPY)).toEqual(expected);
    const leftOver = await server.query(
      `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${COPY}' AND TABLE_NAME = 'gone'`,
    );
    expect(leftOver).toEqual([]);
  });

  test('a rehearsal runs no event and leaves nothing behind', async () => {
    await create(definitions, 'rehearsal');
    const events = await server.query(
      `SELECT EVENT_NAME AS name, STATUS AS status FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${COPY}'`,
    );
    expect(events.map(({ status }) => status as string)).toEqual([
      'DISABLED',
      'DISABLED',
      'DISABLED',
      'DISABLED',
    ]);
    await onOwnConnection(endpoint, 'drop', (own) => dropPrograms(own, COPY, definitions));
    await onOwnConnection(endpoint, 'drop again', (own) => dropPrograms(own, COPY, definitions));
    expect(await read(COPY)).toEqual([]);
  });

  // MySQL has no roles without a host.
  test.runIf(vendor === 'mariadb')(
    'a rehearsal refuses a definer that the server takes for an account',
    async () => {
      const [ghost] = definitions.filter(({ name }) => name === 'ghost');
      if (!ghost) throw new Error('it was not read');
      const ofRole = { ...ghost, statement: ghost.statement.replace(GHOST, '`no_role`') };
      await expect(create([ofRole], 'rehearsal')).rejects.toMatchObject({
        code: 'PROGRAMS_FAILED',
        message: 'procedure ghost: its definer `no_role` is a role, which the target does not have',
      });
    },
  );
});

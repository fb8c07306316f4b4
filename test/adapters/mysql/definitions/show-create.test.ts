import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTableDefinitions } from '../../../../src/adapters/mysql/definitions/show-create.js';
import { onOwnConnection } from '../../../../src/adapters/mysql/connection/own-connection.js';
import { quoteName } from '../../../../src/adapters/mysql/connection/identifiers.js';
import { createTables } from '../../../../src/adapters/mysql/staging/create-tables.js';
import { type Flavor, parseFlavor } from '../../../../src/core/flavor.js';
import { toDatabaseName, toTableName } from '../../../../src/core/names.js';
import type { TableDefinition } from '../../../../src/engine/ports/server.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

/** Backtick, dot, percent, newline: the name is also that of a table and a column. */
const SOURCE = toDatabaseName('so`u.r%\nce');
const COPY = toDatabaseName('mysql_sync_new_1_2');
const LONG = 'x'.repeat(64);
const source = quoteName(SOURCE);

const COMMON = [
  `CREATE TABLE ${source}.${source} (id INT PRIMARY KEY, ${source} INT, \`é.\n日\` INT, KEY ${quoteName('k`1')} (${source} DESC),
     CONSTRAINT \`se.lf é\` FOREIGN KEY (\`é.\n日\`) REFERENCES ${source} (id)) COMMENT 'it''s ${source}.t \\\\ /* x */'`,
  `CREATE TABLE ${source}.${quoteName('pa`ir')} (${quoteName('c`1')} INT, ${quoteName('d,`2')} INT, PRIMARY KEY (${quoteName('c`1')}, ${quoteName('d,`2')}))`,
  `CREATE TABLE ${source}.${quoteName('child`s')} (${quoteName('a`1')} INT, ${quoteName('b,`2')} INT,
     CONSTRAINT ${quoteName('f`k 1')} FOREIGN KEY (${quoteName('a`1')}, ${quoteName('b,`2')}) REFERENCES ${source}.${quoteName('pa`ir')} (${quoteName('c`1')}, ${quoteName('d,`2')}) ON DELETE CASCADE,
     CONSTRAINT ${quoteName('f`k 2')} FOREIGN KEY (${quoteName('a`1')}) REFERENCES elsewhere.${quoteName('pa`rent')} (${quoteName('i`d')}),
     FOREIGN KEY (${quoteName('a`1')}) REFERENCES ${source}.${source} (id))`,
  `CREATE TABLE ${source}.${LONG} (${LONG} INT PRIMARY KEY) COMMENT '表'`,
  `CREATE TABLE ${source}.a (id INT PRIMARY KEY, b INT) AUTO_INCREMENT = 4711`,
  `CREATE TABLE ${source}.b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES ${source}.a (id), FOREIGN KEY (a) REFERENCES elsewhere.parent (id))`,
  `ALTER TABLE ${source}.a ADD FOREIGN KEY (b) REFERENCES ${source}.b (id) ON DELETE SET NULL`,
  `CREATE TABLE ${source}.times (id INT AUTO_INCREMENT PRIMARY KEY, d DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', plain TIMESTAMP NOT NULL,
     auto TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, nul TIMESTAMP NULL) AUTO_INCREMENT = 1000000`,
  `CREATE TABLE ${source}.texts (v VARCHAR(9) CHARACTER SET latin1, w VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT 'q''\`\\\\"',
     n INT GENERATED ALWAYS AS (LENGTH(v) + 1) STORED, CHECK (v <> 'it''s */ ;')) CHARACTER SET utf8mb4`,
  `CREATE TABLE ${source}.parts (id INT, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE COLUMNS (d)
     (PARTITION \`p 0\` VALUES LESS THAN ('2021-01-01') COMMENT = 'c''est', PARTITION p1 VALUES LESS THAN (MAXVALUE))`,
];

const OF_VENDOR = {
  mariadb: [
    `CREATE SEQUENCE ${source}.sq START WITH 100 INCREMENT BY 10 MINVALUE 1 MAXVALUE 130 CACHE 2 CYCLE COMMENT 'it''s'`,
    `DO NEXTVAL(${source}.sq), NEXTVAL(${source}.sq), NEXTVAL(${source}.sq), NEXTVAL(${source}.sq), NEXTVAL(${source}.sq)`,
    `CREATE SEQUENCE ${source}.\`a \`\`down\` START WITH -1 INCREMENT BY -1 MINVALUE -3 MAXVALUE -1 NOCACHE`,
    `DO NEXTVAL(${source}.\`a \`\`down\`), NEXTVAL(${source}.\`a \`\`down\`), NEXTVAL(${source}.\`a \`\`down\`)`,
    `CREATE SEQUENCE ${source}.back START WITH 100`,
    `ALTER SEQUENCE ${source}.back RESTART 5`,
    `CREATE TABLE ${source}.numbered (id INT DEFAULT NEXTVAL(${source}.sq) PRIMARY KEY, v INT INVISIBLE)`,
    `CREATE TABLE ${source}.versioned (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING`,
    `CREATE TABLE ${source}.m1 (id INT) ENGINE = MyISAM`,
    `CREATE TABLE ${source}.merged (id INT) ENGINE = MRG_MyISAM UNION = (${source}.m1)`,
  ],
  mysql: [
    `CREATE TABLE ${source}.new (id INT PRIMARY KEY, v INT INVISIBLE, j JSON, p POINT NOT NULL SRID 4326, KEY ((v + 1)), CHECK (v > 1) NOT ENFORCED)`,
    `CREATE TABLE ${source}.grouped (id INT PRIMARY KEY, grp INT, KEY (grp))`,
    `SET SESSION restrict_fk_on_non_standard_key = OFF`,
    `CREATE TABLE ${source}.member (id INT PRIMARY KEY, grp INT, FOREIGN KEY (grp) REFERENCES ${source}.grouped (grp))`,
  ],
};

describe.each(availableFlavors())('$id', (flavor) => {
  const { vendor } = flavor;
  let server: TestServer;
  let own: Flavor;
  beforeAll(async () => {
    server = await flavor.start(
      vendor === 'mysql'
        ? ['--sql-generate-invisible-primary-key=ON', '--explicit-defaults-for-timestamp=OFF']
        : ['--explicit-defaults-for-timestamp=OFF'],
    );
    const [said] = await server.query('SELECT @@version AS version, @@version_comment AS comment');
    own = parseFlavor(String(said?.['version']), String(said?.['comment']));
    const connection = await server.connect();
    await connection.query(
      `SET SESSION sql_mode = '', foreign_key_checks = 0, explicit_defaults_for_timestamp = 1`,
    );
    if (vendor === 'mysql') await connection.query('SET SESSION sql_generate_invisible_primary_key = 0');
    await connection.query(
      'CREATE DATABASE elsewhere; CREATE TABLE elsewhere.parent (id INT PRIMARY KEY); CREATE TABLE elsewhere.`pa``rent` (`i``d` INT PRIMARY KEY)',
    );
    await connection.query(`CREATE DATABASE ${source} CHARACTER SET latin1; CREATE DATABASE ${COPY}`);
    for (const statement of [...COMMON, ...OF_VENDOR[vendor]]) await connection.query(statement);
    await connection.end();
  });
  afterAll(async () => server.stop());

  const readAll = async (database: string): Promise<readonly TableDefinition[]> => {
    const connection = await server.connect();
    const [rows] = await connection.query<{ constructor: { name: 'RowDataPacket' }; name: string }[]>(
      'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1',
      [database],
    );
    await connection.end();
    const names = rows.map(({ name }) => toTableName(name));
    return onOwnConnection(endpointOf(server), 'read', (own) =>
      readTableDefinitions(own, toDatabaseName(database), names),
    );
  };

  test('tables and sequences are made again in another database as they were', async () => {
    const definitions = await readAll(SOURCE);
    expect(definitions.length).toBeGreaterThan(8);
    await onOwnConnection(endpointOf(server), 'create', (connection) =>
      createTables(
        connection,
        COPY,
        definitions.map((table) => ({ ...table, mayBeExternal: true })),
        SOURCE,
        own,
      ),
    );
    const copies = await readAll(COPY);
    const expected = definitions.map((definition) => ({
      ...definition,
      statement: definition.statement.replaceAll(`nextval(${source}.`, `nextval(${quoteName(COPY)}.`),
    }));
    expect(copies).toEqual(expected);
  });

  test("a table that cannot be made is named with the server's reason", async () => {
    const definitions = [
      { name: toTableName('b`ad'), statement: 'CREATE TABLE `b``ad` (`a` INT) ENGINE=nosuch' },
    ];
    await expect(
      onOwnConnection(endpointOf(server), 'create', (connection) =>
        createTables(connection, COPY, definitions, SOURCE, own),
      ),
    ).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      message: expect.stringMatching(
        /^cannot create table .*\.b`ad on the target: Unknown storage engine 'nosuch' \(ER_UNKNOWN_STORAGE_ENGINE 1286\)$/s,
      ) as string,
    });
  });

  test('a table that is gone is named', async () => {
    await expect(
      onOwnConnection(endpointOf(server), 'read', (own) =>
        readTableDefinitions(own, COPY, [toTableName('gone')]),
      ),
    ).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      message: expect.stringContaining('mysql_sync_new_1_2.gone') as string,
    });
  });
});

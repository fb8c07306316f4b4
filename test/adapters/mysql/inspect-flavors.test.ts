import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServers } from '../../../src/adapters/mysql/servers.js';
import type { DatabaseInventory } from '../../../src/core/server/inventory.js';
import { toDatabaseName } from '../../../src/core/names.js';
import { type Feature, supports } from '../../../src/core/server/features.js';
import { canonicalTypeName, knowsType, listTypeNames } from '../../../src/core/sql/column-types.js';
import type { Server } from '../../../src/engine/ports/server.js';
import { type TestFlavor, availableFlavors } from '../../support/flavors.js';
import { endpointOf } from '../../support/server-endpoint.js';
import type { TestServer } from '../../support/servers.js';

/** What every version knows, in the forms that servers print otherwise than they were given them. */
const TABLES = `
CREATE TABLE parent (id INT UNSIGNED NOT NULL AUTO_INCREMENT, code VARCHAR(20) NOT NULL, u TEXT CHARACTER SET utf8, PRIMARY KEY (id), UNIQUE KEY (code), FULLTEXT KEY ft (u)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE defaults (a INT DEFAULT 5, b VARCHAR(10) DEFAULT 'x''y', c TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  c2 TIMESTAMP NULL DEFAULT NULL, d DATETIME DEFAULT NULL, e DECIMAL(8,2) NOT NULL DEFAULT 1.5, f BIT(3) DEFAULT b'101', g TEXT, h DATE DEFAULT '2020-01-01',
  i YEAR, j ENUM('a','b') DEFAULT 'a', k DOUBLE DEFAULT 1e10, l TINYINT(1) DEFAULT 0, m VARBINARY(5) DEFAULT 0x4142, n JSON, o INT(5) ZEROFILL,
  p BIGINT UNSIGNED, q TIME(3), r BLOB, s SET('x','y') NOT NULL, t FLOAT(7,2), w POINT, x INT DEFAULT (1 + 1), y VARCHAR(40) DEFAULT (CONCAT('a','b'))) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;
CREATE TABLE child (a INT UNSIGNED NOT NULL, b BIGINT NOT NULL, name VARCHAR(50) CHARACTER SET latin1, doubled BIGINT AS (b * 2) STORED, loud VARCHAR(60) AS (CONCAT(name, '!')) VIRTUAL,
  PRIMARY KEY (b, a), KEY by_name (name(10)) COMMENT 'fast', CONSTRAINT positive CHECK (b > 0), CONSTRAINT named CHECK (name <> 'x'),
  CONSTRAINT up FOREIGN KEY (a) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE RESTRICT, CONSTRAINT up2 FOREIGN KEY (a) REFERENCES parent (id) ON DELETE NO ACTION, CONSTRAINT up3 FOREIGN KEY (a) REFERENCES parent (id)) ENGINE=InnoDB;
CREATE TABLE parts (id INT NOT NULL, d DATE NOT NULL, PRIMARY KEY (id, d)) ENGINE=InnoDB PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE keyed (id INT NOT NULL, PRIMARY KEY (id)) ENGINE=InnoDB PARTITION BY KEY (id) PARTITIONS 3;
CREATE TABLE lists (id INT) ENGINE=InnoDB PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1,2), PARTITION p1 VALUES IN (3,NULL));
CREATE TABLE fixed (id INT NOT NULL, KEY (id)) ENGINE=MyISAM ROW_FORMAT=FIXED;`;

const VIEWS = `
CREATE VIEW comma AS SELECT p.code, COUNT(*) AS n FROM parent p, child c WHERE c.a = p.id GROUP BY p.code ORDER BY n DESC LIMIT 5;
CREATE VIEW three AS SELECT p.id FROM parent p, child c, parts d WHERE p.id = c.a AND d.id = c.b;
CREATE VIEW nested AS SELECT p.id FROM parent p LEFT JOIN (child c JOIN parts d ON d.id = c.b) ON p.id = c.a;
CREATE VIEW grouped AS SELECT p.id FROM (parent p LEFT JOIN child c ON p.id = c.a) JOIN parts d ON d.id = c.b;
CREATE VIEW pairs AS SELECT p.id FROM parent p LEFT JOIN (child c, parts d) ON p.id = c.a AND d.id = c.b;
CREATE VIEW derived AS SELECT x.id FROM (SELECT id FROM parent) x, (SELECT a FROM child) y WHERE x.id = y.a;
CREATE VIEW unions AS SELECT id FROM parent WHERE id IN (SELECT a FROM child, parts p3) UNION SELECT a FROM child UNION ALL (SELECT p2.id FROM parts, parent p2 LIMIT 3);
CREATE VIEW recursive_view AS WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r, parent WHERE n < 5) SELECT r.n, p.id FROM r, parent p;
CREATE VIEW windows AS SELECT p.id, ROW_NUMBER() OVER w AS r, SUM(p.id) OVER (ORDER BY p.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) s FROM parent p, child c WINDOW w AS (PARTITION BY p.code);
CREATE VIEW of_views AS SELECT three.* FROM three, nested, comma;
CREATE VIEW straight AS SELECT STRAIGHT_JOIN p.id FROM parent p STRAIGHT_JOIN child c JOIN parts d USE INDEX (PRIMARY) WHERE c.b > 1 ORDER BY p.id LIMIT 1, 5;
CREATE VIEW charsets AS SELECT CASE WHEN a > 1 THEN 'x' ELSE CONVERT(name USING utf8) END AS c, CAST(a AS CHAR CHARACTER SET utf8) d, name COLLATE latin1_bin e, _utf8'x' f FROM child;
CREATE VIEW expressions AS SELECT TRIM(BOTH 'a' FROM code) t, EXTRACT(YEAR FROM NOW()) y, (id + 1) * 2 AS e, id + 1 * 2 AS f, NOT (id AND code) g, id MOD 3 i, code REGEXP 'x' l, (SELECT MAX(a) FROM child, parts) m, id = ANY (SELECT a FROM child) n,
  EXISTS (SELECT 1 FROM child, parts WHERE child.a = parent.id) o, code IS NULL q, id << 2 z, id <=> NULL ab, DATE '2020-01-01' ac, 0x41 ae, b'1' af, TRUE ah, CAST(id AS DECIMAL(5,2)) aj, MATCH (u) AGAINST ('x' IN BOOLEAN MODE) am FROM parent;`;

const PROGRAMS = `
CREATE FUNCTION twice (x INT, y VARCHAR(20) CHARSET utf8) RETURNS VARCHAR(10) CHARSET utf8 DETERMINISTIC RETURN x * 2;
CREATE PROCEDURE fill (IN n INT, OUT done VARCHAR(5) CHARSET utf8mb4, INOUT e ENUM('a','b'), z BIGINT UNSIGNED, t TINYINT(1), yy YEAR, d DECIMAL(5,2), j JSON) COMMENT 'fills' MODIFIES SQL DATA SET done = 'yes';
CREATE TRIGGER tidy BEFORE INSERT ON parent FOR EACH ROW SET NEW.code = TRIM(NEW.code);
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DISABLE COMMENT 'at night' DO DELETE FROM parent WHERE id = 0;`;

const TYPES = [
  ...listTypeNames('integer', 'decimal', 'floating', 'bit', 'temporal', 'text', 'bytes', 'members', 'json'),
  ...listTypeNames('geometry', 'address', 'vector'),
].filter((name) => canonicalTypeName(name) === name);
const LENGTHS: Readonly<Record<string, string>> = {
  ...{ varchar: '(9)', varbinary: '(9)', enum: "('a')", set: "('a')", vector: '(3)' },
};

/** Statements that work where a feature is, and fail elsewhere. */
const PROBES = Object.entries({
  generatedColumns: 'CREATE TABLE t2 (a INT, b INT GENERATED ALWAYS AS (a + 1) STORED)',
  notNullGeneratedColumns: 'CREATE TABLE t3 (a INT, b INT GENERATED ALWAYS AS (1) STORED NOT NULL)',
  generatedPrimaryKeys: 'CREATE TABLE t4 (a INT, b INT GENERATED ALWAYS AS (a) STORED, PRIMARY KEY (b))',
  expressionDefaults: "CREATE TABLE t5 (a VARCHAR(9) DEFAULT (CONCAT('a', 'b')))",
  unenforcedChecks: 'CREATE TABLE t6 (a INT, CHECK (a > 0) NOT ENFORCED)',
  sameConstraintNames:
    'CREATE TABLE t7 (a INT, CONSTRAINT c CHECK (a > 0)); CREATE TABLE u7 (a INT, CONSTRAINT c CHECK (a > 0))',
  invisibleColumns: 'CREATE TABLE t8 (a INT, b INT DEFAULT 1 INVISIBLE)',
  invisibleColumnsWithoutValue: 'CREATE TABLE t9 (a INT, b INT NOT NULL INVISIBLE)',
  compressedColumns: 'CREATE TABLE t10 (a VARCHAR(99) COMPRESSED)',
  expressionKeys: 'CREATE TABLE t11 (a INT, KEY ((a + 1)))',
  longMyisamKeys: 'CREATE TABLE t12 (a VARBINARY(1500), UNIQUE KEY (a)) ENGINE=MyISAM',
  aria: 'CREATE TABLE t13 (a INT) ENGINE=Aria',
  timestampsTo2106: "CREATE TABLE t14 (a TIMESTAMP NULL); INSERT INTO t14 VALUES ('2100-01-01')",
  jsonTables: `SELECT JSON_ARRAYAGG(x) FROM JSON_TABLE('[1]', '$[*]' COLUMNS (x JSON PATH '$')) t`,
  sequences: 'CREATE SEQUENCE s',
  statementSettings: 'SET STATEMENT group_concat_max_len = 4 FOR SELECT 1',
  historyInserts: 'SET SESSION system_versioning_insert_history = 1',
  databaseComments: "CREATE DATABASE probe_comment COMMENT 'x'",
  databaseEncryption: "CREATE DATABASE probe_encryption DEFAULT ENCRYPTION 'N'",
  fullCollationNames:
    'SELECT FULL_COLLATION_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY LIMIT 1',
  recursiveQueries:
    'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r',
  setAnyDefiner: 'GRANT SET_ANY_DEFINER ON *.* TO probe@localhost',
  setUser: 'GRANT SET USER ON *.* TO probe@localhost',
  showCreateRoutine: 'GRANT SHOW CREATE ROUTINE ON *.* TO probe@localhost',
  showRoutine: 'GRANT SHOW_ROUTINE ON *.* TO probe@localhost',
  binlogAdmin: 'GRANT BINLOG ADMIN ON *.* TO probe@localhost',
  backupStages: 'BACKUP STAGE START; BACKUP STAGE END',
  instanceBackupLock: 'LOCK INSTANCE FOR BACKUP; UNLOCK INSTANCE',
  transactionReadOnly: 'SELECT @@SESSION.transaction_read_only',
} satisfies Partial<Record<Feature, string>>) as readonly (readonly [Feature, string])[];

const tries = async (server: TestServer, sql: string): Promise<boolean> => {
  try {
    await server.query(sql);
    return true;
  } catch {
    return false;
  }
};

const createSample = (name: string): string =>
  `SET NAMES utf8mb4; CREATE DATABASE ${name} CHARACTER SET utf8 COLLATE utf8_general_ci; USE ${name}; ${TABLES}${VIEWS}${PROGRAMS}`;

const inspectOne = async (server: Server, name: string): Promise<DatabaseInventory> => {
  const [inventory] = await server.inspectDatabases([toDatabaseName(name)]);
  if (!inventory) throw new Error(`no ${name}`);
  return inventory;
};

const fingerprintsOf = ({ tables, programs }: DatabaseInventory): Record<string, string> =>
  Object.fromEntries([
    ...tables.map(({ name, fingerprint }): [string, string] => [name, fingerprint]),
    ...programs.map(({ kind, name, fingerprint }): [string, string] => [`${kind} ${name}`, fingerprint]),
  ]);

const flavors = availableFlavors();
const servers = new Map<TestFlavor, TestServer>();
const serverOf = (flavor: TestFlavor): TestServer => {
  const server = servers.get(flavor);
  if (!server) throw new Error(`${flavor.id} did not start`);
  return server;
};

beforeAll(async () => {
  await Promise.all(
    flavors.map(async (flavor) => {
      const server = await flavor.start();
      servers.set(flavor, server);
      await server.query(createSample('shop'));
    }),
  );
});
afterAll(async () => {
  await Promise.all([...servers.values()].map(async (server) => server.stop()));
});

/** `mariadb-10.5` before `mariadb-10.11`. */
const releaseOf = ({ id }: TestFlavor): number => {
  const [major = 0, minor = 0] = id.replace(/^\w+-/, '').split('.').map(Number);
  return major * 1_000 + minor;
};
const pairs = flavors.flatMap((from) =>
  flavors
    .filter((to) => to.vendor === from.vendor && releaseOf(to) >= releaseOf(from))
    .map((to) => [from.id, to.id, from, to] as const),
);

test.each(pairs)(
  'what %s printed, made again on %s under another name, has the same fingerprints',
  async (_, __, from, to) => {
    const source = await createServers().openSource(endpointOf(serverOf(from)));
    const target = await createServers().openTarget(endpointOf(serverOf(to)));
    try {
      const shop = toDatabaseName('shop');
      const copy = toDatabaseName(`copy_of_${from.id.replaceAll(/\W/g, '_')}`);
      const expected = await inspectOne(source, shop);
      const tables = expected.tables.map(({ name }) => name);
      await target.createDatabase(copy, expected);
      await target.createTables(copy, await source.readTableDefinitions(shop, tables), shop);
      await target.createPrograms(copy, await source.readProgramDefinitions(shop), shop, 'live');
      expect(expected.tables).toHaveLength(7);
      expect(expected.programs).toHaveLength(17);
      expect(fingerprintsOf(await inspectOne(target, copy))).toEqual(fingerprintsOf(expected));
    } finally {
      await Promise.all([source.close(), target.close()]);
    }
  },
);

describe.each(flavors.map((flavor) => [flavor.id, flavor] as const))('%s', (_, flavor) => {
  const common: readonly [table: string, change: string][] = [
    ['child', 'ALTER TABLE child MODIFY name VARCHAR(50) CHARACTER SET latin1 NOT NULL'],
    ['child', "ALTER TABLE child ALTER name SET DEFAULT 'n'"],
    ['child', 'ALTER TABLE child DROP loud'],
    ['child', "ALTER TABLE child DROP loud, ADD loud VARCHAR(60) AS (CONCAT(name, '?')) VIRTUAL"],
    ['child', "ALTER TABLE child DROP CONSTRAINT named, ADD CONSTRAINT named CHECK (name <> 'y')"],
    ['child', "ALTER TABLE child DROP KEY by_name, ADD KEY by_name (name(11)) COMMENT 'fast'"],
    ['child', 'ALTER TABLE child DROP FOREIGN KEY up3'],
    [
      'child',
      'ALTER TABLE child DROP FOREIGN KEY up; ALTER TABLE child ADD CONSTRAINT up FOREIGN KEY (a) REFERENCES parent (id)',
    ],
    ['defaults', 'ALTER TABLE defaults MODIFY x INT DEFAULT (1 + 2)'],
    ['defaults', 'ALTER TABLE defaults MODIFY w LINESTRING'],
    ['keyed', 'ALTER TABLE keyed COALESCE PARTITION 1'],
    ['parent', "ALTER TABLE parent COMMENT = 'x'"],
  ];
  const mysql: readonly [table: string, change: string][] = [
    ['child', 'ALTER TABLE child ALTER INDEX by_name INVISIBLE'],
    ['child', 'ALTER TABLE child ALTER CHECK positive NOT ENFORCED'],
    ['child', 'ALTER TABLE child ADD KEY computed ((b + 1))'],
    ['child', "ALTER TABLE child DROP KEY by_name, ADD KEY by_name (name(10) DESC) COMMENT 'fast'"],
    ['defaults', 'ALTER TABLE defaults MODIFY w POINT SRID 4326'],
    ['defaults', 'ALTER TABLE defaults ALTER COLUMN a SET INVISIBLE'],
    ['defaults', "ALTER TABLE defaults MODIFY y VARCHAR(40) DEFAULT ('concat')"],
  ];
  const changes = flavor.vendor === 'mysql' ? [...common, ...mysql] : common;
  let server: Server;
  let pristine: Record<string, string>;

  beforeAll(async () => {
    server = await createServers().openSource(endpointOf(serverOf(flavor)));
    await serverOf(flavor).query(`CREATE DATABASE mutant CHARACTER SET utf8; USE mutant; ${TABLES}`);
    pristine = fingerprintsOf(await inspectOne(server, 'mutant'));
  });
  afterAll(async () => server.close());

  test.each(changes)('%s: %s', async (table, change) => {
    await serverOf(flavor).query(`USE mutant; ${change}`);
    const moved = fingerprintsOf(await inspectOne(server, 'mutant'));
    await serverOf(flavor).query(
      `DROP DATABASE mutant; CREATE DATABASE mutant CHARACTER SET utf8; USE mutant; ${TABLES}`,
    );
    expect(Object.keys(pristine).filter((name) => moved[name] !== pristine[name])).toEqual([table]);
  });

  test('foreign keys from other databases, and look-alikes', async () => {
    await serverOf(flavor).query(
      'CREATE DATABASE near; CREATE DATABASE Near; CREATE TABLE Near.t (a INT); CREATE TABLE near.child (a INT UNSIGNED, CONSTRAINT outer_key FOREIGN KEY (a) REFERENCES mutant.parent (id))',
    );
    expect((await inspectOne(server, 'mutant')).outsideForeignKeys).toEqual([
      { name: 'outer_key', database: 'near', table: 'child', referencedTable: 'parent' },
    ]);
    const names = ['near', 'Near', 'NEAR'].map(toDatabaseName);
    const found = await server.inspectDatabases(names);
    expect(found.map(({ name, tables }) => [name, tables.map((table) => table.name)])).toEqual([
      ['Near', ['t']],
      ['near', ['child']],
    ]);
  });

  test('the types that the server has are those that the table says', async () => {
    await serverOf(flavor).query('CREATE DATABASE types');
    const printed = new Map<string, string>();
    for (const name of TYPES) {
      const made = await tries(
        serverOf(flavor),
        `CREATE TABLE types.of_${name} (a ${name}${LENGTHS[name] ?? ''})`,
      );
      if (!made) continue;
      const [row] = await serverOf(flavor).query(
        `SELECT DATA_TYPE AS type FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'types' AND TABLE_NAME = 'of_${name}'`,
      );
      printed.set(name, canonicalTypeName(String(row?.['type'])));
    }
    // MariaDB reads JSON, and prints LONGTEXT.
    expect(TYPES.filter((name) => printed.get(name) === name)).toEqual(
      TYPES.filter((name) => knowsType(server.facts.flavor, name)),
    );
  });

  test('what the server can do is what the table says', async () => {
    await serverOf(flavor).query('CREATE DATABASE probe; CREATE USER probe@localhost');
    const found: Feature[] = [];
    for (const [feature, statements] of PROBES)
      if (await tries(serverOf(flavor), `USE probe; ${statements}`)) found.push(feature);
    const { facts } = server;
    expect(found).toEqual(PROBES.map(([feature]) => feature).filter((one) => supports(facts.flavor, one)));
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createServers } from '../../../../src/adapters/mysql/servers.js';
import { mapColumns } from '../../../../src/core/change/map-columns.js';
import { toDatabaseName, toTableName } from '../../../../src/core/names.js';
import { readTables } from '../../../../src/engine/read-tables.js';
import type { TargetServer } from '../../../../src/engine/ports/target-server.js';
import type { PreserveSession, PreservedRows } from '../../../../src/engine/ports/target-sessions.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const LIVE = toDatabaseName('live`d b');
const STAGING = toDatabaseName('staging`d b');
const NEVER = new AbortController().signal;

/** The definition of `t`, the rows of its live one that stay, those of the copy, and what the copy has then. */
type Case = readonly [string, string, string, string, readonly string[]];

const CASES: readonly Case[] = [
  [
    'NULL clashes with nothing',
    '(id INT PRIMARY KEY, u INT, UNIQUE (u))',
    '(9, NULL)',
    '(1, NULL)',
    ['1', '9'],
  ],
  [
    'a key of several columns with a NULL in it',
    '(id INT PRIMARY KEY, a INT, b INT, UNIQUE (a, b))',
    '(9, 1, NULL), (8, 1, 2)',
    '(1, 1, NULL), (2, 1, 2), (3, 2, 1)',
    ['1', '3', '8', '9'],
  ],
  [
    'a key over the beginning of a text',
    '(id INT PRIMARY KEY, u VARCHAR(20), UNIQUE (u(3)))',
    "(9, 'äbcX')",
    "(1, 'äbcY'), (2, 'äbd')",
    ['2', '9'],
  ],
  [
    'a key over the beginning of bytes',
    '(id INT PRIMARY KEY, u BLOB, UNIQUE (u(3)))',
    "(9, X'00FF0001')",
    "(1, X'00FF0002'), (2, X'00FE00')",
    ['2', '9'],
  ],
  [
    'letters that are one to the collation',
    '(id INT PRIMARY KEY, u VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci UNIQUE)',
    "(9, 'ÄB')",
    "(1, 'ab'), (2, 'abc')",
    ['2', '9'],
  ],
  [
    'one row that takes the place of three',
    '(id INT PRIMARY KEY, u INT UNIQUE, v INT UNIQUE)',
    '(1, 2, 3)',
    '(1, 10, 10), (2, 2, 20), (3, 30, 3), (4, 4, 4)',
    ['1', '4'],
  ],
  [
    'a primary key of several columns',
    '(a INT, b VARCHAR(5), PRIMARY KEY (b, a))',
    "(1, 'x')",
    "(1, 'X'), (2, 'x')",
    ['1', '2'],
  ],
  [
    'partitions',
    '(id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3',
    '(1), (9)',
    '(1), (2)',
    ['1', '2', '9'],
  ],
  [
    'names with backticks',
    '(id INT PRIMARY KEY, `u``\nx` INT, UNIQUE `k``\nx` (`u``\nx`))',
    '(9, 5)',
    '(1, 5)',
    ['9'],
  ],
];

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let server: TestServer;
  let target: TargetServer;
  let session: PreserveSession;
  beforeAll(async () => {
    server = await flavor.start();
    target = await createServers().openTarget(endpointOf(server));
  });
  afterAll(async () => {
    await target.close();
    await server.stop();
  });
  beforeEach(async () => {
    for (const name of ['live``d b', 'staging``d b'])
      await server.query(
        `SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS \`${name}\`; CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`,
      );
    session = await target.openPreserve({ live: LIVE, staging: STAGING }, NEVER);
  });
  afterEach(async () => session.close());

  const rowsOf = async (name: string, where: string | null = null): Promise<PreservedRows> => {
    const table = toTableName(name);
    const [live, staged] = await Promise.all([readTables(target, LIVE), readTables(target, STAGING)]);
    const [from, to] = [live, staged].map((tables) => tables.find((one) => one.name === table));
    if (!from || !to) throw new Error(`no ${name}`);
    return {
      from: table,
      to: table,
      columns: mapColumns(from, to).pairs,
      primaryKey: to.columns.filter((one) => one.primaryKeyPosition !== undefined).map((one) => one.name),
      allColumns: to.columns.filter(({ isGenerated }) => !isGenerated).map((one) => one.name),
      where,
    };
  };
  const bring = async (...names: readonly string[]): Promise<readonly (readonly [number, number])[]> => {
    const counts: (readonly [number, number])[] = [];
    for (const name of names) {
      const rows = await rowsOf(name);
      counts.push([await session.take(rows), await session.put(rows)]);
    }
    return counts;
  };
  const load = (live: string, staged: string): void => {
    server.load(live, LIVE);
    server.load(`SET FOREIGN_KEY_CHECKS = 0; ${staged}`, STAGING);
  };

  test.each(CASES)('%s', async (_, definition, live, staged, expected) => {
    const table = `CREATE TABLE t ${definition}`;
    load(`${table}; INSERT INTO t VALUES ${live}`, `${table}; INSERT INTO t VALUES ${staged}`);
    const before = (staged.match(/\(/g) ?? []).length;
    const kept = (live.match(/\(/g) ?? []).length;
    expect(await bring('t')).toEqual([[kept, before + kept - expected.length]]);
    const rows = await server.query('SELECT * FROM `staging``d b`.t ORDER BY 1');
    expect(rows.map((row) => String(Object.values(row)[0]))).toEqual(expected);
    expect(await session.findDangling()).toEqual([]);
    await session.clear();
    expect((await readTables(target, STAGING)).map(({ name }) => name)).toEqual(['t']);
  });

  test.runIf(flavor.vendor === 'mysql')(
    'a clash by a key over an expression is refused by the server, and no row is lost without a word',
    async () => {
      const table = 'CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(9), UNIQUE ((LOWER(u))))';
      load(`${table}; INSERT INTO t VALUES (9, 'A')`, `${table}; INSERT INTO t VALUES (1, 'a'), (2, 'b')`);
      await expect(bring('t')).rejects.toMatchObject({ message: expect.stringContaining('1062') as string });
    },
  );

  test('foreign keys: of several columns, to the same table, to another database, with NULL in them', async () => {
    await server.query(
      'CREATE DATABASE IF NOT EXISTS elsewhere; CREATE TABLE IF NOT EXISTS elsewhere.p (id INT PRIMARY KEY)',
    );
    const tables = `CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b)) ENGINE = InnoDB;
      CREATE TABLE c (id INT PRIMARY KEY, a INT, b INT, above INT, e INT,
        CONSTRAINT to_p FOREIGN KEY (a, b) REFERENCES p (a, b),
        CONSTRAINT to_c FOREIGN KEY (above) REFERENCES c (id),
        CONSTRAINT to_e FOREIGN KEY (e) REFERENCES elsewhere.p (id)) ENGINE = InnoDB`;
    load(
      `SET FOREIGN_KEY_CHECKS = 0; ${tables}; INSERT INTO c VALUES
         (1, 1, NULL, NULL, NULL), (2, 1, 1, 1, NULL), (3, 5, 6, 77, 8), (4, 5, 6, 3, NULL)`,
      `${tables}; INSERT INTO p VALUES (1, 1)`,
    );
    await bring('c');
    const found = await session.findDangling();
    expect(found.map(({ name, of, rows, values }) => [name, of, rows, values])).toEqual([
      ['to_c', 'preserved', 1, [['77']]],
      ['to_e', 'preserved', 1, [['8']]],
      ['to_p', 'preserved', 2, [['5', '6']]],
    ]);
  });

  test('rows of the copy that referred to nothing before are not told of', async () => {
    const tables = `CREATE TABLE p (id INT PRIMARY KEY, u INT UNIQUE) ENGINE = InnoDB;
      CREATE TABLE c (id INT PRIMARY KEY, p INT, CONSTRAINT to_p FOREIGN KEY (p) REFERENCES p (id)) ENGINE = InnoDB`;
    load(
      `${tables}; INSERT INTO p VALUES (9, 1), (2, 2)`,
      `${tables}; INSERT INTO p VALUES (1, 1), (2, 7); INSERT INTO c VALUES (1, 1), (2, 2), (3, 55)`,
    );
    expect(await bring('p')).toEqual([[2, 2]]);
    const found = await session.findDangling();
    expect(found.map(({ of, values }) => [of, values])).toEqual([['copied', [['1']]]]);
  });

  test('a live row that somebody is changing is read as it was, and waits for nobody', async () => {
    const table = 'CREATE TABLE t (id INT PRIMARY KEY, n INT) ENGINE = InnoDB';
    load(`${table}; INSERT INTO t VALUES (1, 1), (2, 1)`, table);
    const other = await server.connect();
    try {
      await other.query(`START TRANSACTION`);
      await other.query('UPDATE `live``d b`.t SET n = 2 WHERE id = 1');
      expect(await bring('t')).toEqual([[2, 0]]);
      expect(await server.query('SELECT n FROM `staging``d b`.t WHERE id = 1')).toEqual([{ n: 1 }]);
    } finally {
      await other.end();
    }
  });

  test('a value that was changed is noticed where the server lists no warnings', async () => {
    load(
      "CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(200)); INSERT INTO t VALUES (1, CONCAT('x', SPACE(60)))",
      'CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(5))',
    );
    await server.query('SET GLOBAL max_error_count = 0');
    try {
      const silent = await target.openPreserve({ live: LIVE, staging: STAGING }, NEVER);
      await expect(silent.take(await rowsOf('t'))).rejects.toMatchObject({ code: 'PRESERVE_FAILED' });
      await silent.close();
    } finally {
      await server.query('SET GLOBAL max_error_count = DEFAULT');
    }
  });

  test('an abort ends the statement that runs', async () => {
    const table = 'CREATE TABLE t (id INT PRIMARY KEY)';
    load(`${table}; INSERT INTO t VALUES (1), (2)`, table);
    const stop = new AbortController();
    const stopped = await target.openPreserve({ live: LIVE, staging: STAGING }, stop.signal);
    try {
      const taking = stopped.take(await rowsOf('t', 'SLEEP(100) = 0'));
      taking.catch(() => undefined);
      for (;;) {
        const running = await server.query(
          "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'",
        );
        if (running.length > 0) break;
      }
      stop.abort();
      await expect(taking).rejects.toMatchObject({ message: expect.stringContaining('1317') as string });
    } finally {
      await stopped.close();
    }
  });
});

import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { onOwnConnection } from '../../../../src/adapters/mysql/connection/own-connection.js';
import type { Patience } from '../../../../src/adapters/mysql/locks/metadata-locks.js';
import { orderMoves, renameTables } from '../../../../src/adapters/mysql/swap/rename.js';
import { followSequences } from '../../../../src/adapters/mysql/swap/sequence-defaults.js';
import { toDatabaseName, toTableName } from '../../../../src/core/names.js';
import type { TableMove } from '../../../../src/engine/ports/target-server.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const move = (from: string, to: string, table: string): TableMove => ({
  from: { database: toDatabaseName(from), table: toTableName(table) },
  to: { database: toDatabaseName(to), table: toTableName(table) },
});

const HASTY: Patience = { waitSeconds: 1, attempts: 2 };

test('what makes room goes first', () => {
  const moves = [
    move('staging', 'live', 'a'),
    move('live', 'retired', 'a'),
    move('staging', 'live', 'b'),
    move('live', 'retired', 'c'),
  ];
  expect(orderMoves(moves)).toEqual([moves[1], moves[3], moves[0], moves[2]]);
});

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await flavor.start();
  });
  afterAll(async () => server.stop());

  const ODD = '`a``b.%\n日`';
  beforeEach(async () => {
    const connection = await server.connect();
    await connection.query(
      'SET foreign_key_checks = 0; DROP DATABASE IF EXISTS live; DROP DATABASE IF EXISTS staging; DROP DATABASE IF EXISTS retired; CREATE DATABASE retired',
    );
    for (const [database, value] of [
      ['live', 1],
      ['staging', 2],
    ] as const)
      await connection.query(
        `CREATE DATABASE ${database}; USE ${database};
         CREATE TABLE ${ODD} (id INT PRIMARY KEY, b INT, CONSTRAINT chk CHECK (id > 0)) ENGINE = InnoDB;
         CREATE TABLE b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES ${ODD} (id)) ENGINE = InnoDB;
         ALTER TABLE ${ODD} ADD FOREIGN KEY (b) REFERENCES b (id);
         INSERT INTO ${ODD} VALUES (${value}, NULL); INSERT INTO b VALUES (${value}, ${value})`,
      );
    await connection.end();
  });

  const TABLES = ['a`b.%\n日', 'b'];
  const SWAP = [
    ...TABLES.map((table) => move('staging', 'live', table)),
    ...TABLES.map((table) => move('live', 'retired', table)),
  ];
  const rename = async (moves: readonly TableMove[], patience = HASTY): Promise<void> =>
    onOwnConnection(endpointOf(server), 'move tables', (own) => renameTables(own, moves, patience));
  const valuesOf = async (database: string): Promise<unknown> =>
    server.query(`SELECT a.id AS a, b.a AS b FROM ${database}.${ODD} a JOIN ${database}.b b`);

  test('a swap moves all tables, and foreign keys stay inside each set', async () => {
    await rename(SWAP);
    expect(await valuesOf('live')).toEqual([{ a: 2, b: 2 }]);
    expect(await valuesOf('retired')).toEqual([{ a: 1, b: 1 }]);
    const keys = await server.query(
      `SELECT CONSTRAINT_SCHEMA AS child, UNIQUE_CONSTRAINT_SCHEMA AS parent FROM information_schema.REFERENTIAL_CONSTRAINTS ORDER BY 1`,
    );
    expect(keys.map(({ child, parent }) => `${String(child)} ${String(parent)}`)).toEqual([
      'live live',
      'live live',
      'retired retired',
      'retired retired',
    ]);
    await expect(server.query('INSERT INTO live.b VALUES (9, 9)')).rejects.toThrow(/foreign key/);
  });

  test('one refusal moves nothing, and the sentence says why', async () => {
    await server.query('CREATE TRIGGER live.tr BEFORE INSERT ON live.b FOR EACH ROW SET @x = 1');
    await expect(rename(SWAP)).rejects.toMatchObject({
      code: 'SWAP_FAILED',
      message: expect.stringMatching(
        /a table with triggers cannot move to another database: .*1435\)$/,
      ) as string,
    });
    await server.query('DROP TRIGGER live.tr; CREATE VIEW live.v AS SELECT 1');
    await expect(rename([...SWAP, move('live', 'retired', 'v')])).rejects.toMatchObject({
      code: 'SWAP_FAILED',
      message: expect.stringMatching(/views cannot move to another database: .*1450\)$/) as string,
    });
    expect(await valuesOf('live')).toEqual([{ a: 1, b: 1 }]);
    expect(await valuesOf('staging')).toEqual([{ a: 2, b: 2 }]);
  });

  const holdTable = async (): Promise<mysql.Connection> => {
    const holder = await server.connect();
    await holder.query('START TRANSACTION; SELECT * FROM live.b');
    return holder;
  };

  test('an open transaction is named', async () => {
    const holder = await holdTable();
    try {
      const failed = rename(SWAP);
      await expect(failed).rejects.toMatchObject({
        code: 'SWAP_FAILED',
        message: expect.stringMatching(/other sessions use them: .*1205\)$/) as string,
        hints: expect.arrayContaining([
          expect.stringMatching(
            new RegExp(`by connection ${String(holder.threadId)} of tester@.*, Sleep for \\d+ s`),
          ),
        ]) as string[],
      });
      expect(await valuesOf('live')).toEqual([{ a: 1, b: 1 }]);
    } finally {
      await holder.end();
    }
  });

  test.runIf(flavor.id === 'mariadb-10.11')(
    'a server that records metadata locks says exactly who',
    async () => {
      await server.query(`INSTALL SONAME 'metadata_lock_info'`);
      const holder = await holdTable();
      const stranger = await server.connect();
      await stranger.query(
        'CREATE DATABASE other; CREATE TABLE other.t (id INT) ENGINE = InnoDB; START TRANSACTION; SELECT * FROM other.t',
      );
      try {
        await expect(rename(SWAP)).rejects.toMatchObject({
          hints: [
            expect.stringContaining(`Blocked by connection ${String(holder.threadId)} of tester@`) as string,
          ],
        });
      } finally {
        await holder.end();
        await stranger.end();
      }
    },
  );

  test('a transaction that ends in time is waited for', async () => {
    const holder = await holdTable();
    const renamed = rename(SWAP, { waitSeconds: 1, attempts: 30 });
    const isWaiting = async (): Promise<boolean> =>
      (await server.query(`SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP%'`))
        .length > 0;
    await expect.poll(isWaiting, { timeout: 20_000 }).toBe(true);
    await holder.end();
    await renamed;
    expect(await valuesOf('live')).toEqual([{ a: 2, b: 2 }]);
  });

  test.runIf(flavor.vendor === 'mysql')('a foreign key to a key that is not unique moves', async () => {
    await server.query(
      `SET SESSION restrict_fk_on_non_standard_key = OFF; USE staging; CREATE TABLE p (id INT PRIMARY KEY, grp INT, KEY (grp));
       CREATE TABLE c (grp INT, FOREIGN KEY (grp) REFERENCES p (grp))`,
    );
    await rename([move('staging', 'retired', 'c'), move('staging', 'retired', 'p')]);
    expect(await server.query('SHOW TABLES FROM retired')).toHaveLength(2);
  });

  test.runIf(flavor.vendor === 'mariadb')(
    'defaults use the sequences that moved with their table',
    async () => {
      for (const database of ['live', 'staging'])
        await server.query(
          `USE ${database}; CREATE SEQUENCE sq START WITH ${database === 'live' ? '100' : '200'}; CREATE SEQUENCE other;
         CREATE TABLE n (id INT DEFAULT (NEXTVAL(sq) + 0) PRIMARY KEY, \`nextval(\`\`live\`\`.\` VARCHAR(40) DEFAULT 'nextval(\`staging\`.\`sq\`)',
           k INT DEFAULT NEXTVAL(other)) WITH SYSTEM VERSIONING`,
        );
      const tables = ['sq', 'n'];
      const swap = [
        ...tables.map((table) => move('live', 'retired', table)),
        ...tables.map((table) => move('staging', 'live', table)),
      ];
      await rename(swap);
      const defaults = async (): Promise<unknown> =>
        (
          await server.query(
            `SELECT TABLE_SCHEMA AS db, COLUMN_DEFAULT AS text FROM information_schema.COLUMNS WHERE TABLE_NAME = 'n' ORDER BY 1, ORDINAL_POSITION`,
          )
        ).map(({ db, text }) => `${String(db)}: ${String(text)}`);
      const expected = [
        'live: (nextval(`live`.`sq`) + 0)',
        "live: 'nextval(`staging`.`sq`)'",
        'live: nextval(`staging`.`other`)',
        'retired: (nextval(`retired`.`sq`) + 0)',
        "retired: 'nextval(`staging`.`sq`)'",
        'retired: nextval(`live`.`other`)',
      ];
      expect(await defaults()).toEqual(expected);
      await onOwnConnection(endpointOf(server), 'again', (own) => followSequences(own, swap));
      expect(await defaults()).toEqual(expected);
      await server.query('INSERT INTO live.n (k) VALUES (1); INSERT INTO retired.n (k) VALUES (1)');
      expect(await server.query('SELECT id FROM live.n UNION ALL SELECT id FROM retired.n')).toEqual([
        { id: 200 },
        { id: 100 },
      ]);
    },
  );

  test.runIf(flavor.vendor === 'mariadb')(
    'all defaults of one table are changed together: the server opens each sequence that they name',
    async () => {
      await server.query(
        `USE live; CREATE SEQUENCE ids START WITH 10 NOCACHE; CREATE SEQUENCE codes START WITH 20 NOCACHE;
         CREATE TABLE two (id INT DEFAULT NEXTVAL(ids) PRIMARY KEY, code INT DEFAULT NEXTVAL(codes),
           next_code INT DEFAULT (NEXTVAL(codes) + 0), v INT)`,
      );
      const there = ['two', 'ids', 'codes'].map((table) => move('live', 'retired', table));
      await rename(there);
      await server.query('INSERT INTO retired.two (v) VALUES (1)');
      await rename(there.map(({ from, to }) => ({ from: to, to: from })));
      await server.query('INSERT INTO live.two (v) VALUES (2)');
      expect(await server.query('SELECT * FROM live.two')).toEqual([
        { id: 10, code: 20, next_code: 21, v: 1 },
        { id: 11, code: 22, next_code: 23, v: 2 },
      ]);
    },
  );
});

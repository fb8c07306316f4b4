import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServers } from '../../../../src/adapters/mysql/servers.js';
import type { DatabaseDefaults } from '../../../../src/core/server/inventory.js';
import { toDatabaseName, toTableName } from '../../../../src/core/names.js';
import type { TargetServer } from '../../../../src/engine/ports/target-server.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const ODD = toDatabaseName('d`b.%\né');
const DEFAULTS: DatabaseDefaults = {
  charset: 'latin1',
  collation: 'latin1_german2_ci',
  comment: `it's \\ */ -- "é"`,
};

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  let target: TargetServer;
  beforeAll(async () => {
    server = await flavor.start();
    target = await createServers().openTarget(endpointOf(server));
  });
  afterAll(async () => {
    await target.close();
    await server.stop();
  });

  const describeDatabase = async (): Promise<unknown> => {
    const [row] = await server.query(
      `SELECT * FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'd%b%'`,
    );
    return [
      row?.['DEFAULT_CHARACTER_SET_NAME'],
      row?.['DEFAULT_COLLATION_NAME'],
      row?.['SCHEMA_COMMENT'] ?? DEFAULTS.comment,
    ];
  };

  test('a database is made, changed and dropped as it was on the source', async () => {
    await target.createDatabase(ODD, {
      charset: 'utf8mb4',
      collation: 'utf8mb4_bin',
      comment: DEFAULTS.comment,
    });
    expect(await describeDatabase()).toEqual(['utf8mb4', 'utf8mb4_bin', DEFAULTS.comment]);
    await target.alterDatabase(ODD, DEFAULTS);
    expect(await describeDatabase()).toEqual([DEFAULTS.charset, DEFAULTS.collation, DEFAULTS.comment]);
    await expect(target.createDatabase(ODD, DEFAULTS)).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      message: expect.stringContaining('ER_DB_CREATE_EXISTS 1007') as string,
    });
    await target.dropDatabase(ODD);
    await target.dropDatabase(ODD);
    expect(await describeDatabase()).toEqual([undefined, undefined, DEFAULTS.comment]);
  });

  test('what a table elsewhere refers to is not dropped with its database', async () => {
    await server.query(
      `CREATE DATABASE parents; CREATE TABLE parents.p (id INT PRIMARY KEY) ENGINE = InnoDB; CREATE DATABASE children;
       CREATE TABLE children.c (id INT REFERENCES parents.p (id), FOREIGN KEY (id) REFERENCES parents.p (id)) ENGINE = InnoDB`,
    );
    await expect(target.dropDatabase(toDatabaseName('parents'))).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      message: expect.stringContaining('cannot drop database parents') as string,
    });
    await target.dropTables(toDatabaseName('parents'), [toTableName('p'), toTableName('gone')]);
    await target.dropDatabase(toDatabaseName('children'));
    await target.dropDatabase(toDatabaseName('parents'));
  });

  test('a table that strict InnoDB refuses is made as it was', async () => {
    await server.query('CREATE DATABASE wide');
    const columns = Array.from(
      { length: 200 },
      (_, index) => `\`c${String(index)}\` char(60) DEFAULT NULL`,
    ).join(', ');
    const statement = `CREATE TABLE \`t\` (${columns}) ENGINE=InnoDB DEFAULT CHARSET=latin1 ROW_FORMAT=COMPACT`;
    await target.createTables(
      toDatabaseName('wide'),
      [{ name: toTableName('t'), statement }],
      toDatabaseName('shop'),
    );
    expect(await server.query('SHOW TABLES FROM wide')).toHaveLength(1);
  });
});

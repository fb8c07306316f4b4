import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import { readServerFacts } from '../../../../src/adapters/mysql/facts/facts.js';
import { inspectDatabases } from '../../../../src/adapters/mysql/inventory/inspect.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import type { TableInventory } from '../../../../src/core/server/inventory.js';
import { findRowKey } from '../../../../src/core/server/row-key.js';
import { Secret } from '../../../../src/core/secret.js';
import { availableFlavors } from '../../../support/flavors.js';
import { anEndpoint } from '../../../support/inventory.js';
import { ROOT, type TestServer } from '../../../support/servers.js';

/** Columns of a table, and the index that tells its rows where it is small, and where it is large. */
type Shape = readonly [columns: string, small: string | undefined, large: string | undefined];

const ALIKE: Readonly<Record<string, Shape>> = {
  primary: ['id INT PRIMARY KEY, b INT NOT NULL UNIQUE', 'PRIMARY', 'PRIMARY'],
  unique: ['a INT, b INT NOT NULL, UNIQUE by_b (b)', 'by_b', 'by_b'],
  // The rows lie in the order of the first, which is not the first by name.
  several: ['a INT NOT NULL, b INT NOT NULL, UNIQUE second (b), UNIQUE first (a)', 'second', 'second'],
  pair: ['a INT NOT NULL, b VARCHAR(9) NOT NULL, UNIQUE both_of (b, a)', 'both_of', 'both_of'],
  beside: [`e ENUM('a') PRIMARY KEY, b INT NOT NULL, UNIQUE by_b (b)`, 'by_b', 'PRIMARY'],
  behind: [`e ENUM('a') NOT NULL UNIQUE, b INT NOT NULL, UNIQUE by_b (b)`, 'by_b', undefined],
  nullable: ['a INT NOT NULL, b INT, UNIQUE (a, b)', undefined, undefined],
  part: ['a VARCHAR(9) NOT NULL, UNIQUE (a(3))', undefined, undefined],
  members: [`a ENUM('a') NOT NULL UNIQUE`, undefined, undefined],
  plain: ['a INT NOT NULL, KEY (a)', undefined, undefined],
  computed: ['a INT NOT NULL, b INT AS (a + 1) STORED UNIQUE', undefined, undefined],
  nothing: ['a INT', undefined, undefined],
};

const OF_VENDOR = {
  mysql: {
    hidden: [
      'a INT NOT NULL, b INT NOT NULL, UNIQUE by_a (a), UNIQUE by_b (b) INVISIBLE',
      'by_a',
      'by_a',
    ] as Shape,
    hidden_beside: [`e ENUM('a') PRIMARY KEY, b INT NOT NULL, UNIQUE (b) INVISIBLE`, 'PRIMARY', 'PRIMARY'],
    expression: ['a INT NOT NULL, UNIQUE ((a + 1))', undefined, undefined],
  },
  // A hash, because an index takes no such length.
  mariadb: {
    long: ['a VARCHAR(3000) CHARACTER SET utf8mb4 NOT NULL, UNIQUE (a)', undefined, undefined],
  },
} satisfies Record<string, Readonly<Record<string, Shape>>>;

describe.each(availableFlavors())('what tells the rows of a table on $id', (flavor) => {
  const shapes: Readonly<Record<string, Shape>> = { ...ALIKE, ...OF_VENDOR[flavor.vendor] };
  let server: TestServer;
  let tables: readonly TableInventory[];
  beforeAll(async () => {
    server = await flavor.start();
    const creates = Object.entries(shapes).map(([name, [columns]]) => `CREATE TABLE t_${name} (${columns})`);
    await server.query(`CREATE DATABASE shapes; USE shapes; ${creates.join('; ')}`);
    const endpoint = anEndpoint('source', 'prod', {
      address: { kind: 'tcp', host: '127.0.0.1', port: server.port },
      user: ROOT.user,
      password: new Secret(ROOT.password),
    });
    const connection = await openConnection(endpoint);
    try {
      const facts = await readServerFacts(connection, endpoint);
      const [found] = await inspectDatabases(connection, facts.flavor, [toDatabaseName('shapes')]);
      tables = found?.tables ?? [];
    } finally {
      await connection.end();
    }
  });
  afterAll(() => server.stop());

  test.each(Object.entries(shapes))('%s: %j', (name, [, small, large]) => {
    const table = tables.find((one) => one.name === `t_${name}`) ?? expect.fail(name);
    expect(findRowKey(table)?.index).toBe(small);
    expect(findRowKey({ ...table, dataBytes: 1e9 })?.index).toBe(large);
  });
});

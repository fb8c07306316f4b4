import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSnapshot } from '../../../../src/adapters/mysql/rows/snapshot.js';
import type { ColumnInventory, TableInventory } from '../../../../src/core/server/inventory.js';
import type { PlacedTable } from '../../../../src/engine/ports/rows.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import { availableFlavors } from '../../../support/flavors.js';
import { aTable } from '../../../support/inventory.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const SHOP = toDatabaseName('shop');
const TABLE = aTable('t', {
  columns: [{ name: 'id', dataType: 'int', columnType: 'int' } as ColumnInventory],
});
const NONE = aTable('none', { columns: TABLE.columns });
const WIDE = aTable('wide', {
  columns: Array.from(
    { length: 200 },
    (_, index) => ({ name: `c${index}`, dataType: 'varchar', columnType: 'varchar(255)' }) as ColumnInventory,
  ),
});

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await flavor.start(['--transaction-isolation=READ-COMMITTED']);
    await server.query(
      `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY) ENGINE = InnoDB; INSERT INTO shop.t VALUES (1), (2)`,
    );
  });
  afterAll(async () => server.stop());

  test('sees the rows of the moment it was opened, on a server whose default is another isolation', async () => {
    const snapshot = await openSnapshot(endpointOf(server));
    await server.query('INSERT INTO shop.t VALUES (3)');
    const later = await openSnapshot(endpointOf(server));
    const [before, after] = [
      await snapshot.digestTable(SHOP, { table: TABLE, where: null }),
      await later.digestTable(SHOP, { table: TABLE, where: null }),
    ];
    expect([before.rows, await snapshot.countTable(SHOP, TABLE, null)]).toEqual([2, 2]);
    expect([after.rows, await later.countTable(SHOP, TABLE, 'id < 3')]).toEqual([3, 2]);
    await server.query('DELETE FROM shop.t WHERE id = 3');
    expect(await later.digestTable(SHOP, { table: TABLE, where: null })).toEqual(after);
    await snapshot.close();
    await later.close();
  });

  test('tables that are read together have the digests that they have alone, in their order', async () => {
    await server.query(
      `CREATE TABLE shop.none (id INT PRIMARY KEY) ENGINE = InnoDB;
       CREATE TABLE shop.wide (${WIDE.columns.map(({ name }) => `${name} VARCHAR(20)`).join(', ')}) ENGINE = InnoDB CHARACTER SET ascii;
       INSERT INTO shop.wide (c1, c199) VALUES ('a', 'b')`,
    );
    const rows = (table: TableInventory, where: string | null = null): PlacedTable => ({
      database: SHOP,
      table,
      where,
    });
    // More statements than one: of the wide table a statement holds a few, and of the others not 40.
    const tables = [
      ...[rows(NONE), rows(WIDE), rows(TABLE, 'id = 1 -- the first'), rows(TABLE), rows(WIDE, 'c1 IS NULL')],
      ...Array.from({ length: 40 }, (_, index) => rows(TABLE, `id <= ${index}`)),
      ...Array.from({ length: 6 }, () => rows(WIDE)),
    ];
    const snapshot = await openSnapshot(endpointOf(server));
    const alone: unknown[] = [];
    for (const table of tables) alone.push(await snapshot.digestTable(SHOP, table));
    expect(await snapshot.digestTables(tables)).toEqual(alone);
    expect(alone.slice(0, 5)).toMatchObject([
      { rows: 0 },
      { rows: 1 },
      { rows: 1 },
      { rows: 2 },
      { rows: 0 },
    ]);
    expect(new Set(alone.map((digest) => JSON.stringify(digest))).size).toBe(4);
    const withGone = [rows(TABLE), rows(aTable('gone', { columns: TABLE.columns }))];
    await expect(snapshot.digestTables(withGone)).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      message: expect.stringMatching(/^cannot compare tables of shop: .*1146\)$/) as string,
    });
    expect(await snapshot.digestTables([])).toEqual([]);
    await snapshot.close();
  });

  test('closing it ends a query that still runs on the server', async () => {
    const snapshot = await openSnapshot(endpointOf(server));
    const running = snapshot.digestTable(SHOP, { table: TABLE, where: 'SLEEP(1000) = 0' });
    const ended = expect(running).rejects.toMatchObject({
      code: expect.stringMatching(/CONN_LOST|SERVER_ERROR/) as string,
    });
    const isRunning = async (): Promise<boolean> =>
      (
        await server.query(
          `SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(1000)%' AND ID <> CONNECTION_ID()`,
        )
      ).length > 0;
    await expect.poll(isRunning).toBe(true);
    await snapshot.close();
    await ended;
    await expect.poll(isRunning).toBe(false);
  });

  test('a table that is gone is named', async () => {
    const snapshot = await openSnapshot(endpointOf(server));
    await expect(snapshot.countTable(SHOP, aTable('gone'), null)).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      message: expect.stringMatching(/^cannot compare table shop\.gone: .*1146\)$/) as string,
    });
    await snapshot.close();
  });

  test('a server whose packets are too small for rows to be compared', async () => {
    await server.query('SET GLOBAL max_allowed_packet = 4096');
    const opening = openSnapshot(endpointOf(server));
    await expect(opening).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      hints: [expect.stringContaining('SET GLOBAL') as string],
    });
    await server.query('SET GLOBAL max_allowed_packet = 16777216');
  });
});

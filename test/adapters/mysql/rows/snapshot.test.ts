import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSnapshot } from '../../../../src/adapters/mysql/rows/snapshot.js';
import type { ColumnInventory } from '../../../../src/core/server/inventory.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import { availableFlavors } from '../../../support/flavors.js';
import { aTable } from '../../../support/inventory.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const SHOP = toDatabaseName('shop');
const TABLE = aTable('t', {
  columns: [{ name: 'id', dataType: 'int', columnType: 'int' } as ColumnInventory],
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

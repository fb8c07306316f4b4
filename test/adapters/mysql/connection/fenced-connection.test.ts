import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FencedConnection,
  openFencedConnection,
} from '../../../../src/adapters/mysql/connection/fenced-connection.js';
import { readRows } from '../../../../src/adapters/mysql/connection/rows.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await flavor.start();
  });
  afterAll(async () => server.stop());

  const READ = `SELECT DATABASE(), @@sql_mode, @@foreign_key_checks, @@lock_wait_timeout, @@wait_timeout`;
  const UNCHANGED = ['information_schema', '', '1', '30', '120'];

  const readSession = (fence: FencedConnection): Promise<unknown> =>
    fence.use('read the session', async (connection) => (await readRows(connection, READ))[0]);

  const spoil = (fence: FencedConnection, end: () => void = () => undefined): Promise<unknown> =>
    fence.useOwn('change the session', async (connection) => {
      await connection.query('USE mysql');
      await connection.query(
        "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, lock_wait_timeout = 3",
      );
      end();
    });

  test('what a piece of work changed in the session is gone for the next, also where it failed', async () => {
    const fence = await openFencedConnection(endpointOf(server));
    expect(await readSession(fence)).toEqual(UNCHANGED);
    // Begun before the first has ended.
    const [, next] = await Promise.all([spoil(fence), readSession(fence)]);
    expect(next).toEqual(UNCHANGED);
    const failed = spoil(fence, () => {
      throw new Error('failed');
    });
    await expect(failed).rejects.toThrow('failed');
    expect(await readSession(fence)).toEqual(UNCHANGED);
    await spoil(fence);
    await fence.reopen();
    expect(await readSession(fence)).toEqual(UNCHANGED);
    await fence.close();
  });
});

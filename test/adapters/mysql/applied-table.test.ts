import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../src/adapters/mysql/connection/connect.js';
import { makeApplied, readApplied, writeApplied } from '../../../src/adapters/mysql/journal/applied-table.js';
import { toDatabaseName, toRunId } from '../../../src/core/names.js';
import { availableFlavors } from '../../support/flavors.js';
import { endpointOf } from '../../support/server-endpoint.js';
import type { TestServer } from '../../support/servers.js';

const PLAN = '0b6f6f0e-9c8a-4d0a-8f2e-3d1f0c9b7a11';

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await flavor.start();
  });
  afterAll(async () => server.stop());

  test.each(['unseen', 'seen'] as const)(
    '%s: nothing is believed of a table that others made',
    async (seen) => {
      const connection = await openConnection(endpointOf(server));
      const read = () => readApplied(connection, PLAN, seen);
      await server.query('DROP DATABASE IF EXISTS mysqlsync');
      expect(await read()).toEqual({ kind: 'none' });
      await makeApplied(connection);
      const records = [{ live: toDatabaseName('shop'), run: toRunId('7q2f4k') }];
      await writeApplied(connection, PLAN, records);
      expect(await read()).toEqual({ kind: 'rows', rows: records });
      for (const other of [
        `CREATE TABLE mysqlsync.applied (saved_plan VARCHAR(100) PRIMARY KEY, live VARCHAR(64), run VARCHAR(6), at DATETIME)`,
        `CREATE VIEW mysqlsync.applied AS SELECT '${PLAN}' AS saved_plan, 'shop' AS live, '7q2f4k' AS run, NOW() AS at`,
      ]) {
        await server.query('DROP TABLE IF EXISTS mysqlsync.applied');
        await server.query(other);
        expect(await read()).toMatchObject({ kind: 'refused' });
      }
      await server.query('DROP VIEW mysqlsync.applied');
      await makeApplied(connection);
      expect(await read()).toEqual({ kind: 'rows', rows: [] });
      await connection.end();
    },
  );
});

import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../src/adapters/mysql/connect.js';
import { SOURCE_SETTINGS, TARGET_SETTINGS } from '../../../src/adapters/mysql/native/lane-session.js';
import { applySettings } from '../../../src/adapters/mysql/session-settings.js';
import { prepareForTables } from '../../../src/adapters/mysql/table-session.js';
import { availableFlavors } from '../../support/flavors.js';
import { endpointOf } from '../../support/server-endpoint.js';
import type { TestServer } from '../../support/servers.js';

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  let connection: mysql.Connection;
  beforeAll(async () => {
    server = await flavor.start();
    connection = await openConnection(endpointOf(server));
  });
  afterAll(async () => {
    await connection.end();
    await server.stop();
  });

  const countSets = async (): Promise<number> => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(`SHOW SESSION STATUS LIKE 'Com_set_option'`);
    return Number(rows[0]?.['Value']);
  };
  const run = (sql: string): Promise<unknown> => connection.query(sql);
  const readVariable = async (name: string): Promise<unknown> => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(`SHOW VARIABLES LIKE '${name}'`);
    return rows[0]?.['Value'];
  };

  test('a session is made ready with one statement: no version of a server refuses a setting', async () => {
    expect(await countSets()).toBe(1);
    expect(await readVariable('sql_mode')).toBe('');
    expect(await readVariable('wait_timeout')).toBe('86400');
  });

  test.each([
    ['tables', prepareForTables],
    ['writing lanes', async () => applySettings(run, TARGET_SETTINGS)],
    ['reading lanes', async () => applySettings(run, { ...SOURCE_SETTINGS, alone: [] })],
  ] as const)('so is one for %s', async (_, prepare) => {
    const before = await countSets();
    await prepare(connection);
    expect((await countSets()) - before).toBe(1);
  });

  test('what is refused leaves the rest: the essential settings, and the wished ones that are there', async () => {
    await applySettings(run, {
      essential: ["sql_mode = 'ANSI_QUOTES'"],
      wished: [{ assignment: 'no_such_variable = 1' }, { assignment: 'wait_timeout = 1234' }],
    });
    expect(await readVariable('sql_mode')).toBe('ANSI_QUOTES');
    expect(await readVariable('wait_timeout')).toBe('1234');
  });

  test('an essential setting that is refused is an error', async () => {
    await expect(
      applySettings(run, { essential: ['no_such_variable = 1'], wished: [] }),
    ).rejects.toMatchObject({ errno: 1193 });
  });
});

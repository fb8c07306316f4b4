import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import {
  SOURCE_SETTINGS,
  TARGET_SETTINGS,
} from '../../../../src/adapters/mysql/native/lanes/lane-session.js';
import {
  type Session,
  applySettings,
  sessionOf,
} from '../../../../src/adapters/mysql/connection/session-settings.js';
import { prepareForTables } from '../../../../src/adapters/mysql/staging/table-session.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

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
  const session = (): Session => sessionOf(connection, 'prod');
  const runUntold = async (sql: string): Promise<undefined> => {
    await connection.query(sql);
  };
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
    ['writing lanes', async () => applySettings(session(), TARGET_SETTINGS)],
    ['reading lanes', async () => applySettings(session(), { ...SOURCE_SETTINGS, alone: [] })],
  ] as const)('so is one for %s', async (_, prepare) => {
    const before = await countSets();
    await prepare(connection);
    expect((await countSets()) - before).toBe(1);
  });

  test('what is refused leaves the rest: the essential settings, and the wished ones that are there', async () => {
    await applySettings(session(), {
      essential: [{ name: 'sql_mode', value: "'ANSI_QUOTES'" }],
      wished: [
        { name: 'no_such_variable', value: '1' },
        { name: 'wait_timeout', value: '1234' },
      ],
    });
    expect(await readVariable('sql_mode')).toBe('ANSI_QUOTES');
    expect(await readVariable('wait_timeout')).toBe('1234');
  });

  test('an essential setting that is refused is an error', async () => {
    await expect(
      applySettings(session(), { essential: [{ name: 'no_such_variable', value: '1' }], wished: [] }),
    ).rejects.toMatchObject({ errno: 1193 });
  });

  test('what was set is read from the answer, without a journey of its own', async () => {
    const countSelects = async (): Promise<number> => {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(`SHOW SESSION STATUS LIKE 'Com_select'`);
      return Number(rows[0]?.['Value']);
    };
    const before = await countSelects();
    await applySettings(session(), TARGET_SETTINGS);
    expect(await countSelects()).toBe(before);
  });

  // A value beyond the range is cut to it: the server takes the statement, and what it says tells.
  test.each([
    ['as the server says it in its answer', session],
    ['as the server says it when asked', () => ({ ...session(), run: runUntold })],
  ])('a setting that is not as it was set is an error: %s', async (_, open) => {
    await connection.query("SET sql_mode = ''");
    const wanted = { name: 'lock_wait_timeout', value: '99999999999' };
    await expect(applySettings(open(), { essential: [wanted], wished: [] })).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      message: 'prod: lock_wait_timeout of the session is "31536000" after it was set to 99999999999',
    });
    await applySettings(open(), { essential: [{ name: 'lock_wait_timeout', value: '600' }], wished: [] });
  });
});

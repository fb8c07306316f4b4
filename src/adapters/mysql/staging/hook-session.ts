import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import type { DatabaseName } from '../../../core/names.js';
import { STRICT_MODE } from '../../../core/session/target-modes.js';
import type { HookRows, HookSession } from '../../../engine/ports.js';
import { openConnection } from '../connection/connect.js';
import { toServerError } from '../connection/errors.js';
import { quoteName } from '../connection/identifiers.js';
import type { TextRow } from '../connection/rows.js';
import type { SharedConnection } from '../connection/shared-connection.js';
import { closeConnection, unlessSilent } from '../connection/silent-server.js';

/** So many rows of an assertion are shown; one more is read to know that there are more. */
const MOST_ROWS = 5;

export interface HookPlace {
  readonly endpoint: Endpoint;
  /** Ends a statement that is no longer wanted. */
  readonly shared: SharedConnection;
  /** SQL that makes the session's writes replicable; empty where nothing has to be said. */
  readonly prepare: string;
}

/**
 * A session in a staging database for statements of a plan: strict, as copies are loaded, but with the server's own time
 * zone, because it is people who write NOW(). When the signal aborts, the statement that runs is ended.
 */
export const openHookSession = async (
  { endpoint, shared, prepare }: HookPlace,
  database: DatabaseName,
  signal: AbortSignal,
): Promise<HookSession> => {
  const connection = await openConnection(endpoint);
  const attempt = <Result>(what: string, work: () => Promise<Result>): Promise<Result> =>
    unlessSilent(connection, endpoint, work).catch((error: unknown) => {
      throw toServerError(error, endpoint, what);
    });
  const stop = (): void => {
    const kill = `KILL QUERY ${String(connection.threadId)}`;
    // Where nobody can be asked any more, the statement has ended by itself.
    shared.use('end a hook', (other) => other.query(kill)).catch(() => undefined);
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    await closeConnection(connection);
  };
  try {
    await attempt(`prepare the hooks of ${database}`, async () => {
      if (prepare !== '') await connection.query(prepare);
      await connection.query(`USE ${quoteName(database)}`);
      await connection.query(`SET sql_mode = '${STRICT_MODE}', time_zone = DEFAULT`);
    });
  } catch (error) {
    await close();
    throw error;
  }
  signal.addEventListener('abort', stop);
  return {
    change: (sql) => attempt('run a hook', () => changeRows(connection, sql)),
    ask: (sql) => attempt('run an assertion', () => askRows(connection, sql)),
    close,
  };
};

/** What a RETURNING of MariaDB gives back is as many rows as were changed. */
const changeRows = async (connection: mysql.Connection, sql: string): Promise<number> => {
  const [result] = await connection.query<mysql.ResultSetHeader | mysql.RowDataPacket[]>(sql);
  return Array.isArray(result) ? result.length : result.affectedRows;
};

const askRows = async (connection: mysql.Connection, sql: string): Promise<HookRows> => {
  await connection.query(`SET sql_select_limit = ${String(MOST_ROWS + 1)}`);
  const [found, fields] = await connection.query<mysql.RowDataPacket[][]>({
    sql,
    rowsAsArray: true,
    typeCast: (field) => field.string('utf8'),
  });
  const rows = found as unknown as readonly TextRow[];
  return {
    columns: fields.map(({ name }) => name),
    rows: rows.slice(0, MOST_ROWS),
    isCut: rows.length > MOST_ROWS,
  };
};

import type mysql from 'mysql2/promise';
import type { DatabaseName } from '../../../core/names.js';
import { STRICT_MODE } from '../../../core/session/target-modes.js';
import type { HookRows, HookSession } from '../../../engine/ports/target-sessions.js';
import type { TextRow } from '../connection/rows.js';
import { type SessionPlace, openAbortable } from './abortable-session.js';

/** So many rows of an assertion are shown; one more is read to know that there are more. */
const MOST_ROWS = 5;

/**
 * A session in a staging database for statements of a plan: strict, as copies are loaded, but with the server's own time
 * zone, because it is people who write NOW(). When the signal aborts, the statement that runs is ended.
 */
export const openHookSession = async (
  place: SessionPlace,
  database: DatabaseName,
  signal: AbortSignal,
): Promise<HookSession> => {
  const settings = [`SET sql_mode = '${STRICT_MODE}', time_zone = DEFAULT`];
  const session = await openAbortable(place, { database, settings, purpose: 'the hooks' }, signal);
  return {
    change: (sql) => session.attempt('run a hook', () => changeRows(session.connection, sql)),
    ask: (sql) => session.attempt('run an assertion', () => askRows(session.connection, sql)),
    close: () => session.close(),
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

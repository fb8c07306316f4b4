import { type Socket, connect as openSocket } from 'node:net';
import driver from 'mysql2';
import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../core/connection.js';
import { logInByOneOf, loginOptions, socketOptions, whenLoggedIn } from './login.js';
import { NO_TIME_LIMITS, type SessionSettings, applySettings } from './session-settings.js';

const socketsOf = new WeakMap<mysql.Connection, Socket>();

/** What the connection came over: mysql2 itself leaves a socket open until the server closes it. */
export const socketOf = (connection: mysql.Connection): Socket | undefined => socketsOf.get(connection);

/**
 * Logs in and prepares the session: UTF-8, UTC, no sql_mode, no time limits on statements. Integers beyond 2^53 and
 * dates come as text. The caller ends the connection. No LOCAL INFILE: a hostile server could ask for any file.
 * @throws SyncError CONN_REFUSED, CONN_TIMEOUT, CONN_DNS, CONN_TLS, CONN_AUTH, CONN_LOST or SERVER_UNSUPPORTED
 */
export const openConnection = async (endpoint: Endpoint): Promise<mysql.Connection> =>
  logInByOneOf(endpoint, async (way, keep) => {
    const socket = openSocket(socketOptions(endpoint));
    keep(socket);
    const guarded = driver.createConnection({
      ...loginOptions(endpoint, way),
      stream: () => socket,
      // mysql2 makes room for 16,000 of them in each connection.
      maxPreparedStatements: 1,
      // IGNORE_SPACE would be stored in the sql_mode of every program that this connection creates.
      flags: ['-LOCAL_FILES', '-IGNORE_SPACE'],
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      jsonStrings: true,
    });
    await whenLoggedIn(guarded);
    const connection = guarded.promise();
    socketsOf.set(connection, socket);
    await applySettings((sql) => connection.query(sql), SETTINGS);
    return connection;
  });

const SETTINGS: SessionSettings = {
  essential: ['NAMES utf8mb4', "sql_mode = ''", "time_zone = '+00:00'", 'sql_quote_show_create = 1'],
  wished: [...NO_TIME_LIMITS, { assignment: 'information_schema_stats_expiry = 0', on: '!80011' }],
};

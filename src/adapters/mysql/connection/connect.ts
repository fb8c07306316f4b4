import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'mysql2';
import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import { EVERY_SESSION, EVERY_SESSION_WISHED, NO_TIME_LIMITS } from '../../../core/session/every-session.js';
import { sendAhead } from '../protocol/send-ahead.js';
import { logIn, openPlainSocket } from './login.js';
import { together } from './together.js';
import { type SessionSettings, applySettings, sessionOf } from './session-settings.js';

const socketsOf = new WeakMap<mysql.Connection, Socket>();

/** What the connection came over: mysql2 itself leaves a socket open until the server closes it. */
export const socketOf = (connection: mysql.Connection): Socket | undefined => socketsOf.get(connection);

/**
 * Logs in and prepares the session: as `EVERY_SESSION` says, without time limits on statements. Integers beyond 2^53 and
 * dates come as text. The caller ends the connection. No LOCAL INFILE: a hostile server could ask for any file.
 * @throws SyncError CONN_REFUSED, CONN_TIMEOUT, CONN_DNS, CONN_TLS, CONN_AUTH, CONN_LOST or SERVER_UNSUPPORTED
 */
export const openConnection = async (endpoint: Endpoint): Promise<mysql.Connection> =>
  logIn(endpoint, {
    options: OPTIONS,
    openSocket: openPlainSocket,
    begin: (guarded, socket) => async () => {
      const connection = guarded.promise();
      socketsOf.set(connection, socket);
      const isTold = await applySettings(sessionOf(connection, endpoint.name), SETTINGS);
      if (isTold && endpoint.isPipelined) sendAhead(guarded);
      return connection;
    },
  });

/**
 * Makes the session as it was after `openConnection`. The default database outlives a reset, and with it what the
 * server remembers of its character set: one that everybody may enter takes its place.
 * @throws the driver's error where the server cannot do that (before MySQL 5.7.3, MariaDB 10.2.4)
 */
export const renewConnection = async (connection: mysql.Connection, { name }: Endpoint): Promise<void> => {
  await connection.reset();
  await together([
    connection.query('USE information_schema'),
    applySettings(sessionOf(connection, name), SETTINGS),
  ]);
};

const OPTIONS: ConnectionOptions = {
  // mysql2 makes room for 16,000 of them in each connection.
  maxPreparedStatements: 1,
  // IGNORE_SPACE would be stored in the sql_mode of every program that this connection creates.
  flags: ['-LOCAL_FILES', '-IGNORE_SPACE'],
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  jsonStrings: true,
};

const SETTINGS: SessionSettings = {
  essential: EVERY_SESSION,
  wished: [...EVERY_SESSION_WISHED, ...NO_TIME_LIMITS],
};

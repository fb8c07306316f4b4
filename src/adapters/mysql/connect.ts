import { type Socket, connect as openSocket, isIP } from 'node:net';
import driver from 'mysql2';
import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../core/connection.js';
import { toConnectError } from './errors.js';
import { guardReplies } from './reply-guard.js';
import { NO_TIME_LIMITS, type SessionSettings, applySettings } from './session-settings.js';
import { type TlsAttempt, listTlsAttempts } from './tls.js';

const socketsOf = new WeakMap<mysql.Connection, Socket>();

/** What the connection came over: mysql2 itself leaves a socket open until the server closes it. */
export const socketOf = (connection: mysql.Connection): Socket | undefined => socketsOf.get(connection);

/**
 * Logs in and prepares the session: UTF-8, UTC, no sql_mode, no time limits on statements. Integers beyond 2^53 and
 * dates come as text. The caller ends the connection. No LOCAL INFILE: a hostile server could ask for any file.
 * @throws SyncError CONN_REFUSED, CONN_TIMEOUT, CONN_DNS, CONN_TLS, CONN_AUTH, CONN_LOST or SERVER_UNSUPPORTED
 */
export const openConnection = async (endpoint: Endpoint): Promise<mysql.Connection> => {
  try {
    return await tryInTime(endpoint, await listTlsAttempts(endpoint));
  } catch (error) {
    throw toConnectError(error, endpoint);
  }
};

/** One deadline for everything: the name's lookup, a silent server, the login, the session's settings. */
const tryInTime = async (endpoint: Endpoint, ways: readonly TlsAttempt[]): Promise<mysql.Connection> => {
  const sockets: Socket[] = [];
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeoutError(endpoint)), endpoint.timeoutMilliseconds);
  });
  try {
    return await Promise.race([logInByOneOf(endpoint, ways, sockets), deadline]);
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

const timeoutError = ({ timeoutMilliseconds }: Endpoint): Error =>
  Object.assign(new Error(`no answer within ${timeoutMilliseconds / 1000} s`), { code: 'ETIMEDOUT' });

/** mysql2 has no opportunistic TLS: a server without it is known by the refusal, and then the next way is tried. */
const logInByOneOf = async (
  endpoint: Endpoint,
  [way, ...others]: readonly TlsAttempt[],
  sockets: Socket[],
): Promise<mysql.Connection> => {
  try {
    return await logIn(endpoint, way, sockets);
  } catch (error) {
    const hasNoTls = error instanceof Error && 'code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT';
    if (!hasNoTls || others.length === 0) throw error;
    return logInByOneOf(endpoint, others, sockets);
  }
};

const logIn = async (endpoint: Endpoint, tls: TlsAttempt, sockets: Socket[]): Promise<mysql.Connection> => {
  const { address, user, password } = endpoint;
  const socket = openStream(endpoint);
  sockets.push(socket);
  const guarded = driver.createConnection({
    ...(address.kind === 'socket' ? { socketPath: address.path } : { host: nameForTls(address.host) }),
    user,
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(tls === undefined ? {} : { ssl: tls }),
    stream: () => socket,
    // The deadline above is the only one: mysql2's own ends with the login.
    connectTimeout: 0,
    charset: 'utf8mb4',
    // mysql2 makes room for 16,000 of them in each connection.
    maxPreparedStatements: 1,
    // IGNORE_SPACE would be stored in the sql_mode of every program that this connection creates.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE'],
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    // Otherwise it makes programs of what the server calls its columns.
    disableEval: true,
  });
  guardReplies(guarded);
  // A connection that dies while nothing runs on it would end the process; the next statement reports it.
  guarded.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    guarded.once('connect', () => resolve()).once('error', reject);
  });
  const connection = guarded.promise();
  socketsOf.set(connection, socket);
  await applySettings((sql) => connection.query(sql), SETTINGS);
  return connection;
};

/** How long one of several addresses of a host name may take; Node's own quarter of a second is too short for far servers. */
const ADDRESS_ATTEMPT_MILLISECONDS = 2_000;

const openStream = ({ address }: Endpoint): Socket => {
  if (address.kind === 'socket') return openSocket({ path: address.path });
  return openSocket({
    host: address.host,
    port: address.port,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLISECONDS,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  });
};

/**
 * mysql2 verifies the identity of a server that is addressed by number as if it were called `localhost`. A name
 * with a final dot is no number to it, and Node compares names without that dot.
 */
const nameForTls = (host: string): string => (isIP(host) === 0 ? host : `${host}.`);

const SETTINGS: SessionSettings = {
  essential: ['NAMES utf8mb4', "sql_mode = ''", "time_zone = '+00:00'", 'sql_quote_show_create = 1'],
  wished: [...NO_TIME_LIMITS, { assignment: 'information_schema_stats_expiry = 0', on: '!80011' }],
};

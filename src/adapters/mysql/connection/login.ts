import { type Socket, connect as openSocket, isIP } from 'node:net';
import driver, { type ConnectionOptions } from 'mysql2';
import type mysql from 'mysql2';
import type { Endpoint } from '../../../core/server/connection.js';
import { throughTunnel } from '../../../core/server/through-tunnel.js';
import { toConnectError } from './errors.js';
import { guardReplies } from '../protocol/reply-guard.js';
import { watchForStranger } from './silent-stranger.js';
import { type LoginWay, listLoginWays } from './tls.js';

/** What one kind of connection has of its own. */
export interface LoginKind<Login> {
  /** Beside those of every connection. */
  readonly options: ConnectionOptions;
  readonly openSocket: (endpoint: Endpoint, isEncrypted: boolean) => Socket;
  /** Called before the server is heard; what it returns is called when the login is done. */
  readonly begin: (connection: mysql.Connection, socket: Socket) => () => Login | Promise<Login>;
}

/**
 * Logs in by the first way that the server has. One deadline for everything: the name's lookup, a silent server, and
 * all that the kind of connection does.
 * @throws SyncError CONN_REFUSED, CONN_TIMEOUT, CONN_DNS, CONN_TLS, CONN_AUTH, CONN_LOST or SERVER_UNSUPPORTED
 */
export const logIn = async <Login>(asked: Endpoint, kind: LoginKind<Login>): Promise<Login> => {
  // Before the deadline: ssh has one of its own, and may ask a person for a passphrase.
  const endpoint = await throughTunnel(asked);
  const sockets: Socket[] = [];
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeoutError(endpoint)), endpoint.timeoutMilliseconds);
  });
  try {
    const ways = await listLoginWays(endpoint);
    return await Promise.race([
      tryInOrder(asked, ways, (way) => {
        const socket = kind.openSocket(endpoint, way.ssl !== undefined);
        // Kept, so that it is closed when the login fails.
        sockets.push(socket);
        return logInOver(socket, endpoint, way, kind);
      }),
      deadline,
    ]);
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw toConnectError(error, endpoint, await endpoint.tunnel?.lastWords());
  } finally {
    clearTimeout(timer);
  }
};

const timeoutError = ({ timeoutMilliseconds }: Endpoint): Error =>
  Object.assign(new Error(`no answer within ${timeoutMilliseconds / 1000} s`), { code: 'ETIMEDOUT' });

/** Servers that have said that they have no TLS: they are not asked with each connection. */
const withoutTls = new WeakSet<Endpoint>();

/** mysql2 has no opportunistic TLS: a server without it is known by the refusal, and then the next way is tried. */
const tryInOrder = async <Login>(
  endpoint: Endpoint,
  [way = {}, ...others]: readonly LoginWay[],
  attempt: (way: LoginWay) => Promise<Login>,
): Promise<Login> => {
  const [other] = others;
  if (other !== undefined && withoutTls.has(endpoint)) return attempt(other);
  try {
    return await attempt(way);
  } catch (error) {
    const hasNoTls = error instanceof Error && 'code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT';
    if (!hasNoTls || other === undefined) throw error;
    withoutTls.add(endpoint);
    return attempt(other);
  }
};

const logInOver = async <Login>(
  socket: Socket,
  endpoint: Endpoint,
  way: LoginWay,
  { options, begin }: LoginKind<Login>,
): Promise<Login> => {
  const connection = driver.createConnection({
    ...loginOptions(endpoint, way),
    ...options,
    stream: () => socket,
  });
  const finish = begin(connection, socket);
  const stopWatching = watchForStranger(socket, endpoint);
  try {
    await whenLoggedIn(connection);
  } finally {
    stopWatching();
  }
  return finish();
};

/** What mysql2 is told of every connection: where, who, by which way, in UTF-8. */
const loginOptions = ({ address, user, password }: Endpoint, way: LoginWay): ConnectionOptions => ({
  ...(address.kind === 'socket' ? { socketPath: address.path } : { host: nameForTls(address.host) }),
  user,
  ...(password === undefined ? {} : { password: password.reveal() }),
  ...way,
  // The deadline of the login is the only one: mysql2's own ends with it.
  connectTimeout: 0,
  charset: 'utf8mb4',
  // Otherwise it makes programs of what the server calls its columns.
  disableEval: true,
});

/** Guards a connection that was just made against what no server sends, and waits until it is logged in. */
const whenLoggedIn = async (connection: mysql.Connection): Promise<void> => {
  guardReplies(connection);
  // A connection that dies while nothing runs on it would end the process; the next statement reports it.
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    connection.once('connect', () => resolve()).once('error', reject);
  });
};

/**
 * mysql2 verifies the identity of a server that is addressed by number as if it were called `localhost`. A name
 * with a final dot is no number to it, and Node compares names without that dot.
 */
const nameForTls = (host: string): string => (isIP(host) === 0 ? host : `${host}.`);

/** How long one of several addresses of a host name may take; Node's own quarter of a second is too short for far servers. */
const ADDRESS_ATTEMPT_MILLISECONDS = 2_000;

/** Where a socket is to connect to, and how. */
export const socketOptions = ({ address, tunnelSocket }: Endpoint) =>
  address.kind === 'socket' || tunnelSocket !== undefined
    ? { path: address.kind === 'socket' ? address.path : (tunnelSocket ?? '') }
    : {
        host: address.host,
        port: address.port,
        autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLISECONDS,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
      };

export const openPlainSocket = (endpoint: Endpoint): Socket => openSocket(socketOptions(endpoint));

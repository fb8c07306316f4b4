import { type Endpoint, TLS_MODES, describeAddress, showVariables } from '../../../core/server/connection.js';
import { type ErrorCode, SyncError } from '../../../core/errors.js';
import { suggestCommand } from '../../../core/shell-word.js';
import { hintAtRefusal } from '../../../core/file-refusal.js';
import { LOST_HINT, hintAtServer } from './server-conditions.js';
import { UnsafeLogin } from './unsafe-login.js';

/** What mysql2 and Node say about a failure. `errno` is the server's number only when a server sent the error. */
interface DriverError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly fatal?: boolean;
  readonly sqlState?: string;
  readonly errors?: readonly Error[];
}

const asDriverError = (error: unknown): DriverError => {
  if (!(error instanceof Error)) return new Error(String(error));
  const { code } = error as { readonly code?: unknown };
  // Of an error that answers nothing, such as a goodbye, mysql2 gives the server's number as the code.
  return typeof code === 'number'
    ? Object.assign(new Error(error.message), { errno: code, sqlState: 'HY000', fatal: true })
    : error;
};

/** The number of an error that a server sent; undefined for errors of the network or the driver. */
export const serverErrorNumber = (error: unknown): number | undefined => {
  const { errno, sqlState } = asDriverError(error);
  return sqlState === undefined ? undefined : errno;
};

/** Makes a predicate over the numbers of server errors. */
const isOneOf = (...numbers: readonly number[]): ((error: unknown) => boolean) => {
  const wanted = new Set<number | undefined>(numbers);
  return (error) => wanted.has(serverErrorNumber(error) ?? NaN);
};

/** A privilege is missing: database, table, column, routine, or one that is needed for the whole server. */
export const isAccessDenied = isOneOf(1044, 1045, 1142, 1143, 1227, 1370, 1698);
/** This account may not make programs of that definer. */
export const isDefinerRefused = isOneOf(1227);
/** A view that is read does not work, or its definer lacks rights or does not exist. */
export const isViewUnusable = isOneOf(1356, 1449);
/**
 * A view names a column, index, partition or function that is not there, or hands values to a function that it does not
 * take. Missing tables and rights are not among these: they may be there where the view is copied to.
 */
export const isViewFault = isOneOf(1054, 1176, 1305, 1318, 1735, 1747, 4078, 4079);
/** The server does not print the view, because something that it names is gone. */
export const isViewUnprintable = isOneOf(1049, 1146, 1176, 1356, 1449, 1735, 1747);
/** `lock_wait_timeout` or `innodb_lock_wait_timeout` ran out. Only the statement was rolled back, not the transaction. */
export const isLockWaitTimeout = isOneOf(1205);
export const isDeadlock = isOneOf(1213);
/** `max_execution_time` or `max_statement_time` ran out. */
export const isStatementTimeout = isOneOf(3024, 1969);
/** A system variable that this server does not have, or that this session may not set. */
export const isSettingRefused = isOneOf(1193, 1227, 1229, 1231, 1238);
export const isUnknownDatabase = isOneOf(1049);
export const isUnknownTable = isOneOf(1146, 1109);
/** Events cannot be read or made: they are DISABLED, or their system tables are damaged. */
export const isEventsRefused = isOneOf(1577);
export const isSyntaxError = isOneOf(1064);

/** Killed, timed out for being idle, or the server went away: the server said so before it closed the connection. */
const isServerGoodbye = isOneOf(1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031);

const LOST_CODES = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

const MALFORMED_CODES = new Set([
  'MALFORMED_REPLY',
  'OTHER_PROTOCOL',
  'PROTOCOL_ERROR',
  'PROTOCOL_UNEXPECTED_PACKET',
]);

/** What the server sent is no reply: the readers of this folder said so, or mysql2 stumbled over it. */
export const isMalformedReply = (error: unknown): boolean => {
  const { code, fatal, sqlState, message } = asDriverError(error);
  const isNameless = code === undefined && sqlState === undefined && !AFTER_LOSS.test(message);
  const isStumble = isNameless || error instanceof RangeError || error instanceof TypeError;
  return (fatal === true && isStumble) || MALFORMED_CODES.has(code ?? '');
};

/** What mysql2 says to statements that come after the loss of a connection. */
const AFTER_LOSS = /closed state/;

/** The connection is gone; mysql2 gives `fatal` without a code to statements that come after the loss. */
export const isConnectionLost = (error: unknown): boolean => {
  const { code, fatal } = asDriverError(error);
  if (serverErrorNumber(error) !== undefined) return isServerGoodbye(error);
  return LOST_CODES.has(code ?? '') || (fatal === true && !isMalformedReply(error));
};

/**
 * May the same work succeed when it is done again from its start on a new connection? The outcome of a statement
 * that failed like this is unknown, so what it may have left is removed first; never repeat it blindly.
 */
export const isTransient = (error: unknown): boolean =>
  isLockWaitTimeout(error) || isDeadlock(error) || isConnectionLost(error) || isTooManyConnections(error);

const isTooManyConnections = isOneOf(1040, 1203, 1226);
const isHostBlocked = isOneOf(1129);
/** Not part of its cluster, shutting down, or in offline mode. */
const isOutOfService = isOneOf(1047, 1053, 3032);
/** The server took the password, and ended the connection: its `init_connect` failed, for example. */
const isLoginCutOff = isOneOf(1184);
const isTlsDemanded = isOneOf(3159);
/** Wrong password or account, host not allowed, locked, expired, or an authentication plugin that one side lacks. */
const isLoginRefused = isOneOf(1044, 1045, 1130, 1251, 1275, 1524, 1698, 1820, 1862, 3118, 3878, 4151);

/** Servers let an account with an expired password in, and then refuse every statement but a change of the password. */
const isPasswordExpired = isOneOf(1820, 1862);

const CONNECT_CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'CONN_REFUSED',
  EHOSTUNREACH: 'CONN_REFUSED',
  ENETUNREACH: 'CONN_REFUSED',
  EADDRNOTAVAIL: 'CONN_REFUSED',
  EMFILE: 'CONN_REFUSED',
  ENFILE: 'CONN_REFUSED',
  EHOSTDOWN: 'CONN_REFUSED',
  ENOENT: 'CONN_REFUSED',
  EACCES: 'CONN_REFUSED',
  ENOTSOCK: 'CONN_REFUSED',
  ETIMEDOUT: 'CONN_TIMEOUT',
  ENOTFOUND: 'CONN_DNS',
  HANDSHAKE_NO_SSL_SUPPORT: 'CONN_TLS',
  HANDSHAKE_SSL_ERROR: 'CONN_TLS',
  AUTH_SWITCH_PLUGIN_ERROR: 'CONN_AUTH',
};

/** The server asked for the password itself, not for a scramble, where it may not be sent. */
const isUnsafeLogin = (error: unknown): boolean =>
  error instanceof UnsafeLogin || asDriverError(error).code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED';

const classifyConnectError = (error: unknown): ErrorCode => {
  const { code = '' } = asDriverError(error);
  if (isMalformedReply(error)) return 'SERVER_UNSUPPORTED';
  if (isTlsDemanded(error)) return 'CONN_TLS';
  if (isLoginRefused(error)) return 'CONN_AUTH';
  if (isTooManyConnections(error) || isHostBlocked(error) || isOutOfService(error)) return 'CONN_REFUSED';
  if (code.startsWith('EAI_')) return 'CONN_DNS';
  return CONNECT_CODES[code] ?? 'CONN_LOST';
};

const CONNECT_VERBS: Partial<Record<ErrorCode, string>> = {
  CONN_AUTH: 'the server refused the login of',
  CONN_TLS: 'no encrypted connection could be made to',
  CONN_LOST: 'the server closed the connection during the login of',
};

const hintAt = (code: ErrorCode, { name, tls, isSaved }: Endpoint): readonly string[] => {
  switch (code) {
    case 'CONN_REFUSED':
      return ['Is the server running, and may this machine reach that address?'];
    case 'CONN_TIMEOUT':
      return ['Wait longer:         mysql-sync config set connections.default_timeout SECONDS'];
    case 'CONN_DNS':
      return ['Is the host name spelled right, and does this machine know it?'];
    case 'CONN_TLS':
      return [
        `The TLS mode is "${tls.mode}"; others: ${TLS_MODES.filter((mode) => mode !== tls.mode).join(', ')}.`,
      ];
    case 'CONN_LOST':
    case 'SERVER_UNSUPPORTED':
      return ['Is it a MySQL or MariaDB server that listens there, or a proxy that has one behind it?'];
    case 'CONN_AUTH':
      return [
        isSaved
          ? `Replace password:    ${suggestCommand`connections add ${name} --replace`}`
          : 'The user and the password are those given with the connection, or in the plan.',
        ...(tls.mode === 'disabled'
          ? ['The TLS mode is "disabled"; servers that demand TLS may answer like this.']
          : []),
      ];
    default:
      return [];
  }
};

/** What may be done where a server asked for the password itself. */
const unsafeLoginError = (error: unknown, endpoint: Endpoint): SyncError =>
  new SyncError('CONN_TLS', {
    message: showVariables(
      `${endpoint.name}: the password was not sent to ${describeAddress(endpoint)}: ` +
        (error instanceof UnsafeLogin
          ? error.message
          : 'the server asks for it in clear text (mysql_clear_password)'),
      endpoint,
    ),
    hints:
      error instanceof UnsafeLogin
        ? [
            'Encrypt the connection: the server must offer TLS, and the TLS mode "required" insists on it; "verify-ca" with a "ca" file also checks the server.',
            "Or name the server's RSA public key:  tls: {server_public_key: FILE}, or connections add --server-public-key FILE",
            'Or set the TLS mode to "disabled": then the password is encrypted with whatever key the other side sends, and whoever stands in between can read it.',
          ]
        : ['Use an account with another authentication plugin, such as caching_sha2_password.'],
    cause: error,
  });

/** Names the connection, its address and the reason of a connection that could not be made, with what its tunnel said. */
export const toConnectError = (error: unknown, endpoint: Endpoint, sshWords = ''): SyncError => {
  if (error instanceof SyncError) return error;
  if (isUnsafeLogin(error)) return unsafeLoginError(error, endpoint);
  const code = classifyConnectError(error);
  return new SyncError(code, {
    message: showVariables(
      `${endpoint.name}: ${CONNECT_VERBS[code] ?? 'cannot connect to'} ${describeAddress(endpoint)}: ${describeEvidence(error)}${sshWords === '' ? '' : ` (ssh: ${sshWords})`}`,
      endpoint,
    ),
    hints: [
      ...(isLoginCutOff(error)
        ? ['For accounts without SUPER it runs a statement at each login:  SELECT @@GLOBAL.init_connect;']
        : []),
      ...(endpoint.isSaved
        ? [`Test it alone:       ${suggestCommand`connections test ${endpoint.name}`}`]
        : []),
      ...hintAtConnect(error, code, endpoint),
    ],
    cause: error,
  });
};

/** What the server or the system said exactly, else what is usual for such a failure. */
const hintAtConnect = (error: unknown, code: ErrorCode, endpoint: Endpoint): readonly string[] => {
  const hints = isOutOfFiles(error)
    ? hintAtRefusal(asDriverError(error).code ?? '')
    : hintAtServer(serverErrorNumber(error));
  return hints.length > 0 ? hints : hintAt(code, endpoint);
};

const isOutOfFiles = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE'].includes(asDriverError(error).code ?? '');

/**
 * Any failure after the login. `attempt` says what was tried, for example `read the grants`. Lost connections become
 * CONN_LOST, expired passwords CONN_AUTH, missing privileges PRIVILEGE_MISSING, all else SERVER_ERROR.
 */
export const toServerError = (error: unknown, endpoint: Endpoint, attempt: string): SyncError => {
  if (error instanceof SyncError) return error;
  if (isPasswordExpired(error)) return toConnectError(error, endpoint);
  const code: ErrorCode = isConnectionLost(error)
    ? 'CONN_LOST'
    : isAccessDenied(error)
      ? 'PRIVILEGE_MISSING'
      : 'SERVER_ERROR';
  return new SyncError(code, {
    message: showVariables(`${endpoint.name}: could not ${attempt}: ${describeEvidence(error)}`, endpoint),
    hints:
      code === 'PRIVILEGE_MISSING'
        ? [showVariables(`The account is ${describeAddress(endpoint)}.`, endpoint)]
        : hintAtFailure(error),
    cause: error,
    isTransient: isTransient(error),
  });
};

/** What to do about the condition of a server in which a statement failed. */
export const hintAtFailure = (error: unknown): readonly string[] => {
  const hints = hintAtServer(serverErrorNumber(error));
  return hints.length === 0 && isConnectionLost(error) ? [LOST_HINT] : hints;
};

/** The server's or the system's own words with the code: `Access denied for ... (ER_ACCESS_DENIED_ERROR 1045)`. */
export const describeEvidence = (error: unknown): string => {
  const { message, errors = [], code } = asDriverError(error);
  // Node tries every address of a host name and puts the reasons into an error without a message.
  const text = message || errors.map((one) => one.message).join('; ');
  const name = nameServerError(error) ?? code;
  const line = text.replaceAll(/\p{Cc}+/gu, ' ').trim();
  return name === undefined || line.includes(name) ? line : `${line} (${name})`;
};

/** The same error without the server's own words, which may quote a statement that holds a password. */
export const withoutWords = (error: unknown): unknown => {
  if (serverErrorNumber(error) === undefined) return error;
  const { code, errno, sqlState } = asDriverError(error);
  return Object.assign(
    new Error('the server refused it, in words that are not shown: they may hold a password'),
    {
      code,
      errno,
      sqlState,
    },
  );
};

/** MySQL and MariaDB give the numbers 1900 to 1999 and from 4000 on different meanings; mysql2 knows MySQL's names only. */
export const nameServerError = (error: unknown): string | undefined => {
  const number = serverErrorNumber(error);
  if (number === undefined) return undefined;
  const { code } = asDriverError(error);
  const isNameShared = (number < 1900 || number >= 2000) && number < 4000;
  return isNameShared && code !== undefined ? `${code} ${String(number)}` : `error ${String(number)}`;
};

import type { Endpoint, TlsMode } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import type { Vendor } from '../../core/flavor.js';
import type { ServerFacts } from '../../core/server/inventory.js';
import type { ClientTool } from './client-tool.js';

/** What the tool's own session, which does not send a password where it is not safe, found at this server. */
export type SessionSeen = Pick<ServerFacts, 'tlsVersion' | 'flavor'>;

/**
 * Everything about the connection, password included, as an option file for one client program. Nothing of it may
 * stand in argv, where everyone on the machine can read it.
 * @throws SyncError CONN_TLS when this client cannot protect the connection as asked.
 */
export const renderOptionFile = (endpoint: Endpoint, tool: ClientTool, seen: SessionSeen): string => {
  const { address, user, password } = endpoint;
  const socket = address.kind === 'socket' ? address.path : endpoint.tunnelSocket;
  if (endpoint.tunnelSocket !== undefined) refuseInTunnel(endpoint, tool, seen);
  const settings: readonly Setting[] = [
    ...(socket !== undefined
      ? ([
          ['protocol', 'socket'],
          ['socket', socket],
        ] as const)
      : // Without a protocol the clients turn `localhost` into the socket.
        ([
          ['protocol', 'tcp'],
          ['host', address.kind === 'tcp' ? address.host : ''],
          ['port', address.kind === 'tcp' ? String(address.port) : ''],
        ] as const)),
    ['user', user],
    ...(password === undefined ? [] : [['password', password.reveal()] as const]),
    ...(tool.options.has('connect-timeout')
      ? [['connect-timeout', String(Math.ceil(endpoint.timeoutMilliseconds / 1000))] as const]
      : []),
    ...listTlsSettings(endpoint, tool, seen),
  ];
  return `[client]\n${settings.map(([name, value]) => `${name}=${quoteOption(value)}\n`).join('')}`;
};

type Setting = readonly [name: string, value: string];

/** `#` starts a comment, blanks at the ends are cut and backslashes are read as escapes, unless quoted like this. */
export const quoteOption = (value: string): string =>
  `"${value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')}"`;

/** The same meaning for both vendors and mysql2: a socket that never leaves the machine is plain unless TLS is demanded. */
const listTlsSettings = (endpoint: Endpoint, tool: ClientTool, seen: SessionSeen): readonly Setting[] => {
  const { tls, address } = endpoint;
  const mode = tls.mode === 'preferred' && address.kind === 'socket' ? 'disabled' : tls.mode;
  if (tool.options.has('ssl-mode')) return listOracleSettings(endpoint, tool, mode, seen);
  const plugins = listPluginSettings(endpoint, tool, mode, seen.flavor.vendor);
  if (tool.options.has('ssl')) return [...listMariadbSettings(endpoint, mode), ...plugins];
  if (mode === 'disabled' || mode === 'preferred') return plugins;
  throw cannotProtect(endpoint, tool, 'was built without TLS');
};

const ORACLE_MODES: Record<TlsMode, string> = {
  disabled: 'DISABLED',
  preferred: 'PREFERRED',
  required: 'REQUIRED',
  'verify-ca': 'VERIFY_CA',
  'verify-identity': 'VERIFY_IDENTITY',
};

const listOracleSettings = (
  endpoint: Endpoint,
  tool: ClientTool,
  mode: TlsMode,
  { tlsVersion }: SessionSeen,
): readonly Setting[] => {
  // A server that had TLS a moment ago has it still, unless somebody in between takes it away.
  const insisted = mode === 'preferred' && tlsVersion !== undefined ? 'required' : mode;
  const settings: Setting[] = [['ssl-mode', ORACLE_MODES[insisted]]];
  if (mode === 'verify-ca' || mode === 'verify-identity') {
    if (endpoint.tls.ca === undefined)
      throw cannotProtect(
        endpoint,
        tool,
        'trusts no authority of its own and needs the `ca` file of the connection',
      );
    settings.push(['ssl-ca', endpoint.tls.ca]);
  }
  return [...settings, ...listCertificate(endpoint, mode), ...listKeySettings(endpoint, tool, insisted)];
};

/**
 * Without TLS a password travels under the RSA key of the server. This client asks nobody whose key it is given
 * (`sha256_password` takes it even without `get-server-public-key`), so it is started only with a key that
 * is known, or where the person switched TLS off.
 */
const listKeySettings = (endpoint: Endpoint, tool: ClientTool, mode: TlsMode): readonly Setting[] => {
  const { address, tls } = endpoint;
  if (address.kind === 'socket' || (mode !== 'disabled' && mode !== 'preferred')) return [];
  if (tls.serverPublicKey !== undefined && tool.options.has('server-public-key-path'))
    return [['server-public-key-path', tls.serverPublicKey]];
  if (mode === 'preferred' || tls.serverPublicKey !== undefined)
    throw cannotProtect(
      endpoint,
      tool,
      'would send the password without TLS, under whatever key the other side names',
    );
  return tool.options.has('get-server-public-key') ? [['get-server-public-key', '1']] : [];
};

const listCertificate = ({ tls }: Endpoint, mode: TlsMode): readonly Setting[] =>
  mode === 'disabled' || tls.cert === undefined || tls.key === undefined
    ? []
    : [
        ['ssl-cert', tls.cert],
        ['ssl-key', tls.key],
      ];

/**
 * MariaDB's clients fall back to plain text unless they verify, and cannot verify the signer without the name. So
 * `verify-ca` is asked for as the stricter `verify-identity`: it may refuse what it should let pass, never the reverse.
 * `required` cannot be insisted on; see `refuseUnencrypted`.
 */
const listMariadbSettings = (endpoint: Endpoint, mode: TlsMode): readonly Setting[] => {
  if (mode === 'disabled') return [['ssl', '0']];
  const { ca } = endpoint.tls;
  const isVerified = mode !== 'preferred' && mode !== 'required';
  return [
    ['ssl', '1'],
    ['ssl-verify-server-cert', isVerified ? '1' : '0'],
    ...(isVerified && ca !== undefined ? [['ssl-ca', ca] as const] : []),
    ...listCertificate(endpoint, mode),
  ];
};

/** A folder that nobody can put anything into. */
export const NO_PLUGINS = '/dev/null';

/**
 * Whatever a server asks MariaDB's clients for, they send: the password in clear, or under any key. They load the methods
 * that do this from a folder; the one that is built in sends a scramble. So where the other side is not verified, there is
 * no such folder. MySQL's accounts need those methods, which a person permits who switches TLS off.
 */
const listPluginSettings = (
  { address, tls }: Endpoint,
  tool: ClientTool,
  mode: TlsMode,
  vendor: Vendor,
): readonly Setting[] => {
  const isSafe = address.kind === 'socket' || mode === 'verify-ca' || mode === 'verify-identity';
  const isPermitted = mode === 'disabled' && vendor === 'mysql' && tls.serverPublicKey === undefined;
  return isSafe || isPermitted || !tool.options.has('plugin-dir') ? [] : [['plugin-dir', NO_PLUGINS]];
};

/**
 * A tunnel ends in a socket for the clients, which they take for the server's own: they compare no name of a certificate,
 * and MySQL's send a password in clear where there is no TLS, though behind the SSH host it travels on.
 */
const refuseInTunnel = (endpoint: Endpoint, tool: ClientTool, { tlsVersion }: SessionSeen): void => {
  const { mode } = endpoint.tls;
  const isOracle = tool.options.has('ssl-mode');
  if (mode === 'verify-identity' || (mode === 'verify-ca' && !isOracle))
    throw cannotProtect(endpoint, tool, 'cannot compare the name in the certificate through an SSH tunnel');
  if (isOracle && (mode === 'disabled' || tlsVersion === undefined))
    throw cannotProtect(
      endpoint,
      tool,
      'would send the password in clear from the SSH host on, because there is no TLS',
    );
};

/**
 * A client that cannot insist on TLS is only started where the tool's own session, which can, got it.
 * @throws SyncError CONN_TLS
 */
export const refuseUnencrypted = (
  endpoint: Endpoint,
  tool: ClientTool,
  tlsVersion: string | undefined,
): void => {
  if (endpoint.tls.mode === 'required' && tlsVersion === undefined)
    throw cannotProtect(endpoint, tool, 'would connect without TLS, because the server offers none');
};

const cannotProtect = ({ name, tls }: Endpoint, { path }: ClientTool, why: string): SyncError =>
  new SyncError('CONN_TLS', {
    message: `${name}: TLS mode ${tls.mode} is not possible with ${path}: it ${why}.`,
    hints: ['Choose `engine: native` in the plan: it needs no client programs.'],
  });

import type { Endpoint, TlsMode } from '../../core/connection.js';
import { SyncError } from '../../core/errors.js';
import type { ClientTool } from './client-tool.js';

/**
 * Everything about the connection, password included, as an option file for one client program. Nothing of it may
 * stand in argv, where everyone on the machine can read it.
 * @throws SyncError CONN_TLS when this client cannot protect the connection as asked.
 */
export const renderOptionFile = (endpoint: Endpoint, tool: ClientTool): string => {
  const { address, user, password } = endpoint;
  const settings: readonly Setting[] = [
    ...(address.kind === 'socket'
      ? ([
          ['protocol', 'socket'],
          ['socket', address.path],
        ] as const)
      : // Without a protocol the clients turn `localhost` into the socket.
        ([
          ['protocol', 'tcp'],
          ['host', address.host],
          ['port', String(address.port)],
        ] as const)),
    ['user', user],
    ...(password === undefined ? [] : [['password', password.reveal()] as const]),
    ...(tool.options.has('connect-timeout')
      ? [['connect-timeout', String(Math.ceil(endpoint.timeoutMilliseconds / 1000))] as const]
      : []),
    ...listTlsSettings(endpoint, tool),
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
const listTlsSettings = (endpoint: Endpoint, tool: ClientTool): readonly Setting[] => {
  const { tls, address } = endpoint;
  const mode = tls.mode === 'preferred' && address.kind === 'socket' ? 'disabled' : tls.mode;
  if (tool.options.has('ssl-mode')) return listOracleSettings(endpoint, tool, mode);
  if (tool.options.has('ssl')) return listMariadbSettings(endpoint, mode);
  if (mode === 'disabled' || mode === 'preferred') return [];
  throw cannotProtect(endpoint, tool, 'was built without TLS');
};

const ORACLE_MODES: Record<TlsMode, string> = {
  disabled: 'DISABLED',
  preferred: 'PREFERRED',
  required: 'REQUIRED',
  'verify-ca': 'VERIFY_CA',
  'verify-identity': 'VERIFY_IDENTITY',
};

const listOracleSettings = (endpoint: Endpoint, tool: ClientTool, mode: TlsMode): readonly Setting[] => {
  const settings: Setting[] = [['ssl-mode', ORACLE_MODES[mode]]];
  if (mode === 'verify-ca' || mode === 'verify-identity') {
    if (endpoint.tls.ca === undefined)
      throw cannotProtect(
        endpoint,
        tool,
        'trusts no authority of its own and needs the `ca` file of the connection',
      );
    settings.push(['ssl-ca', endpoint.tls.ca]);
  }
  // caching_sha2_password without TLS needs the server's key; mysql2 fetches it by itself in these modes.
  if ((mode === 'disabled' || mode === 'preferred') && tool.options.has('get-server-public-key'))
    settings.push(['get-server-public-key', '1']);
  return settings;
};

/**
 * MariaDB's clients fall back to plain text unless they verify, and cannot verify the signer without the name. So
 * `verify-ca` is asked for as the stricter `verify-identity`: it may refuse what it should let pass, never the reverse.
 * `required` cannot be insisted on; see `refuseUnencrypted`.
 */
const listMariadbSettings = ({ tls }: Endpoint, mode: TlsMode): readonly Setting[] => {
  if (mode === 'disabled') return [['ssl', '0']];
  if (mode === 'preferred' || mode === 'required')
    return [
      ['ssl', '1'],
      ['ssl-verify-server-cert', '0'],
    ];
  return [
    ['ssl', '1'],
    ['ssl-verify-server-cert', '1'],
    ...(tls.ca === undefined ? [] : [['ssl-ca', tls.ca] as const]),
  ];
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
    message: `${name}: TLS mode ${tls.mode} cannot be had with ${path}: it ${why}.`,
    hints: ['Choose `engine: native` in the plan: it needs no client programs.'],
  });

import {
  type Address,
  type Connection,
  type Endpoint,
  type Role,
  type TlsOptions,
  defaultTlsMode,
  showVariables,
} from '../core/server/connection.js';
import { SyncError } from '../core/errors.js';
import { toConnectionName } from '../core/names.js';
import { findNearest } from '../core/nearest.js';
import type { LoadedConfig } from '../core/plan/config.js';
import type { InlineConnection, InlineTls, PlanFile } from '../core/plan/sync-plan.js';
import { Secret } from '../core/secret.js';
import { readHost } from '../core/server/host.js';
import { suggestCommand } from '../core/shell-word.js';
import type { ConnectionDirectory } from './ports/ports.js';

export interface ConnectionSurroundings {
  /** Opened only for a connection that is not written out in the plan. */
  readonly connections: () => Promise<ConnectionDirectory>;
  readonly config: LoadedConfig;
  readonly fromVariables?: PlanFile['fromVariables'];
}

/** A connection with its password. Rejects with CONN_UNKNOWN for a name that nobody saved, with CONN_PASSWORD when the password cannot be had. */
export const resolveEndpoint = async (
  role: Role,
  written: string | InlineConnection,
  { connections, config, fromVariables }: ConnectionSurroundings,
): Promise<Endpoint> => {
  const { default_timeout: timeout, pipelining } = config.config.connections;
  const reached =
    typeof written === 'string'
      ? await findConnection(written, await connections(), fromVariables)
      : { connection: toConnection(written), password: toSecret(written.password) };
  const { connection, password } = reached;
  const isSaved = typeof written === 'string';
  return {
    ...connection,
    role,
    timeoutMilliseconds: timeout * 1000,
    isPipelined: pipelining,
    isSaved,
    ...(fromVariables === undefined ? {} : { fromVariables }),
    ...(password === undefined ? {} : { password }),
  };
};

const findConnection = async (
  name: string,
  connections: ConnectionDirectory,
  fromVariables: PlanFile['fromVariables'],
): Promise<{ readonly connection: Connection; readonly password: Secret | undefined }> => {
  const connection = await connections.find(toConnectionName(name));
  if (!connection)
    throw explainUnknown(name, await connections.names(), showVariables(name, { fromVariables }));
  return { connection, password: await connections.password(connection) };
};

const explainUnknown = (name: string, names: readonly string[], shown: string): SyncError => {
  const nearest = findNearest(name, names);
  return new SyncError('CONN_UNKNOWN', {
    message: `there is no connection named "${shown}"`,
    hints: [
      ...(nearest.length > 0 ? [`Did you mean ${nearest.map((near) => `"${near}"`).join(' or ')}?`] : []),
      `Save it:         ${suggestCommand`connections add ${shown === name ? name : 'NAME'}`}`,
      'Those there are: mysql-sync connections list',
    ],
  });
};

const toSecret = (password: string | undefined): Secret | undefined =>
  password === undefined ? undefined : new Secret(password);

const toConnection = (inline: InlineConnection): Connection => {
  const { name, host, port = 3306, socket, ssh, user, tls, access = 'read-only' } = inline;
  const address =
    socket === undefined
      ? ({ kind: 'tcp', host: readInlineHost(name, host), port, ...(ssh !== undefined && { ssh }) } as const)
      : ({ kind: 'socket', path: socket } as const);
  return {
    name: toConnectionName(name),
    address,
    user,
    tls: toTlsOptions(address.kind, tls),
    access,
    isProtected: inline.protected ?? false,
  };
};

/** A plan from stdin or a file was checked before, so only a plan made by code can be refused here. */
const readInlineHost = (name: string, text = 'localhost'): string => {
  const reading = readHost(text);
  if ('host' in reading) return reading.host;
  throw new SyncError('INPUT_INVALID', { message: `${name}: ${reading.problem}` });
};

const toTlsOptions = (
  kind: Address['kind'],
  { mode, server_public_key: serverPublicKey, ...files }: InlineTls = {},
): TlsOptions => ({
  mode: mode ?? defaultTlsMode(kind, files),
  ...files,
  ...(serverPublicKey !== undefined && { serverPublicKey }),
});

import { resolve } from 'node:path';
import { Errors, Flags } from '@oclif/core';
import {
  type Access,
  type Address,
  type Connection,
  TLS_FILES,
  TLS_MODES,
  type TlsMode,
  type TlsOptions,
  defaultTlsMode,
  isSameLogin,
} from '../../core/server/connection.js';
import { readConnectionUrl } from '../../core/server/connection-url.js';
import { readHost } from '../../core/server/host.js';
import { readSshHost } from '../../core/server/ssh-host.js';
import type { ConnectionName } from '../../core/names.js';
import { toConnectionName } from '../../core/names.js';
import type { OptionFileLogin } from '../../adapters/option-file/read-login.js';

/** Flags that say where a password is; a password itself is never taken from argv, which everybody can read. */
export const passwordFlags = {
  'password-stdin': Flags.boolean({
    description: 'Read the password from stdin, to its end.',
    exclusive: ['password-env'],
  }),
  'password-env': Flags.string({
    description: 'Read the password from this environment variable.',
    helpValue: 'VAR',
  }),
  password: Flags.custom({
    char: 'p',
    hidden: true,
    parse: () => {
      throw new Errors.CLIError(
        'A password in the command line can be read by everybody on this machine. Use --password-stdin, --password-env VAR or --password-command CMD',
      );
    },
  })(),
};

/** Flags that describe a connection. */
export const connectionFlags = {
  host: Flags.string({
    description: 'Host name or address, or a URL such as mysql://user@host:3306.',
    helpValue: 'HOST',
  }),
  port: Flags.integer({ description: 'TCP port (default: 3306).', helpValue: 'PORT', min: 1, max: 65_535 }),
  socket: Flags.string({
    description: 'Path of a Unix socket, instead of host and port.',
    helpValue: 'PATH',
    exclusive: ['host', 'port'],
  }),
  ssh: Flags.string({
    description: 'SSH host through which the server is reached; "none" for a direct connection again.',
    helpValue: '[USER@]HOST[:PORT]',
    exclusive: ['socket'],
  }),
  user: Flags.string({ description: "The server's account.", helpValue: 'USER' }),
  tls: Flags.option({
    options: TLS_MODES,
    description: `How the connection is protected: ${TLS_MODES.join(', ')} (default: preferred; verify-ca with --ca; required with --cert; disabled with --socket).`,
    helpValue: 'MODE',
  })(),
  ca: Flags.string({ description: 'PEM file of the certificate authorities to trust.', helpValue: 'FILE' }),
  cert: Flags.string({
    description: 'PEM file of the certificate to show, for accounts that require one.',
    helpValue: 'FILE',
    dependsOn: ['key'],
  }),
  key: Flags.string({
    description: 'PEM file of the key of --cert, without a passphrase.',
    helpValue: 'FILE',
    dependsOn: ['cert'],
  }),
  'server-public-key': Flags.string({
    description:
      "PEM file of a MySQL server's RSA key, the only one that a password is sent under without TLS.",
    helpValue: 'FILE',
  }),
  access: Flags.option({
    options: ['read-only', 'read-write'] as const,
    description: 'Only a read-write connection can be a target (default: read-only).',
  })(),
  protected: Flags.boolean({
    description: 'Overwriting it needs a saved plan and its name.',
    allowNo: true,
  }),
  'password-command': Flags.string({
    description: 'Shell command that prints the password; run at each use, so nothing is kept.',
    helpValue: 'CMD',
    exclusive: ['password-stdin', 'password-env'],
  }),
  'from-defaults-file': Flags.string({
    description: 'Take host, port, socket, user, password and ssl options from a MySQL option file.',
    helpValue: 'FILE',
  }),
  group: Flags.string({
    description: 'Group of the option file to read after [client].',
    helpValue: 'GROUP',
    dependsOn: ['from-defaults-file'],
  }),
};

export interface ConnectionFlagValues {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly socket?: string | undefined;
  readonly ssh?: string | undefined;
  readonly user?: string | undefined;
  readonly tls?: TlsMode | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly 'server-public-key'?: string | undefined;
  readonly access?: Access | undefined;
  readonly protected?: boolean | undefined;
  readonly 'password-stdin'?: boolean | undefined;
  readonly 'password-env'?: string | undefined;
  readonly 'password-command'?: string | undefined;
}

const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63}$/u;

/** What is wrong with a connection's name: it must be one that can be typed in a shell and in a confirmation. */
export const checkConnectionName = (text: string): string | undefined =>
  NAME.test(text)
    ? undefined
    : `"${text}" cannot be a connection's name: letters, digits, "_", "." and "-", at most 64, no "." or "-" first`;

/** @throws a usage error when the name will not do. */
export const readConnectionName = (text: string): ConnectionName => {
  const problem = checkConnectionName(text);
  if (problem === undefined) return toConnectionName(text);
  throw new Errors.CLIError(problem);
};

/**
 * The connection that was asked for: a flag wins over the option file, and that over the connection that is replaced.
 * Throws a usage error when host or user are said by none of them.
 */
export const buildConnection = (
  name: ConnectionName,
  written: ConnectionFlagValues,
  file: OptionFileLogin | undefined,
  replaced: Connection | undefined,
): Connection => {
  const flags = takeUrlApart(written);
  const user = flags.user ?? file?.user ?? replaced?.user;
  if (user === undefined) throw new Errors.CLIError('Give the account of the server: --user USER');
  const address = chooseSsh(chooseAddress(flags, file, replaced?.address), flags.ssh, replaced?.address);
  // A command that prints the password of one login is not for another.
  const known = replaced && isSameLogin(replaced, { address, user }) ? replaced : undefined;
  const passwordCommand = choosePasswordCommand(flags, file, known);
  return {
    name,
    address,
    user,
    tls: chooseTls(flags, file, address.kind, replaced?.tls),
    access: flags.access ?? replaced?.access ?? 'read-only',
    isProtected: flags.protected ?? replaced?.isProtected ?? false,
    ...(passwordCommand !== undefined && { passwordCommand }),
  };
};

/** A URL in the place of the host says what no other flag says. */
const takeUrlApart = (flags: ConnectionFlagValues): ConnectionFlagValues => {
  const reading = flags.host === undefined ? undefined : readConnectionUrl(flags.host);
  if (reading === undefined) return flags;
  if ('problem' in reading) throw new Errors.CLIError(`--host: ${reading.problem}`);
  const { password, tlsMode: tls, ...parts } = reading.url;
  if (password)
    throw new Errors.CLIError(
      '--host: the URL has a password in it, and a command line can be read by everybody on this machine. Leave it out to be asked for it, or use --password-stdin, --password-env VAR or --password-command CMD',
    );
  const given = Object.entries(flags).filter(([key, value]) => value !== undefined && key !== 'host');
  return { ...(tls !== undefined && { tls }), ...parts, ...Object.fromEntries(given) };
};

const DEFAULT_PORT = 3306;

const chooseAddress = (
  flags: ConnectionFlagValues,
  file: OptionFileLogin | undefined,
  replaced: Address | undefined,
): Address => {
  const known = replaced?.kind === 'tcp' ? replaced : undefined;
  if (flags.socket !== undefined) return { kind: 'socket', path: resolve(flags.socket) };
  const host = flags.host ?? file?.host;
  if (host !== undefined)
    return {
      kind: 'tcp',
      host: checkHost(host),
      port: flags.port ?? file?.port ?? known?.port ?? DEFAULT_PORT,
    };
  if (file?.socket !== undefined && flags.port === undefined)
    return { kind: 'socket', path: resolve(file.socket) };
  if (known) return { ...known, port: flags.port ?? file?.port ?? known.port };
  if (replaced && flags.port === undefined) return replaced;
  throw new Errors.CLIError('Say where the server is: --host HOST [--port PORT] or --socket PATH');
};

/** A connection that is replaced keeps its SSH host, like its port, until another or "none" is given. */
const chooseSsh = (address: Address, given: string | undefined, replaced: Address | undefined): Address => {
  if (address.kind === 'socket') {
    if (given === undefined || given === 'none') return address;
    throw new Errors.CLIError('--ssh needs --host: a socket is on this machine');
  }
  const { host, port } = address;
  const kept = replaced?.kind === 'tcp' ? replaced.ssh : undefined;
  const ssh = given === 'none' ? undefined : (given ?? kept);
  if (ssh === undefined) return { kind: 'tcp', host, port };
  const reading = readSshHost(ssh);
  if ('problem' in reading) throw new Errors.CLIError(`--ssh: ${reading.problem}`);
  return { kind: 'tcp', host, port, ssh };
};

const checkHost = (text: string): string => {
  const reading = readHost(text);
  if ('host' in reading) return reading.host;
  const { problem, parts } = reading;
  throw new Errors.CLIError(
    parts === undefined
      ? `--host: ${problem}`
      : `The port has a flag of its own: --host ${parts.host} --port ${parts.port}`,
  );
};

const chooseTls = (
  flags: ConnectionFlagValues,
  file: OptionFileLogin | undefined,
  kind: Address['kind'],
  replaced: TlsOptions | undefined,
): TlsOptions => {
  const otherwise = replaced ?? { mode: defaultTlsMode(kind) };
  const given = {
    ca: flags.ca ?? file?.ca,
    ...(flags.cert === undefined
      ? { cert: file?.cert, key: file?.key }
      : { cert: flags.cert, key: flags.key }),
    serverPublicKey: flags['server-public-key'] ?? file?.serverPublicKey,
  };
  const mode = flags.tls ?? file?.tlsMode ?? impliedMode(otherwise.mode, given);
  const isVerified = mode.startsWith('verify-');
  if (!isVerified && flags.ca !== undefined)
    throw new Errors.CLIError(
      `--ca needs --tls verify-ca or verify-identity; with ${mode} nothing is verified`,
    );
  if (mode === 'disabled' && flags.cert !== undefined)
    throw new Errors.CLIError('--cert needs TLS; with --tls disabled no certificate is shown');
  const names = TLS_FILES.filter((name) => (name === 'ca' ? isVerified : true));
  const files = names.flatMap((name) => {
    const path = given[name] === undefined ? otherwise[name] : resolve(given[name]);
    return path === undefined ? [] : [[name, path] as const];
  });
  return { mode, ...Object.fromEntries(files) };
};

/** Files that only TLS has use for ask for it. */
const impliedMode = (
  otherwise: TlsMode,
  { ca, cert }: { readonly ca: string | undefined; readonly cert: string | undefined },
): TlsMode => {
  if (ca !== undefined) return otherwise === 'verify-identity' ? otherwise : 'verify-ca';
  const isOptional = otherwise === 'preferred' || otherwise === 'disabled';
  return cert !== undefined && isOptional ? 'required' : otherwise;
};

/** A password that is given now takes the place of a command. */
const choosePasswordCommand = (
  flags: ConnectionFlagValues,
  file: OptionFileLogin | undefined,
  replaced: Connection | undefined,
): string | undefined => {
  const hasPassword = flags['password-stdin'] || flags['password-env'] !== undefined || file?.password;
  return flags['password-command'] ?? (hasPassword ? undefined : replaced?.passwordCommand);
};

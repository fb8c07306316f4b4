import { resolve } from 'node:path';
import type { Prompts } from '../../adapters/terminal/prompts.js';
import {
  type Address,
  type Connection,
  TLS_MODES,
  type TlsMode,
  type TlsOptions,
  isSameLogin,
} from '../../core/server/connection.js';
import { type ConnectionUrl, hidePassword, readConnectionUrl } from '../../core/server/connection-url.js';
import { readHost } from '../../core/server/host.js';
import type { ConnectionName } from '../../core/names.js';
import type { Secret } from '../../core/secret.js';
import type { Step } from '../questions/ask-in-steps.js';
import { checkConnectionName, readConnectionName } from './connection-flags.js';

/** A connection with its password, as a person described it. */
export interface DescribedConnection {
  readonly connection: Connection;
  readonly password: Secret | undefined;
}

/** Asks for a new connection. `taken` are the names that it cannot have. */
export const askNewConnection = async (
  prompts: Prompts,
  step: Step,
  taken: readonly ConnectionName[],
): Promise<DescribedConnection> => {
  const name = await step(() => askName(prompts, taken));
  return askLogin(prompts, step, name, undefined);
};

/** Asks again where the server is and how to log in; Enter keeps each answer. All else stays as it is. */
export const askChangedConnection = (
  prompts: Prompts,
  step: Step,
  described: DescribedConnection,
): Promise<DescribedConnection> => askLogin(prompts, step, described.connection.name, described);

export const askName = async (
  prompts: Prompts,
  taken: readonly ConnectionName[],
): Promise<ConnectionName> => {
  const isTaken = (text: string): boolean => taken.some((name) => name === text);
  const check = (text: string): string | undefined =>
    checkConnectionName(text) ??
    (isTaken(text) ? `there is a connection called "${text}" already` : undefined);
  return readConnectionName(await prompts.text('Name for the connection, such as prod:', { check }));
};

const askLogin = async (
  prompts: Prompts,
  step: Step,
  name: ConnectionName,
  previous: DescribedConnection | undefined,
): Promise<DescribedConnection> => {
  const old = previous?.connection;
  const place = readPlace(await step(() => askPlace(prompts, old?.address)));
  const { socket, host = '' } = place;
  const address =
    socket === undefined
      ? ({
          kind: 'tcp',
          host,
          port: place.port ?? (await step(() => askPort(prompts, old?.address))),
          ...(old?.address.kind === 'tcp' && old.address.ssh !== undefined && { ssh: old.address.ssh }),
        } as const)
      : ({ kind: 'socket', path: resolve(socket) } as const);
  const user = place.user ?? (await step(() => askUser(prompts, old?.user)));
  // The password of one login is not for another.
  const known = old && isSameLogin(old, { address, user }) ? previous : undefined;
  const password = place.password ?? (await step(() => askPassword(prompts, user, known)));
  // What goes through a socket never leaves the machine.
  const mode =
    address.kind === 'socket'
      ? 'disabled'
      : (place.tlsMode ?? (await step(() => askTlsMode(prompts, old?.tls.mode))));
  const ca = mode.startsWith('verify-')
    ? (place.ca ?? (await step(() => askAuthority(prompts, old?.tls))))
    : '';
  const { ca: _, ...others } = old?.tls ?? {};
  const tls = { ...others, mode, ...(ca !== '' && { ca: resolve(ca) }) };
  const { passwordCommand: _command, ...kept } = { ...old };
  const connection = {
    access: 'read-only',
    isProtected: false,
    ...kept,
    ...(known?.connection.passwordCommand !== undefined && {
      passwordCommand: known.connection.passwordCommand,
    }),
    name,
    address,
    user,
    tls,
  } as const;
  return { connection, password };
};

/** One question for all: the path of a socket begins with a slash, and a URL says more than the address. */
export const askPlace = async (prompts: Prompts, old: Address | undefined): Promise<string> =>
  (
    await prompts.text('Host name or address, a URL, or the path of a socket:', {
      otherwise: old?.kind === 'socket' ? old.path : (old?.host ?? '127.0.0.1'),
      check: checkPlace,
      disguise: hidePassword,
    })
  ).trim();

const checkPlace = (text: string): string | undefined => {
  const place = text.trim();
  if (place === '') return 'a host name, an address, or the path of a socket';
  const url = readConnectionUrl(place);
  if (url) return 'problem' in url ? url.problem : undefined;
  const reading = place.startsWith('/') ? { host: place } : readHost(place);
  if ('host' in reading) return undefined;
  return reading.parts ? 'the port is the next question' : reading.problem;
};

/** An IPv6 address may stand in brackets. */
export const readPlace = (place: string): ConnectionUrl => {
  const url = readConnectionUrl(place);
  if (url && 'url' in url) return url.url;
  if (place.startsWith('/')) return { socket: place };
  const reading = readHost(place);
  return { host: 'host' in reading ? reading.host : place };
};

const DEFAULT_PORT = 3306;

const askPort = async (prompts: Prompts, old: Address | undefined): Promise<number> =>
  Number(
    await prompts.text('Port:', {
      otherwise: String(old?.kind === 'tcp' ? old.port : DEFAULT_PORT),
      check: (text) =>
        /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
          ? undefined
          : 'a number from 1 to 65535',
    }),
  );

export const askUser = (prompts: Prompts, otherwise: string | undefined): Promise<string> =>
  prompts.text("User, the server's account:", {
    check: (text) => (text === '' ? 'the account to log in with' : undefined),
    ...(otherwise !== undefined && { otherwise }),
  });

/** A password command is run at each use, so there is nothing to type. */
const askPassword = async (
  prompts: Prompts,
  user: string,
  previous: DescribedConnection | undefined,
): Promise<Secret | undefined> => {
  if (previous?.connection.passwordCommand !== undefined) return previous.password;
  const enter = previous?.password === undefined ? 'Enter for none' : 'Enter keeps it';
  const typed = await prompts.password(`Password of ${user} (${enter}):`);
  return typed.reveal() === '' ? previous?.password : typed;
};

const TLS_TITLES: Record<TlsMode, string> = {
  preferred: 'preferred        encrypted when the server can',
  required: 'required         always encrypted',
  'verify-ca': 'verify-ca        and the certificate is checked',
  'verify-identity': 'verify-identity  and the host name in it',
  disabled: 'disabled         not encrypted',
};

/** The mode of before, or the default, comes first. */
const askTlsMode = (prompts: Prompts, first: TlsMode = 'preferred'): Promise<TlsMode> =>
  prompts.choose(
    'TLS:',
    [first, ...TLS_MODES.filter((mode) => mode !== first)].map((mode) => ({
      value: mode,
      title: TLS_TITLES[mode],
      short: mode,
    })),
  );

const askAuthority = async (prompts: Prompts, old: TlsOptions | undefined): Promise<string> =>
  (
    await prompts.text('PEM file of the certificate authority (Enter for the known ones):', {
      ...(old?.ca !== undefined && { otherwise: old.ca }),
    })
  ).trim();

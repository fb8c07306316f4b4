import type { ConnectionName } from '../names.js';
import type { Secret } from '../secret.js';
import type { Tunnel } from './tunnel.js';

export type Access = 'read-only' | 'read-write';

/**
 * How the wire is protected, with one meaning for mysql2 and both vendors' clients: `preferred` encrypts where the
 * server can, `required` always, `verify-ca` also checks the signer, `verify-identity` also the host name.
 */
export const TLS_MODES = ['disabled', 'preferred', 'required', 'verify-ca', 'verify-identity'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

export interface TlsOptions {
  readonly mode: TlsMode;
  /** Path of a PEM file with the certificate authorities to trust. */
  readonly ca?: string;
  /** Paths of PEM files: the certificate that this side shows, and its key. Both or none. */
  readonly cert?: string;
  readonly key?: string;
  /** Path of a PEM file with the server's RSA key: a password may be sent under it where the wire is not encrypted. */
  readonly serverPublicKey?: string;
}

/** The keys of TLS options that are paths of files. */
export const TLS_FILES = ['ca', 'cert', 'key', 'serverPublicKey'] as const;

/** Where a server is. Exactly one of the two shapes. */
export type Address =
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** The SSH host through which the server is reached: `[user@]host[:port]`, or a name of the person's ssh config. */
      readonly ssh?: string;
    }
  | { readonly kind: 'socket'; readonly path: string };

/** A named way to reach a server, without its password. */
export interface Connection {
  readonly name: ConnectionName;
  readonly address: Address;
  readonly user: string;
  readonly tls: TlsOptions;
  readonly access: Access;
  /** Overwriting a protected target needs a saved plan and its name, whatever the config says. */
  readonly isProtected: boolean;
  /** Shell command that prints the password; only in saved connections, never in a plan file. */
  readonly passwordCommand?: string;
}

/** How a password is kept; `none` is the knowledge that the account has none. */
export type PasswordStorage = 'encrypted' | 'base64' | 'none';

/** A connection as kept in the store. Times are RFC 3339. */
export interface SavedConnection extends Connection {
  /** Is a password kept? */
  readonly hasPassword: boolean;
  /** Undefined when nothing is known of it. `base64` is not encryption. */
  readonly passwordStorage?: PasswordStorage;
  readonly createdAt: string;
  readonly lastUsedAt?: string;
  /** For example `MariaDB 10.11.19`, as seen at the last use. */
  readonly lastSeenServer?: string;
  /** What the server said of itself at the last use; see `ServerFacts.identity`. */
  readonly serverIdentity?: string;
}

export type Role = 'source' | 'target';

/** A connection resolved with a role and its password: what an adapter needs to connect. */
export interface Endpoint extends Connection {
  readonly role: Role;
  readonly password?: Secret;
  readonly timeoutMilliseconds: number;
  /** Are statements sent before those ahead of them are answered? Not where the person says that a proxy cannot. */
  readonly isPipelined: boolean;
  /** Is it kept under its name, so that commands can be told that name? */
  readonly isSaved?: boolean;
  /** How an address with an SSH host is reached, and the local socket that it had when this endpoint was made. */
  readonly tunnel?: Tunnel;
  readonly tunnelSocket?: string;
  /** What of it came from variables of the environment, with how the plan writes it: errors show only that. */
  readonly fromVariables?: readonly WrittenValue[];
}

export interface WrittenValue {
  readonly value: string;
  /** For example `${PROD_HOST}`. */
  readonly written: string;
}

/** The text with what came from variables as the plan writes it: the environment may hold secrets. */
export const showVariables = (
  text: string,
  { fromVariables = [] }: { readonly fromVariables?: readonly WrittenValue[] | undefined },
): string =>
  fromVariables.reduce((shown, { value, written }) => {
    const escaped = value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return shown.replaceAll(new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'g'), () => written);
  }, text);

/** `sync_ro@db-prod-1:3306`, `sync_ro@db:3306 through bastion` or `root@/run/mysqld.sock` */
export const describeAddress = ({ user, address }: Pick<Connection, 'user' | 'address'>): string => {
  if (address.kind === 'socket') return `${user}@${address.path}`;
  const { host, port, ssh } = address;
  return `${user}@${host}:${String(port)}${ssh === undefined ? '' : ` through ${ssh}`}`;
};

/** Who names an authority wants it checked; who shows a certificate needs TLS; on a socket there is no wire. */
export const defaultTlsMode = (
  kind: Address['kind'],
  { ca, cert }: Pick<TlsOptions, 'ca' | 'cert'> = {},
): TlsMode => {
  if (ca !== undefined) return 'verify-ca';
  if (cert !== undefined) return 'required';
  return kind === 'socket' ? 'disabled' : 'preferred';
};

/** An address that leads to the machine itself. */
export const isThisMachine = (address: Address): boolean =>
  address.kind === 'socket' ||
  // Behind an SSH host these names mean that host.
  (address.ssh === undefined && /^(?:localhost|127\.[\d.]+|::1)$/i.test(address.host));

/** The same account at the same address: only there a kept password may be sent. */
export const isSameLogin = (
  one: Pick<Connection, 'user' | 'address'>,
  other: Pick<Connection, 'user' | 'address'>,
): boolean => one.user === other.user && isSameAddress(one.address, other.address);

export const isSameAddress = (one: Address, other: Address): boolean =>
  one.kind === 'tcp'
    ? other.kind === 'tcp' && one.host === other.host && one.port === other.port && one.ssh === other.ssh
    : other.kind === 'socket' && one.path === other.path;

import {
  type Access,
  type Address,
  type Connection,
  type PasswordStorage,
  type SavedConnection,
  type TlsMode,
  isSameAddress,
} from '../../core/server/connection.js';
import { type ConnectionName, toConnectionName } from '../../core/names.js';
import type { Secret } from '../../core/secret.js';
import { connectionExistsError } from '../../core/server/connection-exists.js';
import { describeUnknownConnections } from '../../core/server/unknown-connection.js';
import { type KeptPassword, NO_PASSWORD, type PasswordVault } from './password-vault.js';
import type { StoreDatabase } from './store-database.js';

/** The connections that the person saved. Every method rejects with a SyncError. */
export interface SavedConnections {
  /** The most recently used first, then by name. */
  list(): Promise<readonly SavedConnection[]>;
  find(name: ConnectionName): Promise<SavedConnection | undefined>;
  /** Inserts or replaces it whole; a password that is not given is no longer kept. */
  save(connection: Connection, password: PasswordToKeep | undefined): Promise<void>;
  /** Gives it another name, which must be free; everything else of it stays. Rejects with CONN_UNKNOWN or CONN_EXISTS. */
  rename(from: ConnectionName, to: ConnectionName): Promise<void>;
  /** Saves the same once more under a name that must be free, never used so far. Rejects as `rename` does. */
  duplicate(from: ConnectionName, to: ConnectionName): Promise<void>;
  /** All of them or none: an unknown name rejects with CONN_UNKNOWN before anything is deleted. */
  delete(names: readonly ConnectionName[]): Promise<void>;
  /** Deletes every connection and tells how many there were. */
  clear(): Promise<number>;
  /** Notes that it was used now, and what answered; that it needs no password, when none is kept. */
  touch(name: ConnectionName, answer: ServerAnswer): Promise<void>;
  /** Undefined when none is kept, empty when the account has none. Rejects with CONN_PASSWORD when it cannot be decrypted. */
  password(name: ConnectionName): Promise<Secret | undefined>;
}

export interface ServerAnswer {
  /** For example `MariaDB 10.11.19` */
  readonly server: string;
  readonly identity: string;
  /** Was the account let in without a password? */
  readonly isPasswordless?: boolean;
}

export interface PasswordToKeep {
  readonly password: Secret;
  readonly storage: PasswordStorage;
}

interface ConnectionRow {
  readonly name: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly socket: string | null;
  readonly ssh: string | null;
  readonly user: string;
  readonly tls_mode: string;
  readonly tls_ca: string | null;
  readonly tls_cert: string | null;
  readonly tls_key: string | null;
  readonly tls_server_public_key: string | null;
  readonly access: string;
  readonly is_protected: number;
  readonly password_command: string | null;
  readonly password_storage: string | null;
  readonly password: string | null;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly last_seen_server: string | null;
  readonly server_identity: string | null;
}

const TABLE = 'connections';

export const createSavedConnections = (
  database: StoreDatabase,
  vault: PasswordVault,
  now: () => Date,
): SavedConnections => {
  const findRow = async (name: ConnectionName): Promise<ConnectionRow | undefined> =>
    database.run((db) => db<ConnectionRow>(TABLE).where({ name }).first());
  const refuseUnknown = async (names: readonly ConnectionName[]): Promise<void> => {
    const known = await database.run((db) => db<ConnectionRow>(TABLE).pluck('name'));
    const unknown = describeUnknownConnections(names, known);
    if (unknown) throw unknown;
  };
  /** A kept password is sealed together with the name, so it is sealed anew. */
  const copyRow = async (from: ConnectionName, to: ConnectionName): Promise<ConnectionRow> => {
    await refuseUnknown([from]);
    if (await findRow(to)) throw connectionExistsError(to);
    const row = await findRow(from);
    const old = keptPasswordOf(row);
    const kept = old && (await vault.keep(to, await vault.reveal(from, old), old.storage));
    return { ...(row as ConnectionRow), name: to, ...(kept && { password: kept.text }) };
  };
  return {
    list: async () => {
      const rows = await database.run((db) =>
        db<ConnectionRow>(TABLE).orderByRaw('last_used_at IS NULL, last_used_at DESC, name').select(),
      );
      return rows.map(toSavedConnection);
    },
    find: async (name) => {
      const row = await findRow(name);
      return row && toSavedConnection(row);
    },
    save: async (connection, password) => {
      const { name } = connection;
      const kept = password && (await vault.keep(name, password.password, password.storage));
      const row = toRow(connection, kept);
      const before = await findRow(name);
      const isMoved = before && !isSameAddress(toAddress(before), connection.address);
      const created = { ...row, created_at: now().toISOString() };
      const changed = isMoved ? { ...row, ...NEVER_USED } : row;
      await database.run((db) => db<ConnectionRow>(TABLE).insert(created).onConflict('name').merge(changed));
    },
    rename: async (from, to) => {
      const row = await copyRow(from, to);
      await database.run((db) =>
        db.transaction(async (transaction) => {
          await transaction<ConnectionRow>(TABLE).where({ name: from }).delete();
          await transaction<ConnectionRow>(TABLE).insert(row);
        }),
      );
    },
    duplicate: async (from, to) => {
      const row = await copyRow(from, to);
      const made = { created_at: now().toISOString(), last_used_at: null };
      await database.run((db) => db<ConnectionRow>(TABLE).insert({ ...row, ...made }));
    },
    delete: async (names) => {
      await refuseUnknown(names);
      await database.run((db) => db<ConnectionRow>(TABLE).whereIn('name', names).delete());
    },
    clear: async () => database.run((db) => db<ConnectionRow>(TABLE).delete()),
    touch: async (name, { server, identity, isPasswordless }) => {
      const used = { last_used_at: now().toISOString(), last_seen_server: server, server_identity: identity };
      await database.run((db) => db<ConnectionRow>(TABLE).where({ name }).update(used));
      if (!isPasswordless) return;
      const unknown = { name, password: null, password_command: null };
      const none = { password_storage: NO_PASSWORD.storage, password: NO_PASSWORD.text };
      await database.run((db) => db<ConnectionRow>(TABLE).where(unknown).update(none));
    },
    password: async (name) => {
      const kept = keptPasswordOf(await findRow(name));
      return kept && vault.reveal(name, kept);
    },
  };
};

const NEVER_USED = { last_used_at: null, last_seen_server: null, server_identity: null };

const toRow = (
  connection: Connection,
  kept: KeptPassword | undefined,
): Omit<ConnectionRow, 'created_at' | keyof typeof NEVER_USED> => {
  const { name, address, user, tls, access, isProtected, passwordCommand } = connection;
  return {
    name,
    host: address.kind === 'tcp' ? address.host : null,
    port: address.kind === 'tcp' ? address.port : null,
    socket: address.kind === 'socket' ? address.path : null,
    ssh: address.kind === 'tcp' ? (address.ssh ?? null) : null,
    user,
    tls_mode: tls.mode,
    tls_ca: tls.ca ?? null,
    tls_cert: tls.cert ?? null,
    tls_key: tls.key ?? null,
    tls_server_public_key: tls.serverPublicKey ?? null,
    access,
    is_protected: isProtected ? 1 : 0,
    password_command: passwordCommand ?? null,
    password_storage: kept?.storage ?? null,
    password: kept?.text ?? null,
  };
};

const keptPasswordOf = (row: ConnectionRow | undefined): KeptPassword | undefined =>
  row?.password == null || row.password_storage === null
    ? undefined
    : { storage: row.password_storage as PasswordStorage, text: row.password };

const toAddress = ({ host, port, socket, ssh }: ConnectionRow): Address =>
  socket === null
    ? { kind: 'tcp', host: host ?? '', port: port ?? 0, ...(ssh !== null && { ssh }) }
    : { kind: 'socket', path: socket };

const toSavedConnection = (row: ConnectionRow): SavedConnection => ({
  name: toConnectionName(row.name),
  address: toAddress(row),
  user: row.user,
  tls: {
    mode: row.tls_mode as TlsMode,
    ...(row.tls_ca !== null && { ca: row.tls_ca }),
    ...(row.tls_cert !== null && { cert: row.tls_cert }),
    ...(row.tls_key !== null && { key: row.tls_key }),
    ...(row.tls_server_public_key !== null && { serverPublicKey: row.tls_server_public_key }),
  },
  access: row.access as Access,
  isProtected: row.is_protected === 1,
  ...(row.password_command !== null && { passwordCommand: row.password_command }),
  hasPassword: row.password !== null && row.password_storage !== NO_PASSWORD.storage,
  ...(row.password_storage !== null && { passwordStorage: row.password_storage as PasswordStorage }),
  createdAt: row.created_at,
  ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
  ...(row.last_seen_server !== null && { lastSeenServer: row.last_seen_server }),
  ...(row.server_identity !== null && { serverIdentity: row.server_identity }),
});

import type mysql from 'mysql2';
import type { Endpoint } from '../../../../core/server/connection.js';
import type { Vendor } from '../../../../core/flavor.js';
import { logIn, openPlainSocket } from '../../connection/login.js';
import type { LaneMemory } from '../wire/lane-memory.js';
import { openLaneSocket } from '../wire/lane-socket.js';

/** The packets of this folder are written for connections without these. */
const FLAGS = ['-IGNORE_SPACE', '-CLIENT_QUERY_ATTRIBUTES', '-FOUND_ROWS'] as const;
/** Only a lane that writes may be asked for a file, and it sends none but the one that it has just announced. */
const ROLE_FLAGS = { source: ['-LOCAL_FILES'], target: [] } as const;
/** MariaDB reads its own capabilities where a client does not claim to be MySQL's; other servers do not look. */
const MARIADB_FLAGS = ['-LONG_PASSWORD'] as const;

/** A login, and whether the server agreed to take bulk statements. */
export interface LaneLogin {
  readonly connection: mysql.Connection;
  readonly takesBulk: boolean;
}

/**
 * Logs in for a lane: like `openConnection`, with the capabilities that the packets of this folder are written for.
 * The session is as the server makes it.
 * @throws SyncError as `openConnection`
 */
export const logInLane = async (
  endpoint: Endpoint,
  vendor: Vendor,
  memory: LaneMemory,
): Promise<LaneLogin> => {
  const { role } = endpoint;
  return logIn(endpoint, {
    options: {
      // mysql2 makes room for 16,000 of them in each connection; a lane writes to one table at a time.
      maxPreparedStatements: 16,
      flags: [...FLAGS, ...ROLE_FLAGS[role], ...(vendor === 'mariadb' ? MARIADB_FLAGS : [])],
    },
    openSocket: (reached, isEncrypted) =>
      isEncrypted ? openPlainSocket(reached) : openLaneSocket(reached, memory),
    begin: (connection) => {
      const handshake = role === 'target' && vendor === 'mariadb' ? askForBulk(connection) : undefined;
      return () => ({ connection, takesBulk: isBulkAgreed(handshake) });
    },
  });
};

/** MARIADB_CLIENT_STMT_BULK_OPERATIONS, one of MariaDB's own capabilities. */
const BULK_OPERATIONS = 4;

/** What is used of mysql2's insides: the command that logs in, which is the first one of a connection. */
interface Handshake {
  mariadbExtendedClientFlags: number;
  readonly handshake?: { readonly mariadbExtendedCapabilityFlags?: number } | null;
}

/** MariaDB takes bulk statements only of clients that announce them at the login, for which mysql2 has no option. */
const askForBulk = (connection: mysql.Connection): Handshake | undefined => {
  const { _command: handshake } = connection as unknown as { readonly _command?: Partial<Handshake> };
  if (handshake?.mariadbExtendedClientFlags !== 0) return undefined;
  handshake.mariadbExtendedClientFlags = BULK_OPERATIONS;
  return handshake as Handshake;
};

const isBulkAgreed = (login: Handshake | undefined): boolean => {
  const offered = login?.handshake?.mariadbExtendedCapabilityFlags ?? 0;
  return (offered & (login?.mariadbExtendedClientFlags ?? 0) & BULK_OPERATIONS) !== 0;
};

import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import type { DatabaseName } from '../../../core/names.js';
import { openConnection } from '../connection/connect.js';
import { toServerError } from '../connection/errors.js';
import { quoteName } from '../connection/identifiers.js';
import type { SharedConnection } from '../connection/shared-connection.js';
import { closeConnection, unlessSilent } from '../connection/silent-server.js';

/** Where statements of a plan run. */
export interface SessionPlace {
  readonly endpoint: Endpoint;
  /** Ends a statement that is no longer wanted. */
  readonly shared: SharedConnection;
  /** SQL that makes the session's writes replicable; empty where nothing has to be said. */
  readonly prepare: string;
}

export interface AbortableSession {
  readonly connection: mysql.Connection;
  /** `what` is tried, for errors that do not name an object themselves. */
  attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface SessionBegin {
  readonly database: DatabaseName;
  /** SQL, statement by statement. */
  readonly settings: readonly string[];
  /** What the session is for: `the hooks`. */
  readonly purpose: string;
}

/** A connection of its own in a database. When the signal aborts, the statement that runs is ended. */
export const openAbortable = async (
  { endpoint, shared, prepare }: SessionPlace,
  { database, settings, purpose }: SessionBegin,
  signal: AbortSignal,
): Promise<AbortableSession> => {
  const connection = await openConnection(endpoint);
  const attempt: AbortableSession['attempt'] = (what, work) =>
    unlessSilent(connection, endpoint, work).catch((error: unknown) => {
      throw toServerError(error, endpoint, what);
    });
  const stop = (): void => {
    const kill = `KILL QUERY ${String(connection.threadId)}`;
    // Where nobody can be asked any more, the statement has ended by itself.
    shared.use('end a statement of the plan', (other) => other.query(kill)).catch(() => undefined);
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    await closeConnection(connection);
  };
  try {
    await attempt(`prepare ${purpose} of ${database}`, async () => {
      if (prepare !== '') await connection.query(prepare);
      await connection.query(`USE ${quoteName(database)}`);
      for (const setting of settings) await connection.query(setting);
    });
  } catch (error) {
    await close();
    throw error;
  }
  signal.addEventListener('abort', stop);
  return { connection, attempt, close };
};

import type { Endpoint } from '../../../core/server/connection.js';
import { EVERY_SESSION, EVERY_SESSION_WISHED, NO_TIME_LIMITS } from '../../../core/session/every-session.js';
import type mysql from 'mysql2/promise';
import { socketOf } from './connect.js';
import { isConnectionLost, toServerError } from './errors.js';
import { type LentConnection, lendConnection } from './own-connection.js';
import { type SessionSettings, applySettings, sessionOf } from './session-settings.js';
import type { SharedConnection } from './shared-connection.js';
import { closeConnection, unlessSilent } from './silent-server.js';
import { together } from './together.js';

/** After so long without a word the server ends the session: well before it gives up the locks of a worker. */
const SILENCE_SECONDS = 120;

/** A statement that stands in a queue when its process stops is done or given up by then. */
const WAIT_SECONDS = 30;

/** Well within the first of them. */
const HEARTBEAT_MILLISECONDS = 30_000;

const SETTINGS: SessionSettings = {
  essential: [
    ...EVERY_SESSION,
    { name: 'lock_wait_timeout', value: String(WAIT_SECONDS) },
    { name: 'wait_timeout', value: String(SILENCE_SECONDS) },
  ],
  wished: [...EVERY_SESSION_WISHED, ...NO_TIME_LIMITS.filter(({ name }) => name !== 'wait_timeout')],
};

export interface FencedConnection extends SharedConnection {
  /** For work that changes its session, which is as it was when the next piece of work begins. */
  readonly useOwn: SharedConnection['use'];
  /** Another session in place of this one, whether it lives or not. */
  reopen(): Promise<void>;
}

/**
 * One session for pieces of work that change what is live. A process that stands still loses it before others can have
 * its locks, and finds nothing to go on with when it wakes up: what is lost is never replaced but by `reopen`. Each piece of
 * work has the session for itself. The session is not reset in between, because after that it would live for hours until it
 * is told otherwise.
 */
export const openFencedConnection = async (endpoint: Endpoint): Promise<FencedConnection> => {
  let session = await begin(endpoint);
  let turn: Promise<unknown> = Promise.resolve();
  let isChanged = false;
  const heart = setInterval(() => {
    session.connection.query('DO 0').catch(() => undefined);
  }, HEARTBEAT_MILLISECONDS).unref();
  const end = async ({ connection, giveBack }: LentConnection): Promise<void> => {
    if (!isOpen(connection)) return;
    await giveBack();
  };
  const inTurn =
    (changes: boolean): SharedConnection['use'] =>
    (attempt, work) => {
      const { connection } = session;
      const working = turn.then(async () => {
        try {
          if (!isOpen(connection)) throw lostError();
          return await unlessSilent(connection, endpoint, async () => {
            if (isChanged) await makeReady(connection, endpoint);
            isChanged = changes;
            return work(connection);
          });
        } catch (error) {
          if (isConnectionLost(error)) connection.destroy();
          throw toServerError(error, endpoint, attempt);
        }
      });
      turn = working.catch(() => undefined);
      return working;
    };
  return {
    use: inTurn(false),
    useOwn: inTurn(true),
    reopen: async () => {
      await turn;
      await end(session);
      session = await begin(endpoint);
      isChanged = false;
    },
    close: async () => {
      clearInterval(heart);
      await turn;
      await end(session);
    },
  };
};

/** `destroyed` of a socket that mysql2 was told to destroy says so at once. */
const isOpen = (connection: mysql.Connection): boolean => socketOf(connection)?.destroyed === false;

const begin = async (endpoint: Endpoint): Promise<LentConnection> => {
  const lent = await lendConnection(endpoint);
  try {
    await unlessSilent(lent.connection, endpoint, () => makeReady(lent.connection, endpoint));
    return lent;
  } catch (error) {
    await closeConnection(lent.connection);
    throw toServerError(error, endpoint, 'open a session for the swap');
  }
};

/** As it was at first: a piece of work may have changed any of it. */
const makeReady = async (connection: mysql.Connection, { name }: Endpoint): Promise<void> => {
  await together([
    connection.query('USE information_schema'),
    applySettings(sessionOf(connection, name), SETTINGS),
  ]);
};

const lostError = (): Error =>
  Object.assign(new Error('the session of this swap was ended'), {
    code: 'PROTOCOL_CONNECTION_LOST',
    fatal: true,
  });

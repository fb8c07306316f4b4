import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import { sha256Hex } from '../../../core/fingerprint.js';
import { type RunId, parseScratchName } from '../../../core/names.js';
import { quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { listScratchDatabases } from '../inventory/scratch-databases.js';
import { together } from '../connection/together.js';
import { tryToSet } from '../connection/session-settings.js';

/** Servers allow 64 characters for the name of a lock. */
const nameRunLock = (serverIdentity: string): string =>
  `mysql-sync:${sha256Hex(serverIdentity).slice(0, 40)}`;

/** A second lock of the same connection, by which others find out which run it is. */
const nameOwnLock = (run: RunId): string => `mysql-sync:run:${run}`;

/**
 * Takes the lock that one run at a time holds on a target server. It lives as long as the connection, so a run that
 * is killed frees it. `serverIdentity` is that of the target's facts.
 * @throws SyncError TARGET_LOCKED naming who holds it, which run that is where its staging tells, and since when
 */
export const takeRunLock = async (
  connection: mysql.Connection,
  serverIdentity: string,
  run: RunId,
): Promise<void> => {
  const name = quoteText(nameRunLock(serverIdentity));
  // The longest that servers allow: nothing is sent on this connection while the run works.
  const [, [taken]] = await together([
    tryToSet((sql) => connection.query(sql), 'SET wait_timeout = 31536000'),
    readRows(connection, `SELECT GET_LOCK(${name}, 0)`),
  ]);
  if (taken?.[0] === '1') {
    await connection.query(`DO GET_LOCK(${quoteText(nameOwnLock(run))}, 0)`);
    return;
  }
  const [holder] = await readRows(
    connection,
    `SELECT ID, USER, HOST, NOW() - INTERVAL TIME SECOND FROM information_schema.PROCESSLIST
     WHERE ID = IS_USED_LOCK(${name})`,
  );
  const [id, user, host, since] = holder ?? [];
  const holding = await findHoldingRun(connection, name);
  const other = holding === undefined ? 'another run' : `run ${holding}`;
  throw new SyncError('TARGET_LOCKED', {
    message: holder
      ? `${other} works on this target: connection ${id ?? ''} of ${user ?? ''}@${host ?? ''}, since ${since ?? ''} UTC`
      : `${other} works on this target`,
    hints: [
      'Wait for it to finish; apply waits itself with --lock-timeout SECONDS.',
      holder
        ? `When nothing runs there any more, end it on the target:  KILL ${id ?? ''};`
        : 'GRANT PROCESS ON *.* lets this account see who it is.',
    ],
  });
};

/** Every run that has begun to stage a database has its id in the name of one, and the one that holds the lock holds its own too. */
const findHoldingRun = async (connection: mysql.Connection, lock: string): Promise<RunId | undefined> => {
  const databases = await listScratchDatabases(connection);
  const runs = new Set(databases.flatMap((database) => parseScratchName(database)?.run ?? []));
  for (const run of runs) {
    const own = quoteText(nameOwnLock(run));
    const [row] = await readRows(connection, `SELECT IS_USED_LOCK(${own}) = IS_USED_LOCK(${lock})`);
    if (row?.[0] === '1') return run;
  }
  return undefined;
};

/**
 * Asks on another connection, so that the holder's own stays idle and tells since when it holds the lock.
 * @throws SyncError TARGET_LOCKED when connection `holderId` has lost the lock: the server was restarted or somebody
 * ended that connection, and another run may have begun
 */
export const checkRunLock = async (
  connection: mysql.Connection,
  serverIdentity: string,
  holderId: number,
): Promise<void> => {
  const [row] = await readRows(connection, `SELECT IS_USED_LOCK(${quoteText(nameRunLock(serverIdentity))})`);
  if (row?.[0] === String(holderId)) return;
  throw new SyncError('TARGET_LOCKED', {
    message: 'the lock on this target was lost during the run, so another run may have begun',
    hints: ['The server was restarted, or somebody ended the connection that held it. Start again.'],
  });
};

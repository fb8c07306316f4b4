import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import { type RunId, parseScratchName } from '../../../core/names.js';
import { formatPlural } from '../../../core/plural.js';
import { quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { listScratchDatabases } from '../inventory/scratch-databases.js';
import { together } from '../connection/together.js';
import { tryToSet } from '../connection/session-settings.js';
import { SEATS, nameOwnLock, nameRunLock, nameSeat } from './lock-names.js';

/**
 * Takes the lock that one run at a time holds on a target server, where no workers of a saved plan are at work, and gives
 * all that it took, as SQL. It lives as long as the connection, so a run that is killed frees it. `serverIdentity` is that of the target's facts.
 * @throws SyncError TARGET_LOCKED naming who holds it, which run that is where its staging tells, and since when
 */
export const takeRunLock = async (
  connection: mysql.Connection,
  serverIdentity: string,
  run: RunId,
): Promise<readonly string[]> => {
  const name = quoteText(nameRunLock(serverIdentity));
  const seats = Array.from({ length: SEATS }, (_, seat) => quoteText(nameSeat(serverIdentity, seat)));
  // The longest that servers allow: nothing is sent on this connection while the run works.
  const [, [taken], [holders = []]] = await together([
    tryToSet((sql) => connection.query(sql), 'SET wait_timeout = 31536000'),
    readRows(connection, `SELECT GET_LOCK(${name}, 0)`),
    readRows(connection, `SELECT ${seats.map((seat) => `IS_USED_LOCK(${seat})`).join(', ')}`),
  ]);
  if (taken?.[0] !== '1') throw await describeHolder(connection, name);
  const workers = seats.filter((_, seat) => (holders[seat] ?? null) !== null);
  const [first] = workers;
  if (first !== undefined) throw await describeHolder(connection, first, workers.length);
  const own = quoteText(nameOwnLock(run));
  await connection.query(`DO GET_LOCK(${own}, 0)`);
  return [own, name];
};

/**
 * Frees locks, which are SQL, before the goodbye of their connection: a server frees what is left only some time after
 * that, and refuses whoever comes in between.
 */
export const freeLocks = async (connection: mysql.Connection, locks: readonly string[]): Promise<void> => {
  if (locks.length === 0) return;
  await connection.query(`DO ${locks.map((lock) => `RELEASE_LOCK(${lock})`).join(', ')}`);
};

/** Who has a lock, as far as this account may see it. `lock` is SQL; `workers` are there where it is a seat of theirs. */
export const describeHolder = async (
  connection: mysql.Connection,
  lock: string,
  workers = 0,
): Promise<SyncError> => {
  const [holder] = await readRows(
    connection,
    `SELECT ID, USER, HOST, NOW() - INTERVAL TIME SECOND FROM information_schema.PROCESSLIST
     WHERE ID = IS_USED_LOCK(${lock})`,
  );
  const [id, user, host, since] = holder ?? [];
  const holding = await findHoldingRun(connection, lock);
  const run = holding === undefined ? 'another run' : `run ${holding}`;
  const who =
    workers === 0
      ? `${run} works on this target`
      : `${formatPlural(workers, 'worker')} of a saved plan (apply --claim) ${workers === 1 ? 'is' : 'are'} at work on this target, ${run} among them`;
  return new SyncError('TARGET_LOCKED', {
    message: holder
      ? `${who}: connection ${id ?? ''} of ${user ?? ''}@${host ?? ''}, since ${since ?? ''} UTC`
      : who,
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

import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import type { DatabaseName } from '../../../core/names.js';
import type { Worker } from '../../../engine/ports/locks.js';
import { quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { tryToSet } from '../connection/session-settings.js';
import { together } from '../connection/together.js';
import { SEATS, nameClaim, nameOwnLock, namePlanSeat, nameRunLock, nameSeat } from './lock-names.js';
import { describeHolder, freeLocks } from './run-lock.js';

/** Others hold the lock of the target for a few round trips while they sit down. */
const WAIT_SECONDS = 10;

/** A worker that does not ask for so long is gone, with its machine or paused, and loses its locks. */
const SILENCE_SECONDS = 300;

/**
 * Takes a seat among the workers of one saved plan, and gives its locks, as SQL. It lives as long as the connection,
 * which has to be used now and then. The lock of runs that work alone is held meanwhile, so that none of them begins at
 * the same time.
 * @throws SyncError TARGET_LOCKED while a run of something else is at work, or all seats are taken
 */
export const takeSeat = async (
  connection: mysql.Connection,
  identity: string,
  { run, savedPlan }: Worker,
): Promise<readonly string[]> => {
  const alone = quoteText(nameRunLock(identity));
  const seats = Array.from({ length: SEATS }, (_, seat) => ({
    ofAll: quoteText(nameSeat(identity, seat)),
    ofPlan: quoteText(namePlanSeat(identity, savedPlan, seat)),
  }));
  const asked = seats.flatMap(({ ofAll, ofPlan }) => [
    `IS_USED_LOCK(${ofAll})`,
    `IS_USED_LOCK(${ofPlan}) = IS_USED_LOCK(${ofAll})`,
  ]);
  const [, [taken], [told = []]] = await together([
    tryToSet((sql) => connection.query(sql), `SET wait_timeout = ${String(SILENCE_SECONDS)}`),
    readRows(connection, `SELECT GET_LOCK(${alone}, ${String(WAIT_SECONDS)})`),
    readRows(connection, `SELECT ${asked.join(', ')}`),
  ]);
  if (taken?.[0] !== '1') throw await describeHolder(connection, alone);
  const states = seats.map((seat, at) => ({
    ...seat,
    isTaken: (told[2 * at] ?? null) !== null,
    isOurs: told[2 * at + 1] === '1',
  }));
  const others = states.filter(({ isTaken, isOurs }) => isTaken && !isOurs);
  const [other] = others;
  if (other) throw await describeHolder(connection, other.ofAll, others.length);
  const free = states.find(({ isTaken }) => !isTaken);
  if (!free)
    throw new SyncError('TARGET_LOCKED', {
      message: `${String(SEATS)} workers of this saved plan are at work on this target, and it takes no more`,
      hints: ['Start this one again when some of them have ended.'],
    });
  const locks = [free.ofAll, free.ofPlan, quoteText(nameOwnLock(run))];
  const [[got = []]] = await together([
    readRows(connection, `SELECT ${locks.map(take).join(' + ')}`),
    readRows(connection, `SELECT RELEASE_LOCK(${alone})`),
  ]);
  if (got[0] !== String(locks.length)) throw lostError();
  return locks;
};

const take = (lock: string): string => `GET_LOCK(${lock}, 0)`;
const isOwn = (lock: string): string => `COALESCE(IS_USED_LOCK(${lock}) = CONNECTION_ID(), 0)`;

/**
 * Takes the locks of these databases, all or none; gives them, or undefined where another worker has one. Called for
 * what this connection does not have yet: a server gives a lock to its holder once more.
 * @throws SyncError TARGET_LOCKED where the seat is lost
 */
export const takeClaim = async (
  connection: mysql.Connection,
  identity: string,
  seat: readonly string[],
  databases: readonly DatabaseName[],
): Promise<readonly string[] | undefined> => {
  const locks = databases.map((database) => quoteText(nameClaim(identity, database)));
  const [told = []] = await readRows(
    connection,
    `SELECT ${[...seat.map(isOwn), ...locks.map(take)].join(', ')}`,
  );
  if (seat.some((_, at) => told[at] !== '1')) throw lostError();
  const got = locks.filter((_, at) => told[seat.length + at] === '1');
  if (got.length === locks.length) return locks;
  await freeLocks(connection, got);
  return undefined;
};

/** @throws SyncError TARGET_LOCKED where this connection, which took them, has not all of these locks any more */
export const checkLocks = async (connection: mysql.Connection, locks: readonly string[]): Promise<void> => {
  const [told = []] = await readRows(connection, `SELECT ${locks.map(isOwn).join(' + ')}`);
  if (told[0] !== String(locks.length)) throw lostError();
};

export const lostError = (cause?: unknown): SyncError =>
  new SyncError('TARGET_LOCKED', {
    message:
      'this worker lost its locks on the target, so another worker may have begun with the same database',
    hints: [
      'Its connection was ended, or it stood still for too long. Start it again: it goes on with what is left.',
    ],
    cause,
  });

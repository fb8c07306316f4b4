import { sha256Hex } from '../../../core/fingerprint.js';
import type { DatabaseName, RunId } from '../../../core/names.js';

/** Servers allow 64 characters for the name of a lock. `identity` is that of the target's facts. */
const nameLock = (use: string, facts: string): string => `mysql-sync:${use}${sha256Hex(facts).slice(0, 40)}`;

/** What a run alone on a target holds for all its time, and a worker only while it takes its seat. */
export const nameRunLock = (identity: string): string => nameLock('', identity);

/** A second lock of the same connection, by which others find out which run it is. */
export const nameOwnLock = (run: RunId): string => `mysql-sync:run:${run}`;

/** So many workers may be on one target. */
export const SEATS = 64;

/** A worker has the lock of one seat, for whatever plan, and the lock of the same seat for its own plan. */
export const nameSeat = (identity: string, seat: number): string =>
  `${nameLock('', identity)}:${String(seat)}`;
export const namePlanSeat = (identity: string, savedPlan: string, seat: number): string =>
  `${nameLock('plan:', JSON.stringify([identity, savedPlan]))}:${String(seat)}`;

/** Of a live database that a worker works on, in lower case where the server tells no cases apart. */
export const nameClaim = (identity: string, live: DatabaseName): string =>
  nameLock('db:', JSON.stringify([identity, live]));

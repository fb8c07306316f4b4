import type { DatabaseName, RunId } from '../names.js';

/**
 * What an earlier run has on the target. `kept`: the content that it replaced, for `rollback`. `staging`: it was still
 * loading. `swapping`: it ended, or is, between the old and the new content. `empty`: a run was killed before it wrote its journal.
 * `unknown`: nothing says that it is ours, so nothing of it is touched.
 */
export interface ScratchDatabase {
  readonly database: DatabaseName;
  readonly state: 'kept' | 'staging' | 'swapping' | 'empty' | 'unknown';
  /** Why it is not acted on; null where all is well. */
  readonly doubt: string | null;
  readonly run: RunId | null;
  /** The live database that it belongs to. */
  readonly live: DatabaseName | null;
  /** Id of the saved plan that the run applied. */
  readonly savedPlan: string | null;
  /** RFC 3339 */
  readonly startedAt: string | null;
  /** Null when the live database did not exist before that run, so that rolling back removes it. */
  readonly tables: number | null;
  readonly bytes: number;
}

/** Is it the content that a run replaced, and to be believed? */
export const isKept = ({ state, doubt }: ScratchDatabase): boolean => state === 'kept' && doubt === null;

/** Is it a copy that a run has not finished, and to be believed? */
export const isBegun = ({ state, doubt }: ScratchDatabase): boolean => state === 'staging' && doubt === null;

/** What an unfinished copy of this age has is mostly not so any more. */
const MOST_AGE_MILLISECONDS = 7 * 24 * 3_600_000;

/** Is an unfinished copy too old to be gone on from? */
export const isTooOld = (startedAt: string, now: Date): boolean =>
  !(now.getTime() - Date.parse(startedAt) <= MOST_AGE_MILLISECONDS);

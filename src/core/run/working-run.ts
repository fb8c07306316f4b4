import type { DatabaseName, RunId } from '../names.js';

/** A database that a run is at now. */
export interface WorkingRun {
  readonly database: DatabaseName;
  readonly run: RunId;
  readonly plan: string;
  /** When the database was begun, by the clock of the run's machine, RFC 3339. */
  readonly startedAt: string;
  readonly phase: 'staging' | 'swapping';
  /** `user@host` of its connection; null where this account may not see it. */
  readonly by: string | null;
}

import type { DatabaseOutcome } from '../core/run/outcome.js';
import type { CopyProgress, Phase } from '../core/run/run-event.js';

/** One database of a run that a person watches. */
export interface LiveDatabase {
  readonly name: string;
  /** The source's estimate in bytes: what a database weighs in the progress of the run. */
  readonly size: number;
  /** Undefined before it starts. */
  readonly phase: Phase | undefined;
  /** When the phase began. */
  readonly since: number;
  readonly progress: CopyProgress | undefined;
  /** Said instead of the phase. */
  readonly retry: string | undefined;
  /** Undefined before it ends. */
  readonly outcome: DatabaseOutcome | undefined;
}

/** A run at one moment; times are of a monotonic clock. */
export interface LiveRun {
  readonly databases: readonly LiveDatabase[];
  readonly startedAt: number;
  readonly now: number;
  /** Why no rows are read, where the whole run is paused. */
  readonly pause: string | undefined;
}

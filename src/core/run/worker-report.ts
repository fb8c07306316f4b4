import type { ErrorReport } from '../errors.js';
import type { DatabaseName, RunId } from '../names.js';
import type { DatabaseOutcome } from './outcome.js';

/** What one process told of its apply, in its `--json` document or its `--events`. */
export interface WorkerReport {
  /** As the person named it. */
  readonly file: string;
  /** Null where no run began. */
  readonly run: RunId | null;
  /** Null where the file does not tell. */
  readonly target: string | null;
  /** Id of the saved plan that it applied; null where it applied none, or does not tell. */
  readonly savedPlan: string | null;
  /** Null where the process ended before it could tell: it was killed, or its machine went. */
  readonly exitCode: number | null;
  readonly durationMilliseconds: number;
  readonly outcomes: readonly DatabaseOutcome[];
  /** Databases of the run, by their names on the target, of which it did not tell the end. */
  readonly unfinished: readonly UnfinishedDatabase[];
  /** Why no run began, or why it was given up. */
  readonly error: ErrorReport | null;
}

export interface UnfinishedDatabase {
  readonly to: DatabaseName;
  readonly isBegun: boolean;
}

import type { ErrorReport } from '../errors.js';
import type { RunId } from '../names.js';
import type { RunSummary } from './outcome.js';

/** How one call of apply ended, as those who were not there are told. */
export interface ApplyEnd extends RunSummary {
  /** Null where it ended before a run began. */
  readonly run: RunId | null;
  /** Names of the plan and of its target; null where the plan could not be read. */
  readonly plan: string | null;
  readonly target: string | null;
  /** Why no run began, or why it was given up. */
  readonly error: ErrorReport | null;
}

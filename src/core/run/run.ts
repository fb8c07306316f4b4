import { type DatabaseOutcome, leavesWork } from './outcome.js';
import type { DatabaseName, RunId } from '../names.js';

/** A database of a run, as the source and as the target calls it. */
export interface RunDatabase {
  readonly from: DatabaseName;
  readonly to: DatabaseName;
}

/** One apply or rollback as the history keeps it. Times are RFC 3339. */
export interface Run {
  readonly id: RunId;
  readonly kind: 'apply' | 'rollback';
  /** Id of the saved plan that was applied. */
  readonly savedPlan?: string;
  readonly startedAt: string;
  /** Undefined while it runs, or when its process was killed. */
  readonly finishedAt?: string;
  /** `user@host` of the person or pipeline. */
  readonly startedBy: string;
  readonly processId: number;
  readonly plan: { readonly name: string; readonly path: string; readonly digest: string };
  readonly source: { readonly name: string; readonly address: string; readonly server: string };
  readonly target: { readonly name: string; readonly address: string; readonly server: string };
  readonly databases: readonly RunDatabase[];
  readonly exitCode?: number;
  readonly outcomes: readonly DatabaseOutcome[];
  readonly logPath?: string;
}

/**
 * `interrupted`: its process is gone and never closed it. `unknown`: never closed, and started on another machine,
 * whose processes cannot be asked.
 */
export type RunState = 'finished' | 'running' | 'interrupted' | 'unknown';

/** A run as read back from the history. */
export interface PastRun extends Run {
  readonly state: RunState;
}

/** Which runs to list, newest first. */
export interface RunQuery {
  readonly limit: number;
  /** Name or path of a plan. */
  readonly plan?: string;
  /** `failed`: every run that ended with another exit code than 0, or never ended. */
  readonly only?: 'failed';
  readonly since?: Date;
}

/** Did it end badly? A run that still goes on did not. */
export const hasFailed = ({ state, exitCode }: PastRun): boolean =>
  state === 'finished' ? exitCode !== 0 : state !== 'running';

/** Databases of a run that ended before they did. */
export const unfinishedDatabases = ({ databases, outcomes }: PastRun): readonly RunDatabase[] =>
  databases.filter((database) => !outcomes.some(({ to }) => to === database.to));

/** Databases of a run that it did not apply: they failed, were interrupted, or never began. */
export const leftDatabases = (run: PastRun): readonly RunDatabase[] => [
  ...run.outcomes.filter(leavesWork).map(({ from, to }) => ({ from, to })),
  ...unfinishedDatabases(run),
];

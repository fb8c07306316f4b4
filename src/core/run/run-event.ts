import type { DatabaseName, RunId, TableName } from '../names.js';
import type { DatabaseOutcome, HookResult, PreserveResult, RunSummary } from './outcome.js';

/** The stages of one database, in their order. */
export const PHASES = ['compare', 'stage', 'copy', 'verify', 'preserve', 'hooks', 'swap', 'clean'] as const;
export type Phase = (typeof PHASES)[number];

/** Everything that happens in a run. The terminal, the log, the history and `--events` are views of it. */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly run: RunId;
      readonly databases: readonly DatabaseName[];
      readonly target: string;
      /** The name of the sync plan. */
      readonly plan: string;
      /** Id of the saved plan that is applied; null without one. */
      readonly savedPlan: string | null;
    }
  /** Before the run starts: what a killed run had left, and what became of it. */
  | { readonly type: 'recovered'; readonly message: string }
  | { readonly type: 'database-started'; readonly database: DatabaseName }
  | { readonly type: 'phase-started'; readonly database: DatabaseName; readonly phase: Phase }
  /** Under what conditions the rows travel, in words. */
  | { readonly type: 'conditions'; readonly database: DatabaseName; readonly message: string }
  /** Of the comparison with the source or of the copy, as the phase says. */
  | { readonly type: 'progress'; readonly database: DatabaseName; readonly progress: CopyProgress }
  | {
      readonly type: 'retrying';
      readonly database: DatabaseName;
      readonly attempt: number;
      readonly delayMilliseconds: number;
      readonly reason: string;
    }
  /** What a refresh does with each table that it could leave: one that is kept has the source's rows already. */
  | {
      readonly type: 'refresh';
      readonly database: DatabaseName;
      readonly kept: readonly TableName[];
      readonly copied: readonly { readonly table: TableName; readonly reason: string }[];
    }
  /** Rows of a live table are in the copy. */
  | ({ readonly type: 'preserve'; readonly database: DatabaseName } & PreserveResult)
  /** A hook has run: the rows that it changed, null of an assertion that held. */
  | ({ readonly type: 'hook'; readonly database: DatabaseName } & HookResult)
  | { readonly type: 'note'; readonly database: DatabaseName; readonly message: string }
  /** No rows are read, of any database; the reason in words. */
  | { readonly type: 'paused'; readonly reason: string }
  | { readonly type: 'resumed' }
  /** What is in flight is finished, within the grace time where there is one, and nothing more starts. */
  | { readonly type: 'draining'; readonly signal: string; readonly graceSeconds?: number }
  /** A second signal, or the grace time is over: what is in flight is left. */
  | { readonly type: 'stopping'; readonly signal: string; readonly graceSeconds?: number }
  | { readonly type: 'database-finished'; readonly database: DatabaseName; readonly outcome: DatabaseOutcome }
  | { readonly type: 'run-finished'; readonly run: RunId; readonly summary: RunSummary };

export interface CopyProgress {
  /** That are copied, or were found to stay; in the phase `compare` those that were compared, about. */
  readonly rows: number;
  /** That have travelled. */
  readonly bytes: number;
  /** The source's estimate of the rows in all. */
  readonly rowsEstimate: number;
  readonly tablesDone: number;
  readonly tables: number;
  /** The tables in flight. */
  readonly current: readonly TableName[];
}

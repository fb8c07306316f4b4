import type { DatabaseName, RunId } from '../core/names.js';
import type { Swap } from './tasks/swap-definition.js';

/**
 * What a run writes down on the target about one database, in the scratch database that its retired tables go to:
 * enough to finish or undo its swap after a crash, and to roll back later.
 */
export type Journal = JournalHeader &
  ({ readonly phase: 'staging' } | { readonly phase: 'swapping' | 'kept'; readonly swap: Swap });

export interface JournalHeader {
  readonly format: 1;
  readonly run: RunId;
  readonly live: DatabaseName;
  readonly staging: DatabaseName;
  readonly retired: DatabaseName;
  /** RFC 3339 */
  readonly startedAt: string;
  /** Whose run it is: a rollback that names a plan undoes runs of that plan only. A rollback has that of what it undoes. */
  readonly plan: PlanMark;
  /** Id of the saved plan that is applied: it is good once. */
  readonly savedPlan?: string;
  /** The live databases that are swapped by the same rename. */
  readonly together?: readonly DatabaseName[];
}

/** A sync plan as of one run. */
export interface PlanMark {
  readonly name: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
}

export type SwapJournal = Extract<Journal, { swap: Swap }>;

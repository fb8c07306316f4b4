import type { ChangeSet } from '../core/change/change-set.js';
import type { RunId } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { Narrowing } from './plan-sync.js';
import type { RunSignals } from './run-context.js';
import type { Keep } from './with-scratch.js';

export interface ApplyRequest {
  readonly run: RunId;
  /** Id of the saved plan that is applied. */
  readonly savedPlan: string | undefined;
  readonly plan: ResolvedPlan;
  /** What was shown and approved. */
  readonly changeSet: ChangeSet;
  readonly narrowing: Narrowing;
  readonly onFailure: 'continue' | 'stop';
  readonly signals: RunSignals;
  readonly keep: Keep;
  readonly lockWaitMilliseconds: number;
  /** How often a transient error of one database is tried again. */
  readonly maxRetries: number;
  /** Who and where, for the history. */
  readonly startedBy: string;
  readonly processId: number;
  readonly logPath: string | undefined;
}

/** Of one process of those that share a saved plan. */
export type ClaimRequest = ApplyRequest & { readonly savedPlan: string };

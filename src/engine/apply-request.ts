import type { ChangeSet } from '../core/change/change-set.js';
import type { RunId } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { Narrowing, PlannedSync } from './plan-sync.js';
import type { RunLock } from './ports/locks.js';
import type { RunSignals } from './run-context.js';
import type { Keep } from './with-scratch.js';

export interface ApplyRequest {
  readonly run: RunId;
  /** Id of the saved plan that is applied. */
  readonly savedPlan: string | undefined;
  readonly plan: ResolvedPlan;
  /** What was shown and approved. */
  readonly changeSet: ChangeSet;
  /** Where the servers were looked at for it under the target's lock, which stays the caller's. */
  readonly held?: LockedLook | undefined;
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

/** No other run can have begun or ended since. */
export interface LockedLook {
  readonly lock: RunLock;
  readonly planned: PlannedSync;
}

/** Of one process of those that share a saved plan. */
export type ClaimRequest = ApplyRequest & { readonly savedPlan: string };

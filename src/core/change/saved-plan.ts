import type { ChangeSet, ServerSummary } from './change-set.js';
import { FORMAT_VERSION } from '../document.js';
import { findDrift } from './drift.js';
import { SyncError } from '../errors.js';
import { sha256Hex } from '../fingerprint.js';
import { suggestCommand } from '../shell-word.js';
import { planArgument } from '../plan/unsaved-plan.js';

/** A change set as `plan --out` writes it: plain JSON, no secrets, pinned to both servers, good once and for a day. */
export interface SavedPlan {
  readonly formatVersion: string;
  readonly kind: 'saved-plan';
  /** Names this saved plan in the history and in journals, so that it is applied once. */
  readonly id: string;
  /** RFC 3339 */
  readonly created: string;
  readonly expires: string;
  /** `--only` and `--exclude` of the plan call. */
  readonly narrowing: { readonly only: readonly string[]; readonly exclude: readonly string[] };
  readonly changeSet: ChangeSet;
  /** SHA-256 over the rest, against edits by hand. What makes a saved plan safe is that apply looks again. */
  readonly checksum: string;
}

const LIFETIME_MILLISECONDS = 24 * 60 * 60 * 1000;

type Unsealed = Omit<SavedPlan, 'checksum'>;

const checksumOf = (plan: Unsealed): string => sha256Hex(JSON.stringify(plan));

export const savePlan = (
  changeSet: ChangeSet,
  narrowing: SavedPlan['narrowing'],
  { id, now }: { readonly id: string; readonly now: Date },
): SavedPlan => {
  const plan: Unsealed = {
    formatVersion: FORMAT_VERSION,
    kind: 'saved-plan',
    id,
    created: now.toISOString(),
    expires: new Date(now.getTime() + LIFETIME_MILLISECONDS).toISOString(),
    narrowing,
    changeSet,
  };
  return { ...plan, checksum: checksumOf(plan) };
};

/** Throws PLAN_SCHEMA when the file was edited. Key order is part of the sum: JSON.parse keeps it. */
export const refuseEdited = ({ checksum, ...plan }: SavedPlan, path: string): void => {
  if (checksumOf(plan) === checksum) return;
  throw new SyncError('PLAN_SCHEMA', {
    message: `${path}: was changed since plan wrote it (its checksum does not match)`,
    hints: [againHint(plan)],
  });
};

/** Clocks of two machines differ by so much. */
const SKEW_MILLISECONDS = 5 * 60 * 1000;

/** Throws PLAN_EXPIRED, also when the clock was moved back: nobody knows then how old the plan is. */
export const refuseExpired = (plan: SavedPlan, path: string, now: Date): void => {
  const isFromFuture = now.getTime() < Date.parse(plan.created) - SKEW_MILLISECONDS;
  if (!isFromFuture && now.getTime() < Date.parse(plan.expires)) return;
  throw new SyncError('PLAN_EXPIRED', {
    message: isFromFuture
      ? `${path}: was saved at ${plan.created}, and the clock of this machine shows ${now.toISOString()}`
      : `${path}: expired at ${plan.expires}`,
    hints: [againHint(plan)],
  });
};

/** The servers and the sync plan. */
export interface PlanBasis {
  readonly source: Pick<ServerSummary, 'identity' | 'address'>;
  readonly target: Pick<ServerSummary, 'identity' | 'address'>;
  readonly plan: Pick<ChangeSet['plan'], 'digest'>;
}

/** Throws PLAN_OTHER_SERVER or PLAN_STALE, saying what moved since the plan was saved. */
export const refuseStale = (plan: SavedPlan, path: string, now: ChangeSet): void => {
  refuseElsewhere(plan, path, now);
  refuseDrift(plan, path, [...describeEdit(plan, now.plan), ...findDrift(plan.changeSet, now)]);
};

/** The same of what can be told before the servers are looked at: the databases may be worked on by others. */
export const refuseOtherBasis = (plan: SavedPlan, path: string, now: PlanBasis): void => {
  refuseElsewhere(plan, path, now);
  refuseDrift(plan, path, describeEdit(plan, now.plan));
};

const refuseElsewhere = (plan: SavedPlan, path: string, now: PlanBasis): void => {
  const saved = plan.changeSet;
  for (const role of ['source', 'target'] as const) {
    if (saved[role].identity === now[role].identity) continue;
    throw new SyncError('PLAN_OTHER_SERVER', {
      message: `${path}: ${role} ${saved[role].name} was ${saved[role].address} when the plan was saved, and is a different server now (${now[role].address})`,
      hints: [againHint(plan)],
    });
  }
};

const describeEdit = (
  { changeSet: { plan } }: SavedPlan,
  now: Pick<ChangeSet['plan'], 'digest'>,
): readonly string[] => (plan.digest === now.digest ? [] : [`${plan.path}: the sync plan was edited`]);

const refuseDrift = (plan: SavedPlan, path: string, drift: readonly string[]): void => {
  if (drift.length === 0) return;
  throw new SyncError('PLAN_STALE', {
    message: [`${path} is stale:`, ...drift.map((line) => `  ${line}`)],
    hints: [againHint(plan)],
  });
};

const againHint = ({ changeSet }: Pick<SavedPlan, 'changeSet'>): string =>
  `Plan again:  ${suggestCommand`plan ${planArgument(changeSet.plan.path)} --out FILE`}`;

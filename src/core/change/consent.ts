import { exactPattern } from '../plan/pattern.js';
import { type ChangeSet, type Hazard, countActions, isPending } from './change-set.js';
import type { ExitName } from '../exit-codes.js';
import { ERROR_EXITS, type ErrorCode, SyncError } from '../errors.js';
import { changesLive } from './recovery.js';
import { isPlanFile, planArgument } from '../plan/unsaved-plan.js';
import { bindValue, suggestCommand } from '../shell-word.js';

/** What a person must give before a change set is applied. */
export type Consent =
  /** There is nothing to apply. */
  | { readonly kind: 'none' }
  /** New databases only: a yes. */
  | { readonly kind: 'yes'; readonly flag: string }
  /** Live data is replaced: the target's name, typed. */
  | { readonly kind: 'target-name'; readonly flag: string }
  /** A protected target is overwritten only by a plan that was saved and looked at. */
  | { readonly kind: 'saved-plan' };

export interface ConsentRules {
  /** Is the change set read from a file that `plan --out` wrote? */
  readonly origin: 'sync-plan' | 'saved-plan';
  /** `batch.confirm_destructive` */
  readonly confirmDestructive: boolean;
}

/** The approval matrix. On a protected target `batch.confirm_destructive: false` does not count. */
export const requireConsent = (
  changeSet: ChangeSet,
  { origin, confirmDestructive }: ConsentRules,
): Consent => {
  const { create, overwrite: overwritten } = countActions(changeSet);
  // What a killed run left half done is put in order in live databases, also in those that the plan does not name.
  const overwrite = overwritten + changeSet.recovery.filter(changesLive).length;
  const { name, isProtected } = changeSet.target;
  if (create + overwritten === 0) return { kind: 'none' };
  if (isProtected && origin === 'sync-plan') return { kind: 'saved-plan' };
  if (isProtected || (overwrite > 0 && confirmDestructive))
    return { kind: 'target-name', flag: bindValue('--confirm-target', name) };
  if (origin === 'saved-plan' && overwrite === 0) return { kind: 'none' };
  return { kind: 'yes', flag: '--auto-approve' };
};

/** Throws when a server as a whole, or any database that would be applied, is blocked. The code is the hazard's own where it has one. */
export const refuseBlocked = (changeSet: ChangeSet): void => {
  const hazards = listBlocking(changeSet);
  const [first] = hazards;
  if (!first) return;
  const others = suggestOthers(changeSet);
  throw new SyncError(codeOf(first), {
    message: hazards.map(({ hazard, where }) => `${where}: ${hazard.message}`),
    hints: [...new Set(hazards.map(({ hazard }) => hazard.hint)), ...(others === undefined ? [] : [others])],
  });
};

/** How what is not blocked can be applied; undefined where there is nothing, or the server as a whole is blocked. */
export const suggestOthers = ({ plan, databases, hazards }: ChangeSet): string | undefined => {
  const blocked = databases.filter(({ action }) => action === 'blocked');
  const isServerBlocked = hazards.some(({ severity }) => severity === 'blocks');
  if (blocked.length === 0 || isServerBlocked || !databases.some(isPending) || !isPlanFile(plan.path))
    return undefined;
  return `Apply the others:  ${suggestCommand`apply ${planArgument(plan.path)} --exclude ${blocked.map(({ from }) => exactPattern(from))}`}`;
};

interface BlockingHazard {
  readonly hazard: Hazard;
  /** The database of the source, or the target. */
  readonly where: string;
}

const listBlocking = ({ databases, hazards, target }: ChangeSet): readonly BlockingHazard[] =>
  [
    ...hazards.map((hazard) => ({ hazard, where: target.name })),
    ...databases
      .filter(({ action }) => action === 'blocked')
      .flatMap(({ from, hazards: found }) => found.map((hazard) => ({ hazard, where: from }))),
  ].filter(({ hazard }) => hazard.severity === 'blocks');

/** Would apply refuse it, whoever approves? */
export const isBlocked = (changeSet: ChangeSet): boolean => listBlocking(changeSet).length > 0;

/** How apply would end; undefined when nothing is blocked. */
export const exitOfBlocked = (changeSet: ChangeSet): ExitName | undefined => {
  const [first] = listBlocking(changeSet);
  return first && ERROR_EXITS[codeOf(first)];
};

const codeOf = ({ hazard: { code } }: BlockingHazard): ErrorCode =>
  isErrorCode(code) ? code : 'DATABASE_BLOCKED';

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_EXITS, code);

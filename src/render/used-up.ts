import { isRefreshing } from '../core/plan/refresh-rule.js';
import { type ChangeSet, isPending } from '../core/change/change-set.js';
import { isKept } from '../core/change/scratch.js';
import { makePrintable } from '../core/printable.js';

/** Whether tables that differ may start from what is kept for a rollback. */
export const mayUseUp = ({ options, source, target }: ChangeSet): boolean =>
  isRefreshing(options.refresh) && source.flavor.vendor === target.flavor.vendor;

/** What becomes of what is kept then. */
export const USED_UP =
  'tables that differ start from there, and once they have begun there is nothing to roll back to until the swap';

/** Of each database, for a pipe: what can be rolled back to may be gone before the swap. */
export const renderUsedUp = (changeSet: ChangeSet): readonly string[] => {
  if (!mayUseUp(changeSet)) return [];
  const kept = new Set<string | null>(changeSet.scratch.filter(isKept).map(({ live }) => live));
  return changeSet.databases
    .filter((change) => isPending(change) && kept.has(change.to))
    .map(({ to }) => makePrintable(`note ${to} is kept for a rollback: ${USED_UP}`));
};

import { type LockedColumn, type MaskLock, isSameDecision, isWeaker } from '../mask/mask-lock.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';
import { type ClassifiedColumn, keyOfColumn } from './classified-column.js';

/** How the columns of a copy stand to what was accepted of them. */
export interface LockJudgement {
  /** Decided by the plan, and nobody has seen it. */
  readonly fresh: readonly ClassifiedColumn[];
  /** Another type, or in a unique index now, or no more. */
  readonly changed: readonly ClassifiedColumn[];
  /** Leaves more of the values than what was accepted. */
  readonly weaker: readonly ClassifiedColumn[];
}

/** `comparesTypes` is false where the types are those that the columns get on the other vendor's server. */
export const judgeByLock = (
  lock: MaskLock,
  { unclassified }: Pick<ResolvedMask, 'unclassified'>,
  columns: readonly ClassifiedColumn[],
  comparesTypes: boolean,
): LockJudgement => {
  const decided = columns.filter(
    ({ decided: by }) => by !== undefined && !(unclassified === 'mask' && by.by === 'type'),
  );
  const pairs = decided.map((column) => ({ column, locked: findLocked(lock, column) }));
  const pick = (isSuch: (column: ClassifiedColumn, locked: LockedColumn) => boolean) =>
    pairs.flatMap(({ column, locked }) => (locked && isSuch(column, locked) ? [column] : []));
  return {
    fresh: pairs.filter(({ locked }) => !locked).map(({ column }) => column),
    changed: pick(
      (column, locked) =>
        comparesTypes && (locked.type !== column.column.columnType || locked.isUnique !== column.isUnique),
    ),
    weaker: pick(({ decided: now }, locked) => now !== undefined && isWeaker(now.decision, locked.decision)),
  };
};

export const findLocked = (
  lock: MaskLock | undefined,
  { database, table, column }: ClassifiedColumn,
): LockedColumn | undefined => lock?.columns.get(keyOfColumn(database, table, column.name));

/**
 * The lock with what the plan decides, and with the columns named, which stay as they are. A line that says to keep a
 * column that has changed since stays as it is until the column is named.
 */
export const acceptColumns = (
  lock: MaskLock | undefined,
  columns: readonly ClassifiedColumn[],
  isNamed: (column: ClassifiedColumn) => boolean,
  reason: string | undefined,
): MaskLock['columns'] => {
  const accepted = new Map<string, LockedColumn>();
  for (const one of columns) {
    const { database, table, column, isUnique, decided } = one;
    const old = findLocked(lock, one);
    const named = isNamed(one);
    const key = keyOfColumn(database, table, column.name);
    const byPlan = decided && decided.by !== 'lock' && decided.by !== 'type';
    if (!byPlan && !named) {
      if (old && decided?.by === 'lock') accepted.set(key, old);
      continue;
    }
    const decision = byPlan ? decided.decision : ({ kind: 'keep' } as const);
    const isNew = !old || !isSameDecision(old.decision, decision);
    const why = named || isNew ? (reason ?? (isNew ? undefined : old.reason)) : old.reason;
    accepted.set(key, {
      decision,
      type: column.columnType,
      isUnique,
      ...(why !== undefined && { reason: why }),
      ...(old?.allow && { allow: old.allow }),
    });
  }
  return accepted;
};

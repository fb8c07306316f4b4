import type { DatabaseName, RunId } from '../names.js';

/** What an apply or rollback puts in order on the target before it begins, because an earlier run was killed. */
export interface RecoveryStep {
  readonly action: 'finish-swap' | 'undo-swap' | 'drop';
  /** The scratch database whose journal tells of the swap, or that is dropped. */
  readonly database: DatabaseName;
  /** Null for a database that a run made and could write nothing into. */
  readonly run: RunId | null;
  readonly live: DatabaseName | null;
}

/** Does it change a live database? */
export const changesLive = ({ action }: RecoveryStep): boolean => action !== 'drop';

/** What would be done now and was not part of what was approved. */
export const listUnapproved = (
  approved: readonly RecoveryStep[],
  now: readonly RecoveryStep[],
): readonly RecoveryStep[] => {
  const known = new Set(approved.map(keyOf));
  return now.filter((step) => !known.has(keyOf(step)));
};

/** What a server was still making for a run that was killed goes with the rest of that run. */
const keyOf = ({ action, database, run, live }: RecoveryStep): string =>
  JSON.stringify([action, run === null || action !== 'drop' ? database : '', run, live]);

/** One sentence without an end: `shop: finishes the swap that run 7q2f4k was killed in`. */
export const describeRecoveryStep = ({ action, database, run, live }: RecoveryStep): string => {
  switch (action) {
    case 'finish-swap':
      return `${live ?? ''}: finishes the swap that run ${run ?? ''} was killed in, or undoes it where that fails`;
    case 'undo-swap':
      return `${live ?? ''}: undoes the swap that run ${run ?? ''} was killed in`;
    case 'drop':
      return run === null
        ? `drops ${database}, which is empty`
        : `drops ${database}, left over from run ${run} of ${live ?? ''}`;
  }
};

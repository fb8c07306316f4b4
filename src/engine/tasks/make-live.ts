import { SyncError, reportError } from '../../core/errors.js';
import { type JournalHeader, writeJournal } from '../journal.js';
import type { TargetServer } from '../ports.js';
import { type Swap, swapIn } from './swap.js';

/**
 * A swap with its journal around it: whenever this stops, the next run finds what it has to finish or undo.
 */
export const makeLive = async (
  target: TargetServer,
  header: JournalHeader,
  swap: Swap,
  check: () => Promise<void>,
): Promise<void> => {
  await writeJournal(target, { ...header, phase: 'swapping', swap });
  await swapIn(target, swap, check);
  try {
    await writeJournal(target, { ...header, phase: 'kept', swap });
  } catch (error) {
    throw new SyncError('SWAP_UNSETTLED', {
      message: `${swap.live}: the swap is done, and its journal could not be closed: ${reportError(error).message}`,
      hints: ['The next apply or rollback closes it.'],
      cause: error,
    });
  }
};

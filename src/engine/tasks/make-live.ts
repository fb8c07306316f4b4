import { SyncError, reportError } from '../../core/errors.js';
import { writeJournal } from '../journal.js';
import type { JournalHeader, SwapJournal } from '../journal-form.js';
import type { TargetServer } from '../ports.js';
import { withKeysToUnit } from './keys-to-unit.js';
import { swapIn } from './swap.js';
import type { Swap } from './swap-definition.js';

/** One database of a swap and what its journal says beside the swap. */
export interface SwapMember {
  readonly header: JournalHeader;
  readonly swap: Swap;
}

/**
 * One swap of all members with their journals around it: whenever this stops, the next run finds what it has to finish
 * or undo.
 */
export const makeLive = async (
  target: TargetServer,
  described: readonly SwapMember[],
  check: () => Promise<void>,
): Promise<void> => {
  const members = await withKeysToUnit(target, described);
  for (const { header, swap } of members) await writeJournal(target, { ...header, phase: 'swapping', swap });
  await swapIn(
    target,
    members.map(({ swap }) => swap),
    check,
  );
  for (const { header, swap } of members) await closeJournal(target, { ...header, phase: 'kept', swap });
};

const closeJournal = async (target: TargetServer, journal: SwapJournal): Promise<void> => {
  try {
    await writeJournal(target, journal);
  } catch (error) {
    throw new SyncError('SWAP_UNSETTLED', {
      message: `${journal.live}: the swap is done, and its journal could not be closed: ${reportError(error).message}`,
      hints: ['The next apply or rollback closes it.'],
      cause: error,
    });
  }
};

import { SyncError, reportError } from '../../core/errors.js';
import type { LiveRecord } from '../../core/run/provenance.js';
import { recordApplied } from '../applied.js';
import { writeJournal } from '../journal.js';
import type { JournalHeader, SwapJournal } from '../journal-form.js';
import type { TargetServer } from '../ports/target-server.js';
import type { ProvenanceKeeper } from '../provenance.js';
import { readLiveAt } from '../record-copy.js';
import { withKeysToUnit } from './keys-to-unit.js';
import { type SwapChecks, swapIn } from './swap.js';
import type { Swap } from './swap-definition.js';

/** One database of a swap and what its journal says beside the swap. */
export interface SwapMember {
  readonly header: JournalHeader;
  readonly swap: Swap;
  /** What the target will say of it; null when the database will be gone. */
  readonly record: LiveRecord | null;
}

/**
 * One swap of all members with their journals around it: whenever this stops, the next run finds what it has to finish
 * or undo. What the target says of where they are from is written while the journals are open, so that the next run settles
 * it too. Gives the target's time when all are live.
 */
export const makeLive = async (
  target: TargetServer,
  described: readonly SwapMember[],
  provenance: ProvenanceKeeper,
  checks: SwapChecks,
): Promise<string | undefined> => {
  const members = await withKeysToUnit(target, described);
  for (const { header, swap } of members) await writeJournal(target, { ...header, phase: 'swapping', swap });
  const announced = await provenance.announce(
    target,
    members.map(({ header, record }) => ({ live: header.live, run: header.run, next: record })),
  );
  try {
    await swapIn(
      target,
      members.map(({ swap }) => swap),
      checks,
    );
  } catch (error) {
    if (!isUnsettled(error)) await announced.withdraw();
    throw error;
  }
  const liveAt = await readLiveAt(target);
  await announced.confirm(liveAt);
  try {
    await recordApplied(
      target,
      members.map(({ header }) => header),
    );
  } catch (error) {
    throw openJournalError(members.map(({ header }) => header.live).join(', '), error);
  }
  for (const { header, swap } of members) await closeJournal(target, { ...header, phase: 'kept', swap });
  return liveAt;
};

const isUnsettled = (error: unknown): boolean =>
  error instanceof SyncError && error.code === 'SWAP_UNSETTLED';

const closeJournal = async (target: TargetServer, journal: SwapJournal): Promise<void> => {
  try {
    await writeJournal(target, journal);
  } catch (error) {
    throw openJournalError(journal.live, error);
  }
};

const openJournalError = (live: string, cause: unknown): SyncError =>
  new SyncError('SWAP_UNSETTLED', {
    message: `${live}: the swap is done, and its journal could not be closed: ${reportError(cause).message}`,
    hints: ['The next apply or rollback closes it.'],
    cause,
  });

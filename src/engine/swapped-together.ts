import type { DatabaseName } from '../core/names.js';
import type { RecoveryStep } from '../core/change/recovery.js';
import type { ReadScratch } from './journal.js';
import type { SwapJournal } from './journal-form.js';

export const listSwapping = (found: readonly ReadScratch[]): readonly SwapJournal[] =>
  found.flatMap(({ journal }) => (journal?.phase === 'swapping' ? [journal] : []));

/** The swaps that were made by one rename with this one, and itself: they are finished or undone together. */
export const listTogether = (
  journal: SwapJournal,
  swapping: readonly SwapJournal[],
): readonly SwapJournal[] => swapping.filter((other) => other === journal || isTogether(journal, other));

/** Journals are closed when the swap of all is finished and checked. */
export const isClosedElsewhere = (journal: SwapJournal, found: readonly ReadScratch[]): boolean =>
  found.some(({ journal: other }) => other?.phase === 'kept' && isTogether(journal, other));

const isTogether = (journal: SwapJournal, other: SwapJournal): boolean =>
  other.run === journal.run &&
  isNaming(journal.together, other.live) &&
  isNaming(other.together, journal.live);

const isNaming = (names: readonly DatabaseName[] = [], name: DatabaseName): boolean => names.includes(name);

export interface UnitStep {
  readonly action: RecoveryStep['action'];
  readonly unit: readonly SwapJournal[];
}

/** The swaps that are to be settled, those of one unit as one step. */
export const groupSteps = (
  steps: readonly RecoveryStep[],
  swapping: readonly SwapJournal[],
): readonly UnitStep[] => {
  const actions = new Map(steps.map(({ database, action }) => [database, action]));
  const open = swapping.filter(({ retired }) => actions.has(retired));
  const grouped = new Set<SwapJournal>();
  return open.flatMap((journal) => {
    const action = actions.get(journal.retired);
    if (action === undefined || grouped.has(journal)) return [];
    const unit = listTogether(journal, open);
    for (const member of unit) grouped.add(member);
    return [{ action, unit }];
  });
};

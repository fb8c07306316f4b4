import { reportError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import {
  type JournalHeader,
  type ReadScratch,
  type SwapJournal,
  readScratch,
  writeJournal,
} from './journal.js';
import type { TargetServer } from './ports.js';
import { isRenamed, resumeSwap, undoSwap } from './tasks/swap.js';

/** What was found and done, for the person and for the drift check. */
export interface Recovery {
  readonly notes: readonly string[];
  /** Live databases that a swap was finished or undone in. */
  readonly touched: ReadonlySet<DatabaseName>;
}

/**
 * Finishes or cleans up what killed runs left on the target. Call it only under the target's lock: then no other run
 * lives, and what is not kept for rollback is a left-over. A swap whose rename has happened is finished, because its
 * rows have been visible since; any other is undone.
 */
export const recoverTarget = async (target: TargetServer): Promise<Recovery> =>
  recoverScratch(target, await readScratch(target));

/** The same for one database of a run, before that run tries it again. */
export const recoverDatabase = async (
  target: TargetServer,
  { retired, staging }: JournalHeader,
): Promise<void> => {
  const found = await readScratch(target);
  await recoverScratch(
    target,
    found.filter(({ database }) => database === retired || database === staging),
  );
};

const recoverScratch = async (target: TargetServer, found: readonly ReadScratch[]): Promise<Recovery> => {
  const notes: string[] = [];
  const touched = new Set<DatabaseName>();
  for (const { journal } of found) {
    if (journal?.phase !== 'swapping') continue;
    notes.push(await settleSwap(target, journal, found));
    touched.add(journal.live);
  }
  for (const database of listLeftOvers(found)) {
    await target.dropDatabase(database);
    notes.push(`removed ${database}, left behind by a run that was killed`);
  }
  return { notes, touched };
};

const settleSwap = async (
  target: TargetServer,
  journal: SwapJournal,
  found: readonly ReadScratch[],
): Promise<string> => {
  const { swap, live, run } = journal;
  const undo = async (): Promise<void> => {
    await undoSwap(target, swap);
    // The staging of a rollback is what an earlier run kept, and it is needed again.
    if (!found.some(({ database, journal: other }) => database === swap.staging && other?.phase === 'kept'))
      await target.dropDatabase(swap.staging);
    // The journal goes last: while it is there, the next run knows what the others are.
    await target.dropDatabase(swap.retired);
  };
  if (!(await isRenamed(target, swap))) {
    await undo();
    return `${live}: undid the swap that run ${run} was killed in`;
  }
  try {
    await resumeSwap(target, swap);
    await writeJournal(target, { ...journal, phase: 'kept' });
    await target.dropDatabase(swap.staging);
    return `${live}: finished the swap that run ${run} was killed in`;
  } catch (error) {
    await undo();
    return `${live}: undid the swap that run ${run} was killed in; it could not be finished (${reportError(error).message})`;
  }
};

/** Neither kept for rollback, nor part of a swap, nor written by a version that this one cannot read. */
const listLeftOvers = (found: readonly ReadScratch[]): readonly DatabaseName[] => {
  const settled = new Set(
    found.flatMap(({ journal }) => (journal?.phase === 'swapping' ? [journal.staging, journal.retired] : [])),
  );
  return found
    .filter(({ database, journal, journalBody }) =>
      journal ? journal.phase === 'staging' : journalBody === undefined && !settled.has(database),
    )
    .map(({ database }) => database);
};

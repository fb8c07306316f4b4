import { reportError } from '../core/errors.js';
import { type DatabaseName, parseScratchName } from '../core/names.js';
import { writeJournal } from './journal.js';
import type { SwapJournal } from './journal-form.js';
import type { TargetServer } from './ports/target-server.js';
import { resumeSwaps } from './tasks/swap.js';
import { undoSwaps } from './tasks/undo-swaps.js';

/** Null when it is done, or why it cannot be done. */
export const tryToFinish = async (
  target: TargetServer,
  unit: readonly SwapJournal[],
): Promise<string | null> => {
  try {
    await resumeSwaps(
      target,
      unit.map(({ swap }) => swap),
    );
    return null;
  } catch (error) {
    return reportError(error).message;
  }
};

export const closeSwap = async (target: TargetServer, journal: SwapJournal): Promise<readonly string[]> => {
  await writeJournal(target, { ...journal, phase: 'kept' });
  return [
    `${journal.live}: finished the swap that run ${journal.run} was killed in`,
    ...(await dropLeft(target, [journal.staging])),
  ];
};

/** Null when it is done, or why it cannot be done. */
export const tryToUndo = async (target: TargetServer, unit: readonly SwapJournal[]): Promise<unknown> => {
  const failures = await undoSwaps(
    target,
    unit.map(({ swap }) => swap),
  );
  return [...failures.values()].at(0) ?? null;
};

export const cleanUndone = async (
  target: TargetServer,
  journal: SwapJournal,
  trouble: string | null,
): Promise<readonly string[]> => {
  const { live, run } = journal;
  const why = trouble === null ? '' : `; it could not be finished (${trouble})`;
  return [
    `${live}: undid the swap that run ${run} was killed in${why}`,
    ...(await dropUndone(target, journal)),
  ];
};

/** The staging of a rollback is what an earlier run kept, and it is needed again. */
export const dropUndone = (
  target: TargetServer,
  { staging, retired }: SwapJournal,
): Promise<readonly string[]> =>
  // The journal goes last: while it is there, the next run knows what the other is.
  dropLeft(target, [...(parseScratchName(staging)?.use === 'new' ? [staging] : []), retired]);

/** Nothing depends on it, so what cannot be dropped is worth a line and nothing more. */
export const dropLeft = async (
  target: TargetServer,
  names: readonly DatabaseName[],
): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const name of names) {
    try {
      await target.dropDatabase(name);
    } catch (error) {
      return [...notes, `${name} stays on the target: ${reportError(error).message}`];
    }
  }
  return notes;
};

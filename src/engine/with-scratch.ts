import { SyncError, reportError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import { readScratch, writeJournal } from './journal.js';
import type { DatabaseRun } from './run-context.js';
import { isServerGone } from './server-gone.js';
import { hasBegun } from './unfinished.js';

/** What stays on the target for `rollback`. */
export type Keep = 'previous' | 'nothing';

interface Terms {
  readonly keep: Keep;
  readonly earlierKept: readonly DatabaseName[];
  /** Each try begins with an empty staging database. */
  readonly isLastTry: boolean;
}

/**
 * The retired database comes first, with the journal that tells the next run what all this is; it goes last, and stays when
 * it keeps the previous content, when a failed swap could not be undone, when the staging database cannot be dropped, or when
 * the next run may go on from that: where the run was stopped, or lost a server at its last try. What failed otherwise would mostly
 * fail again.
 */
export const withScratch = async <Result>(
  context: DatabaseRun,
  { keep, earlierKept, isLastTry }: Terms,
  work: () => Promise<Result>,
): Promise<Result> => {
  const { target, journal, change } = context;
  await target.createDatabase(journal.retired, change.defaults);
  try {
    await writeJournal(target, { ...journal, phase: 'staging' });
    const result = await work();
    await dropScratch(context, [
      journal.staging,
      ...earlierKept,
      ...(keep === 'previous' ? [] : [journal.retired]),
    ]);
    return result;
  } catch (error) {
    if (!(error instanceof SyncError && error.code === 'SWAP_UNSETTLED')) {
      const isWorthIt = context.signals.abort.aborted || (isLastTry && isServerGone(error));
      if (isWorthIt && (await hasBegun(context).catch(() => false))) noteUnfinished(context);
      else await dropScratch(context, [journal.staging, journal.retired]);
      await dropUsedUp(context);
    }
    throw error;
  }
};

const noteUnfinished = ({ change, ports }: DatabaseRun): void => {
  const message =
    'what was copied stays on the target, and the next apply of this plan within 7 days goes on from it; apply --discard drops it';
  ports.events({ type: 'note', database: change.to, message });
};

/** What the run had begun to start from is not whole any more. */
const dropUsedUp = async (context: DatabaseRun): Promise<void> => {
  const { change, earlierKept, ports, target } = context;
  if (earlierKept.length === 0) return;
  // The run has failed already, and the next one drops what this one cannot.
  const found = await readScratch(target).catch(() => []);
  const usedUp = found.filter(
    ({ database, journal }) => earlierKept.includes(database) && journal?.phase === 'staging',
  );
  if (usedUp.length === 0) return;
  await dropScratch(
    context,
    usedUp.map(({ database }) => database),
  );
  const message = 'what was kept for a rollback is gone: the run had begun to start from it';
  ports.events({ type: 'note', database: change.to, message });
};

/** The outcome is decided by now, so a scratch database that stays is worth a note and nothing more. */
const dropScratch = async (
  { change, target, ports, journal }: DatabaseRun,
  names: readonly DatabaseName[],
): Promise<void> => {
  let isStagingLeft = false;
  for (const name of names) {
    // Without its journal nobody could tell later whose the staging database is.
    if (isStagingLeft && name === journal.retired) continue;
    try {
      await target.dropDatabase(name);
    } catch (error) {
      isStagingLeft ||= name === journal.staging;
      const message = `${name} stays on the target until the next apply: ${reportError(error).message}`;
      ports.events({ type: 'note', database: change.to, message });
    }
  }
};

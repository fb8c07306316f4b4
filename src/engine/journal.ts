import { type DatabaseName, type RunId, isScratchDatabase } from '../core/names.js';
import type { ScratchDatabase } from '../core/scratch.js';
import type { Scratch, TargetServer } from './ports.js';
import type { Swap } from './tasks/swap.js';

/**
 * What a run writes down on the target about one database, in the scratch database that its retired tables go to:
 * enough to finish or undo its swap after a crash, and to roll back later.
 */
export type Journal = JournalHeader &
  ({ readonly phase: 'staging' } | { readonly phase: 'swapping' | 'kept'; readonly swap: Swap });

export interface JournalHeader {
  readonly format: 1;
  readonly run: RunId;
  readonly live: DatabaseName;
  readonly staging: DatabaseName;
  readonly retired: DatabaseName;
  /** RFC 3339 */
  readonly startedAt: string;
  /** Id of the saved plan that is applied: it is good once. */
  readonly savedPlan?: string;
}

export type SwapJournal = Extract<Journal, { swap: Swap }>;

export const writeJournal = (target: TargetServer, journal: Journal): Promise<void> =>
  target.writeJournal(journal.retired, JSON.stringify(journal));

/** Undefined for anything that this version did not write whole. */
export const parseJournal = (body: string | undefined): Journal | undefined => {
  if (body === undefined) return undefined;
  try {
    const journal = JSON.parse(body) as Journal;
    const isOurs =
      (journal.format as number) === 1 &&
      isScratchDatabase(journal.retired) &&
      isScratchDatabase(journal.staging);
    return isOurs ? journal : undefined;
  } catch {
    return undefined;
  }
};

/** A scratch database with its journal read. */
export interface ReadScratch extends Scratch {
  readonly journal: Journal | undefined;
}

export const readScratch = async (target: TargetServer): Promise<readonly ReadScratch[]> =>
  (await target.listScratch()).map((scratch) => ({ ...scratch, journal: parseJournal(scratch.journalBody) }));

/** For the change set: staging databases of a journal count with it, not as something of their own. */
export const describeScratch = async (target: TargetServer): Promise<readonly ScratchDatabase[]> => {
  const found = await readScratch(target);
  const sizes = await target.measureDatabases(found.map(({ database }) => database));
  const staging = new Set(
    found.flatMap(({ journal }) => (journal && journal.phase !== 'kept' ? [journal.staging] : [])),
  );
  const bytesOf = (name: DatabaseName): number => sizes.get(name) ?? 0;
  return found
    .filter(({ database }) => !staging.has(database))
    .map(({ database, journal }) => ({
      database,
      state: journal?.phase ?? 'unknown',
      run: journal?.run ?? null,
      live: journal?.live ?? null,
      savedPlan: journal?.savedPlan ?? null,
      startedAt: journal?.startedAt ?? null,
      tables: journal?.phase === 'kept' ? (journal.swap.outgoing?.tables.length ?? null) : null,
      bytes: bytesOf(database) + (journal && journal.phase !== 'kept' ? bytesOf(journal.staging) : 0),
    }));
};

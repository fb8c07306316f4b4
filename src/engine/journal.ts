import type { Journal } from './journal-form.js';
import type { DatabaseName } from '../core/names.js';
import type { ScratchDatabase } from '../core/change/scratch.js';
import { parseJournal } from './parse-journal.js';
import type { Scratch } from './ports/records.js';
import type { TargetServer } from './ports/target-server.js';

export const writeJournal = (target: TargetServer, journal: Journal): Promise<void> =>
  target.writeJournal(journal.retired, JSON.stringify(journal));

/** A scratch database with its journal read. */
export interface ReadScratch extends Pick<Scratch, 'database' | 'isEmpty'> {
  /** Signed, whole, and of this database: what it says may be acted on. */
  readonly journal: Journal | undefined;
  /** Why what stands there is not acted on; null where there is a journal, or nothing to read. */
  readonly doubt: string | null;
  /** The text that is not acted on, for a person who looks at it. */
  readonly claim: string | undefined;
}

export const readScratch = async (target: TargetServer): Promise<readonly ReadScratch[]> =>
  (await target.listScratch()).map((scratch) => ({
    database: scratch.database,
    isEmpty: scratch.isEmpty,
    ...judgeJournal(scratch),
  }));

const judgeJournal = ({ database, journal }: Scratch): Omit<ReadScratch, 'database' | 'isEmpty'> => {
  const doubted = (doubt: string | null, claim?: string) => ({ journal: undefined, doubt, claim });
  switch (journal.kind) {
    case 'none':
      return doubted(null);
    case 'refused':
      return doubted(`its journal cannot be read: ${journal.reason}`);
    case 'unsigned':
      return doubted('its journal is not signed', journal.text);
    case 'unchecked':
      return doubted('its journal is signed with a key that is not known here', journal.text);
    case 'checked': {
      const { journal: parsed, fault } = parseJournal(journal.text, database);
      if (parsed) return { journal: parsed, doubt: null, claim: undefined };
      return doubted(`its journal is malformed: ${fault}`, journal.text);
    }
  }
};

/** For the change set: staging databases of a journal count with it, not as something of their own. */
export const describeScratch = async (
  target: TargetServer,
  found: readonly ReadScratch[],
): Promise<readonly ScratchDatabase[]> => {
  const sizes = await target.measureDatabases(found.map(({ database }) => database));
  const staging = new Set(
    found.flatMap(({ journal }) => (journal && journal.phase !== 'kept' ? [journal.staging] : [])),
  );
  const bytesOf = (name: DatabaseName): number => sizes.get(name) ?? 0;
  return found
    .filter(({ database }) => !staging.has(database))
    .map(({ database, isEmpty, journal, doubt }) => ({
      database,
      state: journal?.phase ?? (isEmpty ? 'empty' : 'unknown'),
      doubt,
      run: journal?.run ?? null,
      live: journal?.live ?? null,
      savedPlan: journal?.savedPlan ?? null,
      startedAt: journal?.startedAt ?? null,
      tables: journal?.phase === 'kept' ? (journal.swap.outgoing?.tables.length ?? null) : null,
      bytes: bytesOf(database) + (journal && journal.phase !== 'kept' ? bytesOf(journal.staging) : 0),
    }));
};

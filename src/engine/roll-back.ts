import { SyncError } from '../core/errors.js';
import { sha256Hex } from '../core/fingerprint.js';
import { defaultsOf } from '../core/server/inventory.js';
import { type DatabaseName, type RunId, nameScratchDatabase } from '../core/names.js';
import { isAnyMatch } from '../core/plan/pattern.js';
import type { LiveRecord } from '../core/run/provenance.js';
import type { ReadScratch } from './journal.js';
import type { JournalHeader, SwapJournal } from './journal-form.js';
import type { RunLock } from './ports/locks.js';
import type { Clock } from './ports/ports.js';
import type { ProgramDefinition } from './ports/server.js';
import type { TargetServer } from './ports/target-server.js';
import type { ProvenanceKeeper } from './provenance.js';
import { listTogether } from './swapped-together.js';
import { type SwapMember, makeLive } from './tasks/make-live.js';
import { readKeysToStaying } from './tasks/keys-to-staying.js';
import { readBefore } from './tasks/swap.js';
import type { DatabaseContent, Swap } from './tasks/swap-definition.js';
import { underFence } from './under-fence.js';

/** One live database and the content that an earlier run kept for it. */
export interface KeptContent {
  readonly journal: SwapJournal;
  readonly bytes: number;
}

/** What can be rolled back, of every run, narrowed by globs over live names and in their order. */
export const listKept = (found: readonly ReadScratch[], only: readonly string[]): readonly SwapJournal[] =>
  found
    .flatMap(({ journal }) => {
      if (journal?.phase !== 'kept') return [];
      if (only.length > 0 && !isAnyMatch(only, journal.live)) return [];
      return [journal];
    })
    .sort((a, b) => (a.live < b.live ? -1 : 1));

export const measureKept = async (
  target: TargetServer,
  journals: readonly SwapJournal[],
): Promise<readonly KeptContent[]> => {
  const sizes = await target.measureDatabases(journals.map(({ retired }) => retired));
  return journals.map((journal) => ({ journal, bytes: sizes.get(journal.retired) ?? 0 }));
};

/** The programs of live databases, by their names. */
export type LivePrograms = ReadonlyMap<DatabaseName, readonly ProgramDefinition[]>;

/**
 * Read before the first database is rolled back: MySQL does not print a view of a database that is gone. What cannot be
 * read is left out, and read again when its own turn comes.
 */
export const readLivePrograms = async (
  target: TargetServer,
  kept: readonly KeptContent[],
): Promise<LivePrograms> => {
  const found = new Map<DatabaseName, readonly ProgramDefinition[]>();
  for (const { journal } of kept) {
    const programs = await target.readProgramDefinitions(journal.live).catch(() => undefined);
    if (programs) found.set(journal.live, programs);
  }
  return found;
};

/** What was swapped together is rolled back by one swap: views of what is kept of one read what is kept of another. */
export const groupKept = (kept: readonly KeptContent[]): readonly (readonly KeptContent[])[] => {
  const journals = kept.map(({ journal }) => journal);
  const grouped = new Set<SwapJournal>();
  return kept.flatMap(({ journal }) => {
    if (grouped.has(journal)) return [];
    const unit = listTogether(journal, journals);
    for (const member of unit) grouped.add(member);
    return [kept.filter((one) => unit.includes(one.journal))];
  });
};

export interface RollbackJob {
  /** Of the rollback itself: it keeps what it replaces under its own name. */
  readonly run: RunId;
  readonly lock: RunLock;
  readonly unit: readonly KeptContent[];
  readonly livePrograms: LivePrograms;
  readonly provenance: ProvenanceKeeper;
}

/** Swaps the kept content back in. What was live is kept in turn, so that a rollback can be rolled back. */
export const rollBackUnit = async (
  { run, lock, unit, livePrograms, provenance }: RollbackJob,
  target: TargetServer,
  clock: Clock,
): Promise<void> => {
  const members: SwapMember[] = [];
  for (const { journal } of unit) {
    const header = turnHeader(journal, run, clock);
    const { live, staging, retired } = header;
    members.push({
      header,
      swap: { live, staging, retired, ...(await turnRound(journal, target, livePrograms)) },
      record: turnRecord(journal, header, provenance),
    });
  }
  try {
    for (const { header, swap } of members)
      await target.createDatabase(
        header.retired,
        swap.outgoing?.defaults ?? swap.incoming?.defaults ?? FALLBACK,
      );
    await underFence(target, lock, (fenced) =>
      makeLive(fenced.target, members, provenance, {
        check: async () => {
          for (const { swap } of members) await verifyTables(target, swap);
        },
        beforeUndo: fenced.again,
      }),
    );
  } catch (error) {
    if (!(error instanceof SyncError && error.code === 'SWAP_UNSETTLED'))
      for (const { header } of members) await target.dropDatabase(header.retired);
    throw error;
  }
  for (const { header } of members) await target.dropDatabase(header.staging);
};

const turnHeader = (
  { live, retired, plan, together }: SwapJournal,
  run: RunId,
  clock: Clock,
): JournalHeader => ({
  format: 1,
  run,
  live,
  staging: retired,
  retired: nameScratchDatabase('old', run, sha256Hex(live)),
  startedAt: clock.now().toISOString(),
  plan,
  ...(together === undefined ? {} : { together }),
});

/** What comes back is known where what is live is what that run made. Null when nothing comes back. */
const turnRecord = (
  { live, run, swap }: SwapJournal,
  header: JournalHeader,
  provenance: ProvenanceKeeper,
): LiveRecord | null => {
  if (swap.outgoing === null) return null;
  const now = provenance.find(live);
  const isOfRun = now?.run === run;
  return {
    phase: 'live',
    run: header.run,
    kind: 'rollback',
    startedAt: header.startedAt,
    liveAt: null,
    content: isOfRun ? now.previous : null,
    previous: isOfRun ? now.content : null,
  };
};

const FALLBACK = { charset: 'utf8mb4', collation: 'utf8mb4_general_ci', comment: '' };

/** What came with the run goes, as far as it is still there; what left comes back. */
const turnRound = async (
  { live, swap }: SwapJournal,
  target: TargetServer,
  livePrograms: LivePrograms,
): Promise<Omit<Swap, 'live' | 'staging' | 'retired'>> => {
  const [now] = await target.inspectDatabases([live]);
  const incoming = swap.outgoing;
  if (!now) {
    const outsideKeys = await target.readOutsideKeys(live, []);
    return { incoming, outgoing: null, outsideKeys, before: [] };
  }
  const came = new Set(swap.incoming?.tables);
  const tables = now.tables.map(({ name }) => name).filter((name) => came.has(name));
  refuseCollisions(
    live,
    now.tables.map(({ name }) => name).filter((name) => !came.has(name)),
    incoming,
  );
  const camePrograms = new Set(swap.incoming?.programs.map(({ kind, name }) => `${kind} ${name}`));
  const programs = (livePrograms.get(live) ?? (await target.readProgramDefinitions(live))).filter(
    ({ kind, name }) => camePrograms.has(`${kind} ${name}`),
  );
  const defaults = defaultsOf(now);
  const outsideKeys = await target.readOutsideKeys(live, tables);
  const before = await readBefore(target, live, tables);
  const keys =
    tables.length === now.tables.length ? {} : await readKeysToStaying(target, { live, place: live, tables });
  const outgoing = { tables, programs, defaults, printedAs: now.name, ...keys };
  return { incoming, outgoing, outsideKeys, before };
};

const refuseCollisions = (
  live: DatabaseName,
  staying: readonly string[],
  incoming: DatabaseContent | null,
): void => {
  const names = new Set<string>(incoming?.tables);
  const collisions = staying.filter((name) => names.has(name));
  if (collisions.length === 0) return;
  throw new SyncError('DATABASE_BLOCKED', {
    message: `${live}: ${collisions.join(', ')} was made since, where a kept table of that name would come back`,
    hints: ['Rename or drop it on the target, then roll back again.'],
  });
};

const verifyTables = async (target: TargetServer, { live, incoming }: Swap): Promise<void> => {
  const now = new Set(await target.listTables(live));
  const missing = incoming?.tables.filter((table) => !now.has(table)) ?? [];
  if (missing.length > 0)
    throw new SyncError('COPY_FAILED', { message: `${live}: ${missing.join(', ')} did not come back` });
};

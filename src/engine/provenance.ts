import type { ChangeSet } from '../core/change/change-set.js';
import { isKept } from '../core/change/scratch.js';
import { reportError } from '../core/errors.js';
import { type DatabaseName, OWN_DATABASE, type RunId, toDatabaseName } from '../core/names.js';
import {
  type LiveRecord,
  type Origin,
  type ProvenanceRecord,
  parseProvenance,
  writeProvenance,
} from '../core/run/provenance.js';
import { type JournalMark, judgeRecord } from '../core/run/provenance-standing.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import { type ReadScratch, readScratch } from './journal.js';
import type { Journal, SwapJournal } from './journal-form.js';
import { parseJournal } from './parse-journal.js';
import type { FoundProvenance, ProvenanceRow } from './ports/records.js';
import type { TargetServer } from './ports/target-server.js';

/** What stands on a target of each live database: a record, or why it is none. */
export interface ReadProvenance {
  readonly live: DatabaseName;
  readonly record: ProvenanceRecord | undefined;
  readonly fault: string | null;
}

/** How a database is called in that table: servers that tell no cases apart may spell it in several ways. */
export const provenanceKey = ({ facts }: Pick<TargetServer, 'facts'>, live: DatabaseName): DatabaseName =>
  facts.lowerCaseTableNames === 0 ? live : toDatabaseName(live.toLowerCase());

export const parseFound = (found: FoundProvenance): readonly ReadProvenance[] =>
  found.kind === 'rows' ? found.rows.map(({ live, text }) => ({ live, ...parseProvenance(text) })) : [];

/** What the journals say of live databases. */
export const listMarks = (found: readonly ReadScratch[]): readonly JournalMark[] =>
  found.flatMap(({ journal }) => toMarks(journal));

/** What a change set knows of them. */
export const listKeptMarks = ({ scratch }: Pick<ChangeSet, 'scratch'>): readonly JournalMark[] =>
  scratch
    .filter(isKept)
    .flatMap(({ live, run, startedAt }) =>
      live === null || run === null || startedAt === null ? [] : [{ live, run, startedAt, phase: 'kept' }],
    );

/** The same of journals that are not believed here, such as those of a machine whose account may keep no key on the target. */
export const listClaims = (found: readonly ReadScratch[]): readonly JournalMark[] =>
  found.flatMap(({ database, claim }) =>
    claim === undefined ? [] : toMarks(parseJournal(claim, database).journal),
  );

const toMarks = (journal: Journal | undefined): readonly JournalMark[] => {
  if (!journal || journal.phase === 'staging') return [];
  const { live, run, startedAt, phase } = journal;
  return [{ live, run, startedAt, phase }];
};

/** What is live by what is written down now. */
export const readLiveRecords = async (target: TargetServer): Promise<ProvenanceKeeper['find']> => {
  const [found, scratch] = await Promise.all([target.readProvenance(), readScratch(target)]);
  return findLiveRecord(target, parseFound(found), listMarks(scratch));
};

/** What is live of these databases, as far as it was written down. */
export const readOrigins = async (
  target: TargetServer,
  live: readonly Pick<DatabaseInventory, 'name'>[],
  { scratch }: Pick<ChangeSet, 'scratch'>,
): Promise<ReadonlyMap<DatabaseName, Origin>> => {
  if (live.length === 0) return new Map();
  const find = findLiveRecord(target, parseFound(await target.readProvenance()), listKeptMarks({ scratch }));
  return new Map(
    live.flatMap(({ name }) => {
      const content = find(name)?.content;
      return content ? [[name, content] as const] : [];
    }),
  );
};

/** What will be live after a swap; null when the database will be gone. */
export interface NextLive {
  readonly live: DatabaseName;
  readonly run: RunId;
  readonly next: LiveRecord | null;
}

export interface RestatedRecord {
  readonly live: DatabaseName;
  readonly record: LiveRecord;
}

/** A swap that was written down before it began. Neither rejects: what is live does not depend on it. */
export interface Announcement {
  /** The swap is done; `liveAt` by the target's clock. */
  confirm(liveAt: string | undefined): Promise<void>;
  /** It was undone. */
  withdraw(): Promise<void>;
}

/** What one run, which holds the target's lock, reads and writes of provenance. */
export interface ProvenanceKeeper {
  /** What is live by what was written down when the run began. */
  find(live: DatabaseName): LiveRecord | undefined;
  /** Never rejects. */
  announce(target: TargetServer, next: readonly NextLive[]): Promise<Announcement>;
  /** Writes down once more what is live of databases, of which more is known now. Never rejects. */
  restate(target: TargetServer, records: readonly RestatedRecord[]): Promise<void>;
  /** Why the target does not tell of this run, for a person; given once. */
  takeTrouble(): string | undefined;
}

/** What is live of a database, as far as records say so that no journal speaks against. */
export const findLiveRecord = (
  target: Pick<TargetServer, 'facts'>,
  read: readonly ReadProvenance[],
  marks: readonly JournalMark[],
): ProvenanceKeeper['find'] => {
  const records = new Map(read.map(({ live, record }) => [live, record]));
  return (live) => {
    const key = provenanceKey(target, live);
    const own = marks.filter((mark) => provenanceKey(target, mark.live) === key);
    const standing = judgeRecord(records.get(key), own);
    return standing.kind === 'known' ? standing.record : undefined;
  };
};

/** Reads what is there, and makes the place where there is none. Never rejects. */
export const keepProvenance = async (
  target: TargetServer,
  marks: readonly JournalMark[],
): Promise<ProvenanceKeeper> => {
  const troubles: string[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      troubles.push(reportError(error).message);
    }
  };
  const keyOf = (live: DatabaseName): DatabaseName => provenanceKey(target, live);
  const read: ReadProvenance[] = [];
  await attempt(async () => {
    const found = await target.readProvenance();
    read.push(...parseFound(found));
    const refusal = await prepare(target, found);
    if (refusal !== undefined) troubles.push(refusal);
  });
  const find = findLiveRecord(target, read, marks);
  let isTold = false;
  return {
    find,
    announce: async (server, next) => {
      const write = (toRecord: (one: NextLive) => ProvenanceRecord | null): Promise<void> =>
        // What could not be announced is not confirmed.
        troubles.length > 0
          ? Promise.resolve()
          : attempt(() => server.writeProvenance(next.map((one) => toRow(keyOf(one.live), toRecord(one)))));
      const beforeOf = ({ live }: NextLive): LiveRecord | null => find(live) ?? null;
      await write((one) => ({ phase: 'swapping', run: one.run, before: beforeOf(one), next: one.next }));
      return {
        confirm: (liveAt) => write(({ next: record }) => record && { ...record, liveAt: liveAt ?? null }),
        withdraw: () => write(beforeOf),
      };
    },
    restate: async (server, records) => {
      if (troubles.length > 0) return;
      await attempt(() =>
        server.writeProvenance(records.map(({ live, record }) => toRow(keyOf(live), record))),
      );
    },
    takeTrouble: () => {
      const [trouble] = troubles;
      if (isTold || trouble === undefined) return undefined;
      isTold = true;
      return `status on other machines will not know where this copy is from: ${trouble}`;
    },
  };
};

const toRow = (live: DatabaseName, record: ProvenanceRecord | null): ProvenanceRow => ({
  live,
  text: record && writeProvenance(record),
});

/** Undefined when it is there, or why it cannot be had. */
const prepare = async (target: TargetServer, found: FoundProvenance): Promise<string | undefined> => {
  if (found.kind === 'refused' && !found.isDenied) return found.reason;
  const isThere = found.kind === 'rows' || (found.kind === 'none' && (await target.makeProvenance()));
  return isThere
    ? undefined
    : `the account may not keep records in the database ${OWN_DATABASE} (SELECT, INSERT, CREATE, DELETE)`;
};

/**
 * Of swaps that a killed run had announced, after they were finished or undone. Gives what a person should know: nothing when
 * the records are right now.
 */
export const settleProvenance = async (
  target: TargetServer,
  unit: readonly SwapJournal[],
  end: 'finished' | 'undone',
): Promise<readonly string[]> => {
  try {
    const records = new Map(
      parseFound(await target.readProvenance()).map(({ live, record }) => [live, record]),
    );
    const rows = unit.flatMap(({ live, run }) => {
      const key = provenanceKey(target, live);
      const record = records.get(key);
      if (record?.run !== run) return [];
      if (record.phase === 'swapping') return [toRow(key, end === 'finished' ? record.next : record.before)];
      // It was confirmed, and undone after that.
      return end === 'undone' ? [toRow(key, null)] : [];
    });
    await target.writeProvenance(rows);
    return [];
  } catch (error) {
    return [`what the target says of where its databases are from may be old: ${reportError(error).message}`];
  }
};

import type { DatabaseName, RunId } from '../names.js';
import { type JournalMark, type Standing, judgeRecord } from './provenance-standing.js';
import type { LiveRecord, Origin, ProvenanceRecord } from './provenance.js';
import type { PastRun } from './run.js';

/** What an apply or a rollback left of a database for a rollback. */
export interface KeptPrevious {
  readonly live: DatabaseName;
  readonly run: RunId;
  readonly plan: string;
  /** When that run started, RFC 3339. */
  readonly startedAt: string;
  /** The scratch database that holds it. */
  readonly scratch: DatabaseName;
  /** Null when there was no such database before that run, so that a rollback removes it. */
  readonly tables: number | null;
  readonly bytes: number;
}

/**
 * A database of a target: where its content is from, as far as the target's records, its journals and the history of this
 * machine tell, and what a rollback brings back.
 */
export interface LiveCopy {
  readonly database: DatabaseName;
  /** The run that made its content what it is; null where nothing tells. */
  readonly run: RunId | null;
  readonly plan: string | null;
  readonly startedAt: string | null;
  /** `rollback`: its content is what an earlier run had replaced. `unknown`: nothing tells of that run. */
  readonly by: 'apply' | 'rollback' | 'unknown';
  /** What was copied; null where nothing tells. */
  readonly source: { readonly server: string; readonly database: DatabaseName } | null;
  /** It is a copy of this moment or a little later, RFC 3339; null where nothing tells. */
  readonly asOf: string | null;
  /** As the target has it written down. */
  readonly origin: Origin | null;
  /** By the target's clock, RFC 3339. */
  readonly liveAt: string | null;
  /** The latest time after that at which the server says that a table was written or made. A hint: it does not know all. */
  readonly changedAt: string | null;
  /** Why it may be something else than what was written down last; null where nothing speaks for that. */
  readonly doubt: string | null;
  /** Data and indexes, the server's estimate; null where there is no such database now. */
  readonly bytes: number | null;
  readonly previous:
    | (Pick<KeptPrevious, 'scratch' | 'tables' | 'bytes'> & {
        /** Of what that is a copy, where it is written down. */
        readonly origin: Origin | null;
      })
    | null;
}

/** What the target has written down of a live database, or why that cannot be read. */
export interface WrittenRecord {
  readonly live: DatabaseName;
  readonly record: ProvenanceRecord | undefined;
  readonly fault: string | null;
}

/** Everything that tells of a target's databases. */
export interface TargetEvidence {
  readonly records: readonly WrittenRecord[];
  readonly marks: readonly JournalMark[];
  /** Of journals that are not believed here: they make doubtful, and tell nothing. */
  readonly claims: readonly JournalMark[];
  readonly kept: readonly KeptPrevious[];
  /** On this target, the newest first. */
  readonly runs: readonly PastRun[];
  /** Of the databases that the target has now. */
  readonly sizes: ReadonlyMap<DatabaseName, number>;
  /** What is told of even where nothing says that a run made it. */
  readonly expected: readonly DatabaseName[];
}

/**
 * What the target has written down comes first, as far as its journals agree; then what the journals say, which tell of every
 * machine's runs; then the history, which is of this machine and tells of sources.
 */
export const listLiveCopies = (evidence: TargetEvidence): readonly Omit<LiveCopy, 'changedAt'>[] => {
  const { records, marks, runs } = evidence;
  const names = [...records, ...marks].map(({ live }) => live);
  return [...new Set([...names, ...runs.flatMap(listApplied), ...evidence.expected])]
    .flatMap((name) => describeCopy(name, evidence) ?? [])
    .toSorted((a, b) => (a.database < b.database ? -1 : 1));
};

const listApplied = ({ outcomes }: PastRun): readonly DatabaseName[] =>
  outcomes.filter(({ status }) => status === 'applied').map(({ to }) => to);

const describeCopy = (
  database: DatabaseName,
  { records, marks, claims, kept, runs, sizes, expected }: TargetEvidence,
): Omit<LiveCopy, 'changedAt'> | undefined => {
  const written = records.find(({ live }) => live === database);
  const left = kept.find(({ live }) => live === database);
  const standing = judgeRecord(
    written?.record,
    marks.filter(({ live }) => live === database),
  );
  const bytes = sizes.get(database) ?? null;
  const newest = runs.find((run) => listApplied(run).includes(database));
  // An account without the right to write records leaves none, and may keep nothing for a rollback.
  const isOlder =
    standing.kind === 'known' &&
    newest !== undefined &&
    newest.id !== standing.record.run &&
    newest.startedAt > standing.record.startedAt;
  const record = standing.kind === 'known' && !isOlder ? standing.record : undefined;
  // Of what is gone there is something to say where it is written down, expected, or a rollback can bring it back.
  const isTold = bytes !== null || left !== undefined || record !== undefined;
  if (!isTold && !expected.includes(database)) return undefined;
  const facts = record ? fromRecord(record, left) : fromRuns(database, left, newest, runs);
  const claim = claims.find(
    ({ live, run, startedAt }) =>
      live === database && run !== record?.run && record !== undefined && startedAt > record.startedAt,
  );
  const doubt = describeDoubt(standing, written, claim);
  return {
    database,
    ...facts,
    ...(standing.kind === 'unsettled' ? { ...NOBODY_KNOWS, run: standing.run } : {}),
    doubt,
    bytes,
    previous: left
      ? {
          scratch: left.scratch,
          tables: left.tables,
          bytes: left.bytes,
          origin: record?.run === left.run ? record.previous : null,
        }
      : null,
  };
};

type Facts = Pick<LiveCopy, 'run' | 'plan' | 'startedAt' | 'by' | 'source' | 'asOf' | 'origin' | 'liveAt'>;

const NOBODY_KNOWS = { by: 'unknown', source: null, asOf: null, origin: null, liveAt: null } as const;

const fromRecord = (record: LiveRecord, left: KeptPrevious | undefined): Facts => {
  const { content } = record;
  return {
    run: record.run,
    plan: content?.plan.name ?? (left?.run === record.run ? left.plan : null),
    startedAt: record.startedAt,
    by: record.kind,
    source: content && { server: content.source.name, database: content.source.database },
    asOf: content && content.asOf,
    origin: content,
    liveAt: record.liveAt,
  };
};

const fromRuns = (
  database: DatabaseName,
  left: KeptPrevious | undefined,
  newest: PastRun | undefined,
  runs: readonly PastRun[],
): Facts => {
  // A run that kept nothing has dropped what was kept before.
  const isNewer = newest !== undefined && (left === undefined || newest.startedAt > left.startedAt);
  const known = isNewer ? newest : runs.find(({ id }) => id === left?.run);
  const made = isNewer
    ? { run: newest.id, plan: newest.plan.name, startedAt: newest.startedAt }
    : { run: left?.run ?? null, plan: left?.plan ?? null, startedAt: left?.startedAt ?? null };
  if (!known) return { ...NOBODY_KNOWS, ...made };
  const from = known.databases.find(({ to }) => to === database)?.from;
  const isCopy = known.kind === 'apply' && from !== undefined;
  return {
    ...NOBODY_KNOWS,
    ...made,
    by: known.kind,
    source: isCopy ? { server: known.source.name, database: from } : null,
    // No row was read before the run began.
    asOf: isCopy ? known.startedAt : null,
  };
};

const describeDoubt = (
  standing: Standing,
  written: WrittenRecord | undefined,
  claim: JournalMark | undefined,
): string | null => {
  if (standing.kind === 'unsettled')
    return `run ${standing.run} began to replace it, and nothing says how that ended`;
  if (claim) return `run ${claim.run} may have replaced it since: its journal cannot be checked here`;
  const fault = written?.fault ?? null;
  return fault === null ? null : `what is written down of it cannot be read: ${fault}`;
};

/** Is what a database holds as new as it has to be? Null when it is; otherwise why not, for people. `oldest` is the limit. */
export const findTooOld = (
  { bytes, doubt, by, asOf }: LiveCopy,
  { oldest, now }: { readonly oldest: Date; readonly now: Date },
): string | null => {
  if (bytes === null) return 'there is no such database';
  if (doubt !== null) return doubt;
  if (by === 'rollback') return 'it was rolled back';
  if (asOf === null) return 'nothing says as of when it is';
  const moment = new Date(asOf);
  // Clocks of two machines differ by some seconds, and not by an hour.
  if (moment.getTime() > now.getTime() + 3_600_000) return `it says that it is of the future: ${asOf}`;
  return moment < oldest ? `it is as of ${asOf}` : null;
};

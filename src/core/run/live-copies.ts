import type { DatabaseName, RunId } from '../names.js';
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

/** A database of a target: where its content is from, as far as journals and the history tell, and what a rollback brings back. */
export interface LiveCopy {
  readonly database: DatabaseName;
  /** The run that made its content what it is. */
  readonly run: RunId;
  readonly plan: string;
  readonly startedAt: string;
  /** `rollback`: its content is what an earlier run had replaced. `unknown`: the history of this machine has no such run. */
  readonly by: 'apply' | 'rollback' | 'unknown';
  /** What an apply copied; null where the history does not tell. */
  readonly source: { readonly server: string; readonly database: DatabaseName } | null;
  /** Data and indexes, the server's estimate; null where there is no such database now. */
  readonly bytes: number | null;
  readonly previous: Pick<KeptPrevious, 'scratch' | 'tables' | 'bytes'> | null;
}

/** Sizes of the databases that the target has now. */
export type LiveSizes = ReadonlyMap<DatabaseName, number>;

/**
 * Journals are on the target and tell of every machine's runs; the history is of this machine and tells of sources. `runs`
 * are those on this target, the newest first.
 */
export const listLiveCopies = (
  kept: readonly KeptPrevious[],
  runs: readonly PastRun[],
  sizes: LiveSizes,
): readonly LiveCopy[] => {
  const names = [...kept.map(({ live }) => live), ...runs.flatMap(listApplied)];
  return [...new Set(names)]
    .map((name) =>
      describeCopy(
        name,
        kept.find(({ live }) => live === name),
        runs,
        sizes,
      ),
    )
    .filter((copy) => copy !== undefined)
    .toSorted((a, b) => (a.database < b.database ? -1 : 1));
};

const listApplied = ({ outcomes }: PastRun): readonly DatabaseName[] =>
  outcomes.filter(({ status }) => status === 'applied').map(({ to }) => to);

const describeCopy = (
  database: DatabaseName,
  kept: KeptPrevious | undefined,
  runs: readonly PastRun[],
  sizes: LiveSizes,
): LiveCopy | undefined => {
  const newest = runs.find((run) => listApplied(run).includes(database));
  const bytes = sizes.get(database) ?? null;
  const previous = kept ? { scratch: kept.scratch, tables: kept.tables, bytes: kept.bytes } : null;
  // A run that kept nothing has dropped what was kept before.
  const isNewer = newest !== undefined && (kept === undefined || newest.startedAt > kept.startedAt);
  const known = isNewer ? newest : runs.find(({ id }) => id === kept?.run);
  // Of what is gone there is something to say where a rollback can bring it back.
  if (bytes === null && previous === null) return undefined;
  const made = isNewer
    ? { run: newest.id, plan: newest.plan.name, startedAt: newest.startedAt }
    : kept && { run: kept.run, plan: kept.plan, startedAt: kept.startedAt };
  return made && { database, ...made, ...describeOrigin(database, known), bytes, previous };
};

const describeOrigin = (
  database: DatabaseName,
  run: PastRun | undefined,
): Pick<LiveCopy, 'by' | 'source'> => {
  if (!run) return { by: 'unknown', source: null };
  const from = run.databases.find(({ to }) => to === database)?.from;
  const source =
    run.kind === 'apply' && from !== undefined ? { server: run.source.name, database: from } : null;
  return { by: run.kind, source };
};

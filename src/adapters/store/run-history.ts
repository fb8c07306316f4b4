import type { Knex } from 'knex';
import { SyncError } from '../../core/errors.js';
import type { CopyRecord } from '../../core/change/copy-record.js';
import type { DatabaseName, RunId } from '../../core/names.js';
import type { DatabaseOutcome } from '../../core/run/outcome.js';
import { findCopy, forgetCopy, keepCopies } from './copy-records.js';
import { inGroups } from '../../core/in-groups.js';
import { isRecord } from '../../core/strict-json.js';
import { type PastRun, type Run, type RunQuery, hasFailed } from '../../core/run/run.js';
import type { HistoryRecorder } from '../../engine/ports/ports.js';
import { readRunState } from './run-state.js';
import { ROWS_TOGETHER, type StoreDatabase } from './store-database.js';

/** What was applied. Every method rejects with a SyncError. */
export interface RunHistory extends HistoryRecorder {
  /** Newest first. */
  listRuns(query: RunQuery): Promise<readonly PastRun[]>;
  /** By id, by the beginning of an id, or `latest`. Rejects with RUN_UNKNOWN. */
  findRun(id: string): Promise<PastRun>;
  /** The last copy to a database of the target of this identity. */
  findCopy(target: string, database: DatabaseName): Promise<CopyRecord | undefined>;
}

interface RunRow {
  readonly id: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly exit_code: number | null;
  readonly plan_name: string;
  readonly plan_path: string;
  readonly facts: string;
}

interface OutcomeRow {
  readonly run_id: string;
  readonly database: string;
  readonly facts: string;
}

/** Adds conditions to the query of runs. */
type Narrow = (rows: Knex.QueryBuilder) => Knex.QueryBuilder;

export const createRunHistory = (database: StoreDatabase, now: () => Date): RunHistory => {
  const readRuns = async (narrow: Narrow): Promise<readonly PastRun[]> =>
    database.run(async (db) => {
      const newestFirst = (): Knex.QueryBuilder => db('runs').orderByRaw('started_at DESC, rowid DESC');
      const rows = (await narrow(newestFirst())) as readonly RunRow[];
      // A statement takes 32 766 values at most, so the ids are asked for again.
      const outcomes = await db<OutcomeRow>('outcomes')
        .whereIn('run_id', narrow(newestFirst()).select('id'))
        .orderBy('rowid');
      return rows.map((row) => toPastRun(row, outcomes, now()));
    });
  return {
    open: async (run) => {
      await database.run((db) => db<RunRow>('runs').insert(toRow(run)));
    },
    // Each transaction waits for the disk several times.
    record: async (run, ended) =>
      database.run((db) =>
        db.transaction(async (transaction) => {
          const outcomes = ended.map(({ outcome }) => outcome);
          const copies = ended.flatMap(({ copy }) => (copy ? [copy] : []));
          await keepOutcomes(transaction, run, outcomes);
          await keepCopies(transaction, copies);
        }),
      ),
    close: async (run, { outcomes, exitCode }, finishedAt) =>
      database.run((db) =>
        db.transaction(async (transaction) => {
          const closed = { finished_at: finishedAt.toISOString(), exit_code: exitCode };
          await transaction<RunRow>('runs').where({ id: run }).update(closed);
          await keepOutcomes(transaction, run, outcomes);
        }),
      ),
    forgetCopy: async (place) => database.run((db) => forgetCopy(db, place)),
    findCopy: async (target, live) => database.run((db) => findCopy(db, target, live)),
    listRuns: async (query) => {
      const runs = await readRuns((rows) => narrowRuns(rows, query));
      return (query.only === 'failed' ? runs.filter(hasFailed) : runs).slice(0, query.limit);
    },
    findRun: async (id) => {
      const runs = await readRuns((rows) =>
        id === 'latest' ? rows.limit(1) : rows.whereRaw('substr(id, 1, length(?)) = ?', [id, id]),
      );
      const [found, ...others] = runs;
      if (found && others.length === 0) return found;
      throw describeNotOne(id, runs);
    },
  };
};

const narrowRuns = (rows: Knex.QueryBuilder, { limit, plan, only, since }: RunQuery): Knex.QueryBuilder => {
  const inTime = since === undefined ? rows : rows.where('started_at', '>=', since.toISOString());
  const ofPlan = plan === undefined ? inTime : inTime.whereRaw('? IN (plan_name, plan_path)', [plan]);
  // Whether a run that was never closed has failed is for its process to say, after this query.
  return only === 'failed' ? ofPlan.whereRaw('exit_code IS NOT 0') : ofPlan.limit(limit);
};

const describeNotOne = (id: string, runs: readonly PastRun[]): SyncError =>
  new SyncError('RUN_UNKNOWN', {
    message:
      runs.length > 1
        ? `several runs begin with "${id}": ${runs.map((run) => run.id).join(', ')}`
        : id === 'latest'
          ? 'there is no run yet'
          : `no run is called "${id}" or begins with that`,
    hints: ['See them all:  mysql-sync history'],
  });

const keepOutcomes = async (db: Knex, run: RunId, outcomes: readonly DatabaseOutcome[]): Promise<void> => {
  for (const some of inGroups(outcomes, ROWS_TOGETHER)) {
    const rows = some.map((outcome) => ({
      run_id: run,
      database: outcome.to,
      facts: JSON.stringify(outcome),
    }));
    await db<OutcomeRow>('outcomes').insert(rows).onConflict(['run_id', 'database']).merge();
  }
};

const toRow = (run: Run): RunRow => {
  return {
    id: run.id,
    // In UTC and to the millisecond, so that the texts sort as the times do.
    started_at: new Date(run.startedAt).toISOString(),
    finished_at: run.finishedAt ?? null,
    exit_code: run.exitCode ?? null,
    plan_name: run.plan.name,
    plan_path: run.plan.path,
    facts: JSON.stringify({ ...run, outcomes: undefined }),
  };
};

const toPastRun = (row: RunRow, outcomes: readonly OutcomeRow[], now: Date): PastRun => {
  const run: Run = {
    ...(parseFacts(row.facts, isRun) as Omit<Run, 'outcomes'>),
    startedAt: row.started_at,
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
    ...(row.exit_code !== null && { exitCode: row.exit_code }),
    outcomes: outcomes
      .filter(({ run_id: id }) => id === row.id)
      .map(({ facts }) => parseFacts(facts, isOutcome) as DatabaseOutcome),
  };
  return { ...run, state: readRunState(run, now) };
};

/** Whoever can open the file can write other JSON into it, which is damage as any other. */
const parseFacts = (
  text: string,
  isWhole: (facts: Readonly<Record<string, unknown>>) => boolean,
): unknown => {
  const facts: unknown = JSON.parse(text);
  if (isRecord(facts) && isWhole(facts)) return facts;
  throw new SyntaxError('a run in it is not as mysql-sync writes it');
};

const isRun = ({ plan, source, target, databases }: Readonly<Record<string, unknown>>): boolean =>
  [plan, source, target].every(isRecord) && Array.isArray(databases);

const isOutcome = ({ to, status, notes }: Readonly<Record<string, unknown>>): boolean =>
  typeof to === 'string' && typeof status === 'string' && Array.isArray(notes);

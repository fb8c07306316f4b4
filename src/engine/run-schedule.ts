import type { DatabaseChange } from '../core/change-set.js';
import { SyncError, reportError } from '../core/errors.js';
import type { DatabaseOutcome } from '../core/outcome.js';
import { type AppliedDatabase, type DatabaseJob, applyDatabase } from './apply-database.js';
import type { DatabaseName } from '../core/names.js';
import { orderByReading } from '../core/reading-order.js';
import { forEachConcurrently } from './concurrency.js';
import { keepHistory } from './keep-history.js';

export interface Schedule {
  /** In the order of the plan. */
  readonly jobs: readonly DatabaseJob[];
  /** Databases at once. */
  readonly maxConcurrent: number;
  /** What a failed database does to those that have not started. */
  readonly onFailure: 'continue' | 'stop';
  /** How often a transient error of one database is tried again. */
  readonly maxRetries: number;
}

/**
 * Runs every database of the schedule, after those that it reads. Never rejects: what fails is an outcome, and the
 * others go on.
 */
export const runSchedule = async ({
  jobs,
  maxConcurrent,
  onFailure,
  maxRetries,
}: Schedule): Promise<readonly DatabaseOutcome[]> => {
  const outcomes = new Map<DatabaseName, DatabaseOutcome>();
  const runs = new Map<DatabaseName, Promise<void>>();
  const run = async ({ job, to, reads }: ReadingJob): Promise<void> => {
    await Promise.all(reads.flatMap((name) => runs.get(name) ?? []));
    const hasFailed = [...outcomes.values()].some(({ status }) => status === 'failed');
    const isStopped = job.signals.drain.aborted || (hasFailed && onFailure === 'stop');
    outcomes.set(
      to,
      isStopped ? await finish(job, 0, { status: 'not-started' }) : await runJob(job, maxRetries),
    );
  };
  const ordered = orderByReading(
    jobs.map((job): ReadingJob => ({ job, to: job.change.to, reads: job.inventory.reads })),
  );
  await forEachConcurrently(ordered, maxConcurrent, (job) => {
    // In a circle some of those that it reads have not begun, and are not waited for.
    const running = run(job);
    runs.set(job.to, running);
    return running;
  });
  return jobs.flatMap(({ change }) => outcomes.get(change.to) ?? []);
};

interface ReadingJob {
  readonly job: DatabaseJob;
  readonly to: DatabaseName;
  readonly reads: readonly DatabaseName[];
}

const runJob = async (job: DatabaseJob, maxRetries: number): Promise<DatabaseOutcome> => {
  const { change, ports } = job;
  const startedAt = ports.clock.monotonic();
  ports.events({ type: 'database-started', database: change.to });
  const result = await tryRepeatedly(job, maxRetries);
  return finish(job, Math.round(ports.clock.monotonic() - startedAt), result);
};

const finish = async (
  job: DatabaseJob,
  durationMilliseconds: number,
  result: Result,
): Promise<DatabaseOutcome> => {
  const { change, ports } = job;
  const outcome = describeOutcome(job, durationMilliseconds, result);
  await keepHistory(change.to, ports.events, () => ports.history.record(job.run, outcome));
  ports.events({ type: 'database-finished', database: change.to, outcome });
  return outcome;
};

type Result =
  | { readonly status: 'applied'; readonly applied: AppliedDatabase }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'interrupted' }
  | { readonly status: 'not-started' };

/** Never authentication or SQL errors: they would fail the same way. A try begins again from clean staging. */
const tryRepeatedly = async (job: DatabaseJob, maxRetries: number): Promise<Result> => {
  const result = await tryOnce(job);
  const { attempt, signals, ports, change } = job;
  if (result.status !== 'failed' || !isTransientError(result.error)) return result;
  if (attempt > maxRetries || signals.drain.aborted) return result;
  const delayMilliseconds = FIRST_DELAY_MILLISECONDS * 2 ** (attempt - 1);
  const reason = reportError(result.error).message;
  ports.events({ type: 'retrying', database: change.to, attempt, delayMilliseconds, reason });
  // Cut short by an interrupt, which the next try then meets at once.
  await ports.clock.sleep(delayMilliseconds, signals.abort).catch(() => undefined);
  return tryRepeatedly({ ...job, attempt: attempt + 1 }, maxRetries);
};

const FIRST_DELAY_MILLISECONDS = 1000;

/** Reaching a server that was reached before is a matter of time. */
const RECONNECTS: ReadonlySet<string> = new Set(['CONN_REFUSED', 'CONN_TIMEOUT', 'CONN_LOST']);

const isTransientError = (error: unknown): boolean =>
  error instanceof SyncError && (error.isTransient || RECONNECTS.has(error.code));

const tryOnce = async (job: DatabaseJob): Promise<Result> => {
  try {
    return { status: 'applied', applied: await applyDatabase(job) };
  } catch (error) {
    const isInterrupted = job.signals.abort.aborted && !isSwapFailure(error);
    return isInterrupted ? { status: 'interrupted' } : { status: 'failed', error };
  }
};

const isSwapFailure = (error: unknown): boolean =>
  error instanceof SyncError && error.code === 'SWAP_UNSETTLED';

/** What the plan announced and what matters from now on. */
const LASTING: ReadonlySet<string> = new Set([
  'DEFINER_RIGHTS',
  'EVENTS_OVER',
  'EVENTS_RUN',
  'EVENTS_WAIT',
  'READ_ONLY_NOT_COPIED',
]);

const listNotes = (
  { hazards }: DatabaseChange,
  { verification, eventsOver }: AppliedDatabase,
): readonly string[] => [
  ...verification.movedOnSource.map(
    (table) => `${table} was written to on the source during the copy: rows counted, digest not comparable`,
  ),
  ...hazards.filter(({ code }) => LASTING.has(code)).map(({ message }) => message),
  ...eventsOver.map((name) => `event ${name} was not made: its time passed during the copy`),
];

const describeOutcome = (
  { change }: DatabaseJob,
  durationMilliseconds: number,
  result: Result,
): DatabaseOutcome => {
  const applied = result.status === 'applied' ? result.applied : undefined;
  const error = result.status === 'failed' ? result.error : null;
  return {
    from: change.from,
    to: change.to,
    status: result.status,
    action: change.action === 'create' ? 'create' : 'overwrite',
    targetState: applied ? 'new' : isSwapFailure(error) ? 'unsure' : 'old',
    tables: applied?.tables ?? 0,
    rows: applied?.copied.rows ?? 0,
    bytes: applied?.copied.bytes ?? 0,
    durationMilliseconds,
    verification: applied?.verification ?? null,
    notes: applied ? listNotes(change, applied) : [],
    ...(applied && applied.enableEvents.length > 0 ? { enableEvents: applied.enableEvents } : {}),
    error: error === null ? null : reportError(error),
  };
};

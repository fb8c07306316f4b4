import type { DatabaseChange } from '../core/change/change-set.js';
import { SyncError, reportError } from '../core/errors.js';
import type { DatabaseOutcome } from '../core/run/outcome.js';
import type { AppliedDatabase } from './applied-database.js';
import { applyUnit } from './apply-database.js';
import type { DatabaseJob } from './database-job.js';
import type { DatabaseName } from '../core/names.js';
import { type BatchMember, groupBatch } from '../core/change/group-batch.js';
import type { Reader } from '../core/change/reading-order.js';
import { forEachWithin } from '../core/concurrency.js';
import { keepHistory } from './keep-history.js';
import { leaveUnchanged } from './leave-unchanged.js';
import { isServerGone } from './server-gone.js';

export interface Schedule {
  /** In the order of the plan. */
  readonly jobs: readonly DatabaseJob[];
  /** Databases at once: of any size, and of those with little data. */
  readonly maxConcurrent: number;
  readonly smallAtOnce: number;
  /** What a failed database does to those that have not started. */
  readonly onFailure: 'continue' | 'stop';
  /** How often a transient error of one database is tried again. */
  readonly maxRetries: number;
}

/**
 * Runs every unit of the schedule, after those that it reads. Never rejects: what fails is an outcome, and the others
 * go on.
 */
export const runSchedule = async ({
  jobs,
  maxConcurrent,
  smallAtOnce,
  onFailure,
  maxRetries,
}: Schedule): Promise<readonly DatabaseOutcome[]> => {
  const outcomes = new Map<DatabaseName, DatabaseOutcome>();
  // What takes longest begins first where several run at once: a large one that begins last runs on alone.
  const order = maxConcurrent > 1 ? jobs.toSorted((a, b) => sizeOf(b) - sizeOf(a)) : jobs;
  const units = groupBatch(order.map(toMember));
  await leaveUnchanged(
    units.flatMap(([one, ...others]) => (one && others.length === 0 && isSmall(one.job) ? [one.job] : [])),
    smallAtOnce,
    async (unchanged, applied, milliseconds) => {
      const result: Result = { status: 'applied', applied };
      const ended = await finish(unchanged.map((job) => ({ job, milliseconds, result })));
      for (const outcome of ended) outcomes.set(outcome.to, outcome);
    },
  );
  const begun: { readonly unit: readonly ReadingJob[]; readonly end: Promise<void> }[] = [];
  const run = async (unit: readonly DatabaseJob[], earlier: readonly Promise<void>[]): Promise<void> => {
    await Promise.all(earlier);
    const hasFailed = [...outcomes.values()].some(({ status }) => status === 'failed');
    const isDrained = unit.some(({ signals }) => signals.drain.aborted);
    const isStopped = isDrained || (hasFailed && onFailure === 'stop');
    const ended = isStopped ? await leaveUnit(unit) : await runUnit(unit, maxRetries);
    for (const outcome of ended) outcomes.set(outcome.to, outcome);
  };
  // Where a failure stops the others, those that have begun already would go on.
  const { capacity, costOf } = makeRoom(maxConcurrent, onFailure === 'stop' ? 1 : smallAtOnce);
  const bytesOf = (unit: readonly ReadingJob[]): number =>
    unit.reduce((sum, { job }) => sum + sizeOf(job), 0);
  await forEachWithin(
    units.filter((unit) => unit.some(({ to }) => !outcomes.has(to))),
    capacity,
    (unit) => costOf(bytesOf(unit)),
    (unit) => {
      const related = begun.filter(({ unit: other }) => isReading(unit, other) || isReading(other, unit));
      const end = run(
        unit.map(({ job }) => job),
        related.map((one) => one.end),
      );
      begun.push({ unit, end });
      return end;
    },
  );
  return jobs.flatMap(({ change }) => outcomes.get(change.to) ?? []);
};

/** Rows of so much are copied in less time than the questions around them take on a server that is far away. */
const SMALL_BYTES = 16 * 2 ** 20;

/** Room for databases at once, and how much of it some with so many bytes take. */
export const makeRoom = (
  maxConcurrent: number,
  smallAtOnce: number,
): { readonly capacity: number; readonly costOf: (bytes: number) => number } => {
  const capacity = Math.max(maxConcurrent, smallAtOnce);
  return { capacity, costOf: (bytes) => (bytes <= SMALL_BYTES ? 1 : capacity / maxConcurrent) };
};

const isSmall = (job: DatabaseJob): boolean => sizeOf(job) <= SMALL_BYTES;

const sizeOf = ({ inventory }: DatabaseJob): number =>
  inventory.tables.reduce((sum, { dataBytes, indexBytes }) => sum + dataBytes + indexBytes, 0);

interface ReadingJob extends Reader {
  readonly job: DatabaseJob;
}

const toMember = (job: DatabaseJob): BatchMember & Pick<ReadingJob, 'job'> => {
  const { change, inventory, live } = job;
  return { job, to: change.to, source: inventory, live };
};

/** Also those that are read wait: a staged foreign key would follow its parent through the swap, away from the live database. */
const isReading = (readers: readonly ReadingJob[], read: readonly ReadingJob[]): boolean =>
  readers.some(({ reads }) => read.some(({ to }) => reads.includes(to)));

const leaveUnit = async (unit: readonly DatabaseJob[]): Promise<readonly DatabaseOutcome[]> =>
  finish(unit.map((job) => ({ job, milliseconds: 0, result: { status: 'not-started' } })));

const runUnit = async (
  unit: readonly DatabaseJob[],
  maxRetries: number,
): Promise<readonly DatabaseOutcome[]> => {
  const started = unit.map((job) => {
    job.ports.events({ type: 'database-started', database: job.change.to });
    return { job, at: job.ports.clock.monotonic() };
  });
  const result = await tryRepeatedly(unit, maxRetries);
  return finish(
    started.map(({ job, at }) => ({
      job,
      milliseconds: Math.round(job.ports.clock.monotonic() - at),
      result,
    })),
  );
};

/** A database that has ended. */
interface Ended {
  readonly job: DatabaseJob;
  readonly milliseconds: number;
  readonly result: Result;
}

/** Of one run, those that ended together. */
const finish = async (ended: readonly Ended[]): Promise<readonly DatabaseOutcome[]> => {
  const entries = ended.map(({ job, milliseconds, result }) => {
    const copy = result.status === 'applied' ? result.applied.get(job.change.to)?.record : undefined;
    return { outcome: describeOutcome(job, milliseconds, result), copy };
  });
  const outcomes = entries.map(({ outcome }) => outcome);
  const [first] = ended;
  if (!first) return outcomes;
  const { run, change, ports } = first.job;
  await keepHistory(change.to, ports.events, () => ports.history.record(run, entries));
  for (const outcome of outcomes) ports.events({ type: 'database-finished', database: outcome.to, outcome });
  return outcomes;
};

type Result =
  | { readonly status: 'applied'; readonly applied: ReadonlyMap<DatabaseName, AppliedDatabase> }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'interrupted' }
  | { readonly status: 'not-started' };

/** Never authentication or SQL errors: they would fail the same way. A try begins again from clean staging. */
const tryRepeatedly = async (unit: readonly DatabaseJob[], maxRetries: number): Promise<Result> => {
  const [first] = unit;
  const isLast = first !== undefined && first.attempt > maxRetries;
  const result = await tryOnce(unit, isLast);
  if (!first || result.status !== 'failed' || !isTransientError(result.error)) return result;
  const { attempt, signals, ports } = first;
  if (isLast || signals.drain.aborted) return result;
  const delayMilliseconds = FIRST_DELAY_MILLISECONDS * 2 ** (attempt - 1);
  const reason = reportError(result.error).message;
  for (const { change } of unit)
    ports.events({ type: 'retrying', database: change.to, attempt, delayMilliseconds, reason });
  // Cut short by an interrupt, which the next try then meets at once.
  await ports.clock.sleep(delayMilliseconds, signals.abort).catch(() => undefined);
  return tryRepeatedly(
    unit.map((job) => ({ ...job, attempt: attempt + 1 })),
    maxRetries,
  );
};

const FIRST_DELAY_MILLISECONDS = 1000;

const isTransientError = (error: unknown): boolean =>
  isServerGone(error) || (error instanceof SyncError && error.isTransient);

const tryOnce = async (unit: readonly DatabaseJob[], isLast: boolean): Promise<Result> => {
  try {
    return { status: 'applied', applied: await applyUnit(unit, isLast) };
  } catch (error) {
    const isAborted = unit.some(({ signals }) => signals.abort.aborted);
    return isAborted && !isSwapFailure(error) ? { status: 'interrupted' } : { status: 'failed', error };
  }
};

const isSwapFailure = (error: unknown): boolean =>
  error instanceof SyncError && error.code === 'SWAP_UNSETTLED';

/** What the plan announced and what matters from now on. */
const LASTING: ReadonlySet<string> = new Set([
  'DEFINER_RIGHTS',
  'EVENTS_DISABLED',
  'EVENTS_OVER',
  'EVENTS_RUN',
  'EVENTS_WAIT',
  'READ_ONLY_NOT_COPIED',
]);

const listNotes = (
  { hazards }: DatabaseChange,
  { verification, eventsOver, notes }: AppliedDatabase,
): readonly string[] => [
  ...verification.movedOnSource.map(
    (table) => `${table} was written to on the source during the copy: rows counted, digest not comparable`,
  ),
  ...hazards.filter(({ code }) => LASTING.has(code)).map(({ message }) => message),
  ...eventsOver.map((name) => `event ${name} was not made: its time passed during the copy`),
  ...notes,
];

const describeOutcome = (
  { change }: DatabaseJob,
  durationMilliseconds: number,
  result: Result,
): DatabaseOutcome => {
  const applied = result.status === 'applied' ? result.applied.get(change.to) : undefined;
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
    ...(applied?.masks ? { masks: applied.masks } : {}),
    ...(applied && applied.preserved.length > 0 ? { preserved: applied.preserved } : {}),
    ...(applied && applied.hooks.length > 0 ? { hooks: applied.hooks } : {}),
    notes: applied ? listNotes(change, applied) : [],
    ...(applied && applied.enableEvents.length > 0 ? { enableEvents: applied.enableEvents } : {}),
    error: error === null ? null : reportError(error),
  };
};

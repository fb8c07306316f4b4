import { SyncError, reportError } from '../core/errors.js';
import { exitCodeOf, exitCodeOfSignal } from '../core/exit-codes.js';
import type { RecoveryStep } from '../core/recovery.js';
import type { DatabaseOutcome, RunSummary } from '../core/outcome.js';
import type { Run } from '../core/run.js';
import { holdRunLock } from './hold-run-lock.js';
import { keepHistory } from './keep-history.js';
import { type SwapJournal, readScratch } from './journal.js';
import type { EventSink, HistoryRecorder, Clock, TargetServer } from './ports.js';
import { explainUnsettled, recoverTarget } from './recover.js';
import {
  type KeptContent,
  type RollbackJob,
  listKept,
  readLivePrograms,
  rollBackDatabase,
} from './roll-back.js';
import type { RunSignals } from './run-context.js';

export interface RollbackRequest {
  /** The row that the history opens; its id names the rollback. */
  readonly run: Run;
  /** What was shown and approved. */
  readonly kept: readonly KeptContent[];
  readonly recovery: readonly RecoveryStep[];
  readonly signals: RunSignals;
}

export interface RollbackPorts {
  readonly history: HistoryRecorder;
  readonly events: EventSink;
  readonly clock: Clock;
}

/**
 * Brings back, under the target's lock, what earlier runs kept: one database after the other, and one that fails
 * leaves its database as it is and does not stop the others.
 */
export const rollBackRun = async (
  { run, kept, recovery, signals }: RollbackRequest,
  target: TargetServer,
  ports: RollbackPorts,
): Promise<RunSummary> => {
  const lock = await holdRunLock(target, {
    run: run.id,
    waitMilliseconds: 0,
    signal: signals.drain,
    clock: ports.clock,
  });
  try {
    const { notes, unsettled } = await recoverTarget(target, recovery);
    for (const message of notes) ports.events({ type: 'recovered', message });
    refuseMoved(kept, listKept(await readScratch(target), []));
    const startedAt = ports.clock.monotonic();
    await ports.history.open(run);
    const livePrograms = await readLivePrograms(target, kept);
    const outcomes: DatabaseOutcome[] = [];
    for (const one of kept) {
      const outcome = signals.drain.aborted
        ? describeOutcome(one, 0, 'not-started')
        : await rollBackOne(
            { run: run.id, kept: one, livePrograms },
            target,
            ports,
            unsettled.get(one.journal.live),
          );
      await keepHistory(outcome.to, ports.events, () => ports.history.record(run.id, outcome));
      outcomes.push(outcome);
    }
    const isWhole = outcomes.every(({ status }) => status === 'applied');
    const exitCode = isWhole
      ? exitCodeOf('done')
      : signals.drain.aborted
        ? exitCodeOfSignal(signals.drain)
        : exitCodeOf('databaseFailed');
    const summary = {
      outcomes,
      durationMilliseconds: Math.round(ports.clock.monotonic() - startedAt),
      exitCode,
    };
    const [last] = outcomes.slice(-1);
    if (last)
      await keepHistory(last.to, ports.events, () => ports.history.close(run.id, summary, ports.clock.now()));
    return summary;
  } finally {
    await lock.release();
  }
};

/** Between the question and the lock another run may have replaced what was kept. */
const refuseMoved = (approved: readonly KeptContent[], now: readonly SwapJournal[]): void => {
  const there = new Set(now.map(({ retired }) => retired));
  const gone = approved
    .filter(({ journal }) => !there.has(journal.retired))
    .map(({ journal }) => journal.live);
  if (gone.length === 0) return;
  throw new SyncError('PLAN_STALE', {
    message: `what was kept is no longer on the target: ${gone.join(', ')}`,
    hints: ['Look again:  mysql-sync rollback'],
  });
};

const rollBackOne = async (
  job: RollbackJob,
  target: TargetServer,
  { events, clock }: RollbackPorts,
  earlierSwap: string | undefined,
): Promise<DatabaseOutcome> => {
  const { kept } = job;
  const startedAt = clock.monotonic();
  events({ type: 'phase-started', database: kept.journal.live, phase: 'swap' });
  try {
    if (earlierSwap !== undefined) throw explainUnsettled(kept.journal.live, earlierSwap);
    await rollBackDatabase(job, target, clock);
    return describeOutcome(kept, clock.monotonic() - startedAt, 'applied');
  } catch (error) {
    return {
      ...describeOutcome(kept, clock.monotonic() - startedAt, 'failed', error),
      error: reportError(error),
    };
  }
};

const describeOutcome = (
  { journal: { live, swap }, bytes }: KeptContent,
  milliseconds: number,
  status: 'applied' | 'failed' | 'not-started',
  error?: unknown,
): DatabaseOutcome => ({
  from: live,
  to: live,
  status,
  action: swap.outgoing === null ? 'remove' : 'restore',
  targetState:
    status === 'applied'
      ? 'new'
      : error instanceof SyncError && error.code === 'SWAP_UNSETTLED'
        ? 'unsure'
        : 'old',
  tables: swap.outgoing?.tables.length ?? 0,
  rows: 0,
  bytes,
  durationMilliseconds: Math.round(milliseconds),
  verification: null,
  notes: [],
  error: null,
});

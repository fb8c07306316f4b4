import { SyncError, reportError } from '../core/errors.js';
import { exitCodeOf, exitCodeOfSignal } from '../core/exit-codes.js';
import type { RecoveryStep } from '../core/change/recovery.js';
import type { DatabaseOutcome, RunSummary } from '../core/run/outcome.js';
import type { Run } from '../core/run/run.js';
import { holdRunLock } from './hold-run-lock.js';
import { keepHistory } from './keep-history.js';
import { readScratch } from './journal.js';
import type { SwapJournal } from './journal-form.js';
import type { EventSink, HistoryRecorder, Clock } from './ports/ports.js';
import type { TargetServer } from './ports/target-server.js';
import { type Recovery, explainUnsettled, recoverTarget } from './recover.js';
import {
  type KeptContent,
  type RollbackJob,
  groupKept,
  listKept,
  readLivePrograms,
  rollBackUnit,
} from './roll-back.js';
import { keepProvenance, listMarks } from './provenance.js';
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
 * Brings back, under the target's lock, what earlier runs kept: one unit after the other, and one that fails leaves its
 * databases as they are and does not stop the others.
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
    const { notes, unsettled } = await recoverTarget(target, lock, recovery);
    for (const message of notes) ports.events({ type: 'recovered', message });
    const found = await readScratch(target);
    refuseMoved(kept, listKept(found, []));
    const provenance = await keepProvenance(target, listMarks(found));
    const startedAt = ports.clock.monotonic();
    await ports.history.open(run);
    const livePrograms = await readLivePrograms(target, kept);
    const outcomes: DatabaseOutcome[] = [];
    for (const unit of groupKept(kept)) {
      const ended = signals.drain.aborted
        ? unit.map((one) => describeOutcome(one, 0, 'not-started'))
        : await rollBackTogether(
            { run: run.id, lock, unit, livePrograms, provenance },
            target,
            ports,
            unsettled,
          );
      for (const outcome of ended) {
        await keepHistory(outcome.to, ports.events, async () => {
          await ports.history.record(run.id, [{ outcome }]);
          if (outcome.status !== 'applied') return;
          await ports.history.forgetCopy({ identity: target.facts.identity, database: outcome.to });
        });
        outcomes.push(outcome);
      }
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

const rollBackTogether = async (
  job: RollbackJob,
  target: TargetServer,
  { events, clock }: RollbackPorts,
  unsettled: Recovery['unsettled'],
): Promise<readonly DatabaseOutcome[]> => {
  const { unit } = job;
  const startedAt = clock.monotonic();
  const end = (status: 'applied' | 'failed', error?: unknown): readonly DatabaseOutcome[] =>
    unit.map((kept) => ({
      ...describeOutcome(kept, clock.monotonic() - startedAt, status, error),
      ...(error === undefined ? {} : { error: reportError(error) }),
    }));
  for (const { journal } of unit) events({ type: 'phase-started', database: journal.live, phase: 'swap' });
  try {
    for (const { journal } of unit) {
      const earlierSwap = unsettled.get(journal.live);
      if (earlierSwap !== undefined) throw explainUnsettled(journal.live, earlierSwap);
    }
    await rollBackUnit(job, target, clock);
    const trouble = job.provenance.takeTrouble();
    return end('applied').map((outcome, at) =>
      at === 0 && trouble !== undefined ? { ...outcome, notes: [trouble] } : outcome,
    );
  } catch (error) {
    return end('failed', error);
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

import type { DatabaseOutcome } from '../core/run/outcome.js';
import { type PastRun, unfinishedDatabases } from '../core/run/run.js';

/** The run as `--json` shows it. */
export const toRunDocument = (run: PastRun): object => ({
  id: run.id,
  kind: run.kind,
  state: run.state,
  exit_code: run.exitCode ?? null,
  started_at: run.startedAt,
  finished_at: run.finishedAt ?? null,
  started_by: run.startedBy,
  process_id: run.processId,
  plan: run.plan,
  saved_plan: run.savedPlan ?? null,
  source: run.source,
  target: run.target,
  log_path: run.logPath ?? null,
  databases: [
    ...run.outcomes.map(toOutcomeDocument),
    ...unfinishedDatabases(run).map(({ from, to }) => ({ from, to, status: 'not-finished' })),
  ],
});

const toOutcomeDocument = (outcome: DatabaseOutcome): object => ({
  from: outcome.from,
  to: outcome.to,
  action: outcome.action,
  status: outcome.status,
  target_state: outcome.targetState,
  tables: outcome.tables,
  rows: outcome.rows,
  bytes: outcome.bytes,
  duration_ms: outcome.durationMilliseconds,
  verification: outcome.verification && {
    digested: outcome.verification.digested,
    counted: outcome.verification.counted,
    moved_on_source: outcome.verification.movedOnSource,
  },
  notes: outcome.notes,
  enable_events: outcome.enableEvents ?? [],
  error: outcome.error,
});

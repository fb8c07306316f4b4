import { type PastRun, unfinishedDatabases } from '../core/run/run.js';

/** The run as `--json` shows it. */
export const toRunDocument = (run: PastRun): object => ({
  id: run.id,
  kind: run.kind,
  state: run.state,
  exitCode: run.exitCode ?? null,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt ?? null,
  startedBy: run.startedBy,
  processId: run.processId,
  plan: run.plan,
  savedPlan: run.savedPlan ?? null,
  source: run.source,
  target: run.target,
  logPath: run.logPath ?? null,
  databases: [
    ...run.outcomes.map((outcome) => ({ ...outcome, enableEvents: outcome.enableEvents ?? [] })),
    ...unfinishedDatabases(run).map(({ from, to }) => ({ from, to, status: 'not-finished' })),
  ],
});

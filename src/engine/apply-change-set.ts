import { type ChangeSet, isPending } from '../core/change/change-set.js';
import { findDrift, listApproved } from '../core/change/drift.js';
import { isKept } from '../core/change/scratch.js';
import { SyncError } from '../core/errors.js';
import type { RunSummary } from '../core/run/outcome.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { ApplyRequest } from './apply-request.js';
import { withClosing } from './closing.js';
import { type LockWish, holdRunLock } from './hold-run-lock.js';
import { keepHistory } from './keep-history.js';
import { type PlannedSync, isNarrowed, keepConnections, planSync } from './plan-sync.js';
import type { OpenServers } from './open-servers.js';
import type { DatabaseJob } from './database-job.js';
import { readMoment } from './describe-origin.js';
import type { RunLock } from './ports/locks.js';
import type { Ports } from './ports/ports.js';
import type { RowEngine } from './ports/row-engine.js';
import { keepProvenance, listKeptMarks } from './provenance.js';
import type { SourceMoment } from './run-context.js';
import { type Recovery, recoverTarget } from './recover.js';
import { decideExit, describeRun, makeJobs, openPace } from './run-jobs.js';
import { runSchedule } from './run-schedule.js';
import { tablesToFill } from './tasks/copy.js';
import { suggestCommand } from '../core/shell-word.js';
import { planArgument } from '../core/plan/unsaved-plan.js';
import { staysOf } from './unfinished.js';

/**
 * Does exactly what the change set says: locks the target, looks again, refuses with PLAN_STALE when the world moved,
 * and runs the databases. Rejects only before anything was written; afterwards the summary tells. Where the servers were
 * looked at under the lock, and nothing is to be put in order, that look is enough.
 */
export const applyChangeSet = (
  request: ApplyRequest,
  servers: OpenServers,
  ports: Ports,
): Promise<RunSummary> =>
  withClosing(async (closeLater) => {
    const { held } = request;
    const lock = held?.lock ?? (await holdRunLock(servers.target, lockWish(request, ports.clock)));
    if (!held) closeLater(() => lock.release());
    const isInOrder = request.changeSet.scratch.every(isKept);
    const { now, unsettled } =
      held && isInOrder
        ? { now: held.planned, unsettled: NOTHING_UNSETTLED }
        : await lookAgain(request, servers, lock, ports);
    await ports.rowEngine.prepare(servers.source.facts, servers.target.facts);
    const pace = await openPace(request.plan, servers, ports);
    closeLater(() => pace.stop());
    if (request.savedPlan !== undefined) await servers.target.makeApplied();
    const provenance = await keepProvenance(servers.target, listKeptMarks(now.changeSet));
    closeLater(await keepConnections(request.plan, ports.servers));
    const { rowEngine, moment } = await openRowEngine(request.plan, now, servers, ports);
    closeLater(() => rowEngine.close());
    const kept = { lock, pace, provenance, moment };
    return runAll(request, { now, unsettled }, servers, { ...ports, rowEngine }, kept);
  });

const lockWish = ({ run, lockWaitMilliseconds, signals }: ApplyRequest, clock: Ports['clock']): LockWish => ({
  run,
  waitMilliseconds: lockWaitMilliseconds,
  signal: signals.drain,
  clock,
});

interface Look {
  readonly now: PlannedSync;
  readonly unsettled: Recovery['unsettled'];
}

const NOTHING_UNSETTLED: Look['unsettled'] = new Map();

/** Puts in order what was shown, and reads both servers once more. */
const lookAgain = async (
  request: ApplyRequest,
  servers: OpenServers,
  lock: RunLock,
  { clock, events }: Pick<Ports, 'clock' | 'events'>,
): Promise<Look> => {
  const { changeSet, plan, narrowing } = request;
  const databases = changeSet.databases.map(({ to }) => to);
  const extent = { databases, isNarrowed: isNarrowed(narrowing), now: clock.now() };
  const recovery = await recoverTarget(
    servers.target,
    lock,
    listApproved(changeSet),
    staysOf(plan, servers, extent),
  );
  for (const message of recovery.notes) events({ type: 'recovered', message });
  const now = await planSync(plan, servers, narrowing, clock.now());
  refuseDrift(
    withoutDatabases(changeSet, recovery.touched),
    withoutDatabases(now.changeSet, recovery.touched),
  );
  return { now, unsettled: recovery.unsettled };
};

/** A swap that was finished or undone just now moved its database, and the consent covers replacing it either way. */
const withoutDatabases = (changeSet: ChangeSet, names: ReadonlySet<string>): ChangeSet => ({
  ...changeSet,
  databases: changeSet.databases.filter(({ to }) => !names.has(to)),
});

const refuseDrift = (planned: ChangeSet, now: ChangeSet): void => {
  const drift = findDrift(planned, now);
  if (drift.length === 0) return;
  throw new SyncError('PLAN_STALE', {
    message: ['the servers changed since the plan was shown:', ...drift.map((line) => `  ${line}`)],
    hints: [`Look again:  ${suggestCommand`plan ${planArgument(planned.plan.path)}`}`],
  });
};

/** Where the plan wants all databases of one moment, that moment is when this resolves. */
const openRowEngine = async (
  { source, options, mask }: ResolvedPlan,
  { changeSet, source: { databases } }: PlannedSync,
  servers: OpenServers,
  { rowEngine, clock }: Pick<Ports, 'rowEngine' | 'clock'>,
): Promise<{ readonly rowEngine: RowEngine; readonly moment: SourceMoment | undefined }> => {
  const { consistency, parallel, maxConcurrent } = options;
  if (consistency === 'database' || !rowEngine.inOneMoment) return { rowEngine, moment: undefined };
  const moment = await readMoment(servers.source, clock);
  const shared = await rowEngine.inOneMoment({
    source,
    sourceFacts: servers.source.facts,
    databases: changeSet.databases.filter(isPending).map((change) => {
      const inventory = databases.find(({ name }) => name === change.from);
      return { from: change.from, tables: tablesToFill(change, inventory?.tables ?? []) };
    }),
    lanes: parallel * maxConcurrent,
    consistency,
    ...(mask && { maskKey: mask.key }),
  });
  return { rowEngine: shared, moment };
};

const runAll = async (
  request: ApplyRequest,
  { now, unsettled }: Look,
  known: OpenServers,
  ports: Ports,
  held: Pick<DatabaseJob, 'lock' | 'pace' | 'provenance' | 'moment'>,
): Promise<RunSummary> => {
  const { run, plan, onFailure, signals } = request;
  const changes = now.changeSet.databases.filter(isPending);
  const startedAt = ports.clock.monotonic();
  await ports.history.open(describeRun(request, now.changeSet, changes, ports.clock.now()));
  ports.events({
    type: 'run-started',
    run,
    databases: changes.map(({ to }) => to),
    target: plan.target.name,
    plan: plan.name,
    savedPlan: request.savedPlan ?? null,
  });
  const outcomes = await runSchedule({
    jobs: makeJobs(request, { now, changes, unsettled }, { known, ports, ...held }),
    maxConcurrent: plan.options.maxConcurrent,
    smallAtOnce: plan.options.smallAtOnce,
    onFailure,
    maxRetries: request.maxRetries,
  });
  const summary = {
    outcomes,
    durationMilliseconds: Math.round(ports.clock.monotonic() - startedAt),
    exitCode: decideExit(outcomes, signals),
  };
  const [last] = outcomes.slice(-1);
  if (last)
    await keepHistory(last.to, ports.events, () => ports.history.close(run, summary, ports.clock.now()));
  ports.events({ type: 'run-finished', run, summary });
  return summary;
};

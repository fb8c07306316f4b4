import type { ChangeSet, DatabaseChange } from '../core/change/change-set.js';
import { findLive } from '../core/change/diff.js';
import { exitCodeOf, exitCodeOfSignal } from '../core/exit-codes.js';
import { describeFlavor } from '../core/flavor.js';
import { type DatabaseOutcome, leavesWork } from '../core/run/outcome.js';
import { sourceConnections } from '../core/plan/row-engines.js';
import type { ResolvedOptions, ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { Run } from '../core/run/run.js';
import type { ApplyRequest } from './apply-request.js';
import type { DatabaseJob } from './database-job.js';
import { gatherTables } from './read-tables.js';
import type { OpenServers } from './open-servers.js';
import { type KeptPace, keepPace } from './pace.js';
import type { PlannedSync } from './plan-sync.js';
import type { Ports } from './ports/ports.js';
import type { Recovery } from './recover.js';
import type { RunSignals } from './run-context.js';

/** Databases that are copied, and what was read of both sides for them. */
export interface PlannedChanges {
  readonly now: PlannedSync;
  readonly changes: readonly DatabaseChange[];
  readonly unsettled: Recovery['unsettled'];
}

type Held = Pick<DatabaseJob, 'known' | 'ports' | 'lock' | 'pace' | 'provenance' | 'moment'>;

export const makeJobs = (
  { run, savedPlan, plan, signals, keep, startedBy }: ApplyRequest,
  { now, changes, unsettled }: PlannedChanges,
  held: Held,
): readonly DatabaseJob[] => {
  const tablesNow = gatherTables(held.known);
  return changes.flatMap((change) => {
    const inventory = now.source.databases.find(({ name }) => name === change.from);
    if (!inventory) return [];
    const earlierKept = now.changeSet.scratch
      .filter(({ state, live }) => state === 'kept' && live === change.to)
      .map(({ database }) => database);
    const unfinished = now.changeSet.scratch
      .filter(({ state, live }) => state === 'staging' && live === change.to)
      .map(({ database }) => database);
    const shared = { run, savedPlan, plan, signals, keep, startedBy, tablesNow, ...held };
    const earlierSwap = unsettled.get(change.to);
    const live = findLive(now.target, change.to);
    return [{ ...shared, change, inventory, live, earlierKept, unfinished, earlierSwap, attempt: 1 }];
  });
};

export const openPace = (
  { options }: ResolvedPlan,
  { source }: OpenServers,
  { servers, clock, events }: Pick<Ports, 'servers' | 'clock' | 'events'>,
): Promise<KeptPace> =>
  keepPace(options.pace, { source, ownThreads: countOwnThreads(options), servers, clock, events });

const countOwnThreads = ({ engine, parallel, smallAtOnce }: ResolvedOptions): number =>
  smallAtOnce * sourceConnections(engine, parallel);

export const decideExit = (outcomes: readonly DatabaseOutcome[], { drain }: RunSignals): number => {
  const left = outcomes.filter(leavesWork);
  if (left.length === 0) return exitCodeOf('done');
  if (drain.aborted) return exitCodeOfSignal(drain);
  // Whoever repeats what has failed is told that this would fail the same way.
  const isStale = left.every(({ error }) => error?.code === 'PLAN_STALE');
  return exitCodeOf(isStale ? 'stalePlan' : 'databaseFailed');
};

export const describeRun = (
  request: ApplyRequest,
  { plan, source, target }: Pick<ChangeSet, 'plan' | 'source' | 'target'>,
  changes: readonly DatabaseChange[],
  startedAt: Date,
): Run => ({
  id: request.run,
  kind: 'apply',
  startedAt: startedAt.toISOString(),
  startedBy: request.startedBy,
  processId: request.processId,
  plan,
  source: { name: source.name, address: source.address, server: describeFlavor(source.flavor) },
  target: { name: target.name, address: target.address, server: describeFlavor(target.flavor) },
  databases: changes.map(({ from, to }) => ({ from, to })),
  outcomes: [],
  ...(request.savedPlan === undefined ? {} : { savedPlan: request.savedPlan }),
  ...(request.logPath === undefined ? {} : { logPath: request.logPath }),
});

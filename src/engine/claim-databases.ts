import { type DatabaseChange, isPending } from '../core/change/change-set.js';
import { listCopySets } from '../core/change/copy-sets.js';
import { scopeOf, writeGrant } from '../core/change/wanted-grants.js';
import { forEachWithin } from '../core/concurrency.js';
import { SyncError } from '../core/errors.js';
import { type DatabaseName, OWN_DATABASE } from '../core/names.js';
import type { DatabaseOutcome, RunSummary } from '../core/run/outcome.js';
import { listApplied } from './applied.js';
import type { ClaimRequest } from './apply-request.js';
import { takeSet } from './claimed-set.js';
import type { ClaimingWorker } from './claiming-worker.js';
import { withClosing } from './closing.js';
import { waitForLock } from './hold-run-lock.js';
import { keepHistory } from './keep-history.js';
import type { OpenServers } from './open-servers.js';
import { type PlannedSync, keepConnections, planSync } from './plan-sync.js';
import type { FoundApplied } from './ports/locks.js';
import type { Clock, Ports } from './ports/ports.js';
import type { TargetServer } from './ports/target-server.js';
import { keepProvenance, listKeptMarks, provenanceKey } from './provenance.js';
import { decideExit, describeRun, openPace } from './run-jobs.js';
import { makeRoom } from './run-schedule.js';
import { endUntouched } from './untouched.js';

/**
 * Does its part of a saved plan, of which other processes do theirs at the same time: takes one set of databases after
 * the other by locks on the target, the largest first, and leaves what others have or have done. Rejects only before
 * anything was written; afterwards the summary tells.
 */
export const claimDatabases = (
  request: ClaimRequest,
  servers: OpenServers,
  ports: Ports,
): Promise<RunSummary> =>
  withClosing(async (closeLater) => {
    const { run, savedPlan, plan, changeSet, signals } = request;
    const { target } = servers;
    const { clock } = ports;
    if (!(await target.makeApplied())) throw rightsError(target);
    const wish = { waitMilliseconds: request.lockWaitMilliseconds, signal: signals.drain, clock };
    const seat = await waitForLock(() => target.joinWorkers({ run, savedPlan }), wish);
    closeLater(() => seat.release());
    closeLater(await keepConnections(plan, ports.servers));
    await ports.rowEngine.prepare(servers.source.facts, target.facts);
    closeLater(() => ports.rowEngine.close());
    const pace = await openPace(plan, servers, ports);
    closeLater(() => pace.stop());
    const provenance = await keepProvenance(target, listKeptMarks(changeSet));
    const changes = changeSet.databases.filter(isPending);
    const startedAt = clock.monotonic();
    const planNames = (names: readonly DatabaseName[]): Promise<PlannedSync> =>
      planSync(plan, servers, { ...request.narrowing, to: new Set(names) }, clock.now());
    const done = await keepDone(target, savedPlan);
    const left = changes.filter(({ to }) => !done.has(to)).map(({ to }) => to);
    const plans = keepPlans(planNames, clock);
    if (left.length > 0) await plans(left);
    const worker: ClaimingWorker = {
      request,
      servers,
      ports,
      seat,
      held: { pace, provenance, moment: undefined },
      done,
      planNames,
      plans,
    };
    await ports.history.open(describeRun(request, changeSet, changes, clock.now()));
    const databases = changes.map(({ to }) => to);
    ports.events({
      type: 'run-started',
      run,
      databases,
      target: plan.target.name,
      plan: plan.name,
      savedPlan,
    });
    const ended = await walk(worker);
    const outcomes: DatabaseOutcome[] = [];
    for (const change of changes)
      outcomes.push(ended.get(change.to) ?? (await endUntouched(worker, change, leftAs(worker, change))));
    const summary = {
      outcomes,
      durationMilliseconds: Math.round(clock.monotonic() - startedAt),
      exitCode: decideExit(outcomes, signals),
    };
    const [last] = outcomes.slice(-1);
    if (last) await keepHistory(last.to, ports.events, () => ports.history.close(run, summary, clock.now()));
    ports.events({ type: 'run-finished', run, summary });
    return summary;
  });

const rightsError = ({ facts }: TargetServer): SyncError =>
  new SyncError('PRIVILEGE_MISSING', {
    message: `${facts.account} may not write down in the database ${OWN_DATABASE} of the target which databases are applied, and workers go by that`,
    hints: [
      `On the target:  ${writeGrant(['SELECT', 'INSERT', 'CREATE', 'DELETE'], scopeOf(OWN_DATABASE), facts.account)}`,
      'Or let one process apply the saved plan, without --claim.',
    ],
  });

const leftAs = (
  { done, seat, request: { signals } }: ClaimingWorker,
  { to }: DatabaseChange,
): 'already-applied' | 'elsewhere' | 'not-started' => {
  if (done.has(to)) return 'already-applied';
  return signals.drain.aborted || seat.isLost() ? 'not-started' : 'elsewhere';
};

/** What the target has said so far of databases that are applied: what it has said once stays so. */
const keepDone = async (target: TargetServer, savedPlan: string): Promise<ClaimingWorker['done']> => {
  let known: ReadonlySet<DatabaseName> = new Set();
  const learn = (found: FoundApplied): void => {
    known = new Set(listApplied(found).map(({ live }) => live));
  };
  const refresh = async (): Promise<void> => learn(await target.readApplied(savedPlan));
  await refresh();
  return { has: (live) => known.has(provenanceKey(target, live)), refresh, learn };
};

/** What was read of both sides is good for so long. */
const FRESH_MILLISECONDS = 60_000;

/** All that is left is planned together: one by one that would take ten round trips each. */
const keepPlans = (planNames: ClaimingWorker['planNames'], clock: Clock): ClaimingWorker['plans'] => {
  let current: { readonly at: number; readonly now: Promise<PlannedSync> } | undefined;
  return (left) => {
    if (current === undefined || clock.monotonic() - current.at > FRESH_MILLISECONDS)
      current = { at: clock.monotonic(), now: planNames(left) };
    return current.now;
  };
};

/** Goes over the sets until there is none that could be had: what another worker had may be free when it was killed. */
const walk = async (worker: ClaimingWorker): Promise<ReadonlyMap<DatabaseName, DatabaseOutcome>> => {
  const { plan, signals, changeSet } = worker.request;
  const { capacity, costOf } = makeRoom(plan.options.maxConcurrent, plan.options.smallAtOnce);
  const ended = new Map<DatabaseName, DatabaseOutcome>();
  const listOpen = (changes: readonly DatabaseChange[]): readonly DatabaseName[] =>
    changes.map(({ to }) => to).filter((name) => !ended.has(name) && !worker.done.has(name));
  const sets = listCopySets(changeSet).map(({ databases }) => databases);
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    const open = sets.filter((set) => listOpen(set).length > 0);
    await forEachWithin(
      open,
      capacity,
      (set) => costOf(set.reduce((sum, { source }) => sum + source.bytes, 0)),
      async (set) => {
        const wanted = listOpen(set);
        if (wanted.length === 0 || signals.drain.aborted || worker.seat.isLost()) return;
        const outcomes = await takeSet(worker, wanted, () => listOpen(sets.flat()));
        if (!outcomes) return;
        isMoving = true;
        for (const outcome of outcomes) ended.set(outcome.to, outcome);
      },
    );
  }
  return ended;
};

import { type ChangeSet, type DatabaseChange, isPending } from '../core/change/change-set.js';
import { findDrift, listApproved } from '../core/change/drift.js';
import { SyncError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import { planArgument } from '../core/plan/unsaved-plan.js';
import type { DatabaseOutcome } from '../core/run/outcome.js';
import { suggestCommand } from '../core/shell-word.js';
import type { ClaimingWorker } from './claiming-worker.js';
import type { PlannedSync } from './plan-sync.js';
import type { Claim, RunLock } from './ports/locks.js';
import { provenanceKey } from './provenance.js';
import type { Recovery } from './recover.js';
import { listScratchOf, recoverClaimed } from './recover-claimed.js';
import { makeJobs } from './run-jobs.js';
import { runSchedule } from './run-schedule.js';
import { resumesOf } from './unfinished.js';
import { endUntouched } from './untouched.js';

type Names = readonly DatabaseName[];

/**
 * Takes these databases and does what the saved plan says of them. Undefined where another worker has one of them.
 * Never rejects: what fails is an outcome.
 */
export const takeSet = async (
  worker: ClaimingWorker,
  names: Names,
  listOpen: () => Names,
): Promise<readonly DatabaseOutcome[] | undefined> => {
  const { seat, servers, request } = worker;
  const ended = new Map<DatabaseName, DatabaseOutcome>();
  const endAll = async (status: 'failed' | 'interrupted' | 'already-applied', error?: unknown) => {
    for (const change of listChanges(worker, names).filter(({ to }) => !ended.has(to)))
      ended.set(change.to, await endUntouched(worker, change, status, error));
    return [...ended.values()];
  };
  let claim: Claim | undefined;
  try {
    claim = await seat.claim(names.map((name) => provenanceKey(servers.target, name)));
    if (!claim) return undefined;
    const found = await lookAt(worker, claim, names, listOpen);
    for (const outcome of await applySet(worker, found, claim)) ended.set(outcome.to, outcome);
    // What was done before is not done again.
    return await endAll('already-applied');
  } catch (error) {
    return await endAll(request.signals.abort.aborted ? 'interrupted' : 'failed', error);
  } finally {
    // Whatever is asked next on that connection is answered after it, so nobody waits for the answer.
    void claim?.release();
  }
};

const listChanges = ({ request }: ClaimingWorker, names: Names): readonly DatabaseChange[] =>
  request.changeSet.databases.filter(({ to }) => names.includes(to));

interface FoundSet extends Pick<Recovery, 'touched' | 'unsettled'> {
  /** Those that nobody has applied. */
  readonly left: Names;
  /** Undefined when there is nothing left. */
  readonly now: PlannedSync | undefined;
}

/** Looks at what is claimed, now that nobody else changes it, and puts in order what a killed worker left of it. */
const lookAt = async (
  { servers, request, done, planNames, plans, ports }: ClaimingWorker,
  lock: Claim,
  names: Names,
  listOpen: () => Names,
): Promise<FoundSet> => {
  const { target } = servers;
  const listLeft = (): Names => names.filter((name) => !done.has(name));
  done.learn(lock.applied);
  const untouched = { touched: new Set<never>(), unsettled: new Map<never, never>() };
  if (listLeft().length === 0) return { left: [], now: undefined, ...untouched };
  const earlier = await plans(listOpen()).catch(() => undefined);
  const kept = new Set(
    earlier?.changeSet.scratch.filter(({ state }) => state === 'kept').map(({ database }) => database),
  );
  const isLeftBehind = listScratchOf(lock.scratch, names).some((name) => !kept.has(name));
  if (earlier && !isLeftBehind) {
    const left = listLeft();
    const isAsSaved = listMoved(request.changeSet, earlier.changeSet, left).length === 0;
    // Another worker may have been in the middle of its swap then.
    return { left, now: isAsSaved ? earlier : await planNames(left), ...untouched };
  }
  const { plan, savedPlan, changeSet } = request;
  const approved = listApproved(changeSet);
  const mayStay = resumesOf(plan, servers, names);
  const recovery = await recoverClaimed(target, lock, { names, savedPlan, approved, mayStay });
  for (const message of recovery.notes) ports.events({ type: 'recovered', message });
  await done.refresh();
  const left = listLeft();
  return { ...recovery, left, now: left.length === 0 ? undefined : await planNames(left) };
};

/** How these databases moved since the plan was saved. What killed runs left is looked at apart. */
const listMoved = (saved: ChangeSet, now: ChangeSet, names: Names): readonly string[] => {
  const pick = (changeSet: ChangeSet): ChangeSet => ({
    ...changeSet,
    databases: changeSet.databases.filter(({ to }) => names.includes(to)),
    recovery: [],
  });
  return findDrift(pick(saved), pick(now));
};

const applySet = async (
  { request, servers, ports, held }: ClaimingWorker,
  { left, now, touched, unsettled }: FoundSet,
  lock: RunLock,
): Promise<readonly DatabaseOutcome[]> => {
  if (!now) return [];
  const { changeSet: saved } = request;
  // A swap that was finished or undone just now moved its database, and the consent covers replacing it either way.
  refuseMoved(
    saved,
    listMoved(
      saved,
      now.changeSet,
      left.filter((name) => !touched.has(name)),
    ),
  );
  const changes = now.changeSet.databases.filter(({ to }) => left.includes(to));
  const missing = left.filter((name) => !changes.some(({ to }) => to === name));
  refuseMoved(
    saved,
    missing.map((name) => `${name}: vanished from the source`),
  );
  refuseMoved(saved, changes.filter((change) => !isPending(change)).map(describeRefused));
  return runSchedule({
    jobs: makeJobs(request, { now, changes, unsettled }, { known: servers, ports, lock, ...held }),
    maxConcurrent: 1,
    smallAtOnce: 1,
    onFailure: request.onFailure,
    maxRetries: request.maxRetries,
  });
};

const describeRefused = ({ to, action, hazards }: DatabaseChange): string => {
  const why = hazards.filter(({ severity }) => severity === 'blocks').map(({ message }) => message);
  return `${to}: ${action} by now${why.length === 0 ? '' : `: ${why.join('; ')}`}`;
};

const refuseMoved = ({ plan }: ChangeSet, lines: readonly string[]): void => {
  if (lines.length === 0) return;
  throw new SyncError('PLAN_STALE', {
    message: ['the servers changed since the plan was saved:', ...lines.map((line) => `  ${line}`)],
    hints: [`Plan again:  ${suggestCommand`plan ${planArgument(plan.path)} --out FILE`}`],
  });
};

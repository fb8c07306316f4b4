import { whyServersIncomparable } from '../core/change/refresh.js';
import { isTooOld } from '../core/change/scratch.js';
import { type DatabaseName, parseScratchName } from '../core/names.js';
import { isRefreshing } from '../core/plan/refresh-rule.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import { type ReadScratch, readScratch } from './journal.js';
import type { Journal } from './journal-form.js';
import type { OpenServers } from './open-servers.js';
import type { DatabaseRun } from './run-context.js';
import { dropLeft } from './settle-swap.js';

/** Whether what an earlier run left of its copy is left where it is when a run puts in order what it finds. */
export type MayStay = (journal: Journal) => boolean;

/** What this run goes on from, and what another run of the same plan may go on from that has the databases that this one leaves out. */
export const staysOf = (
  plan: ResolvedPlan,
  servers: Pick<OpenServers, 'source' | 'target'>,
  { databases, isNarrowed, now }: RunExtent,
): MayStay => {
  const mayResume = resumesOf(plan, servers, databases);
  const names = new Set(databases);
  const isLeftOut = ({ live, together, startedAt, plan: { digest } }: Journal): boolean =>
    isNarrowed &&
    plan.leavesUnfinished === true &&
    !names.has(live) &&
    together === undefined &&
    digest === plan.digest &&
    !isTooOld(startedAt, now);
  return (journal) => mayResume(journal) || isLeftOut(journal);
};

/** Which of its plan's databases a run copies. */
export interface RunExtent {
  /** By their names on the target. */
  readonly databases: readonly DatabaseName[];
  /** The call may leave out some of the plan. */
  readonly isNarrowed: boolean;
  readonly now: Date;
}

/** Of a run that copies these databases: what the same plan had begun, where rows can be told from those of the source. */
export const resumesOf = (
  plan: ResolvedPlan,
  { source, target }: Pick<OpenServers, 'source' | 'target'>,
  databases: readonly DatabaseName[],
): MayStay => {
  const isAble =
    isRefreshing(plan.options.refresh) &&
    plan.discardsUnfinished !== true &&
    whyServersIncomparable(source.facts, target.facts) === undefined;
  const names = new Set(databases);
  return ({ live, together, plan: { digest } }) =>
    isAble && names.has(live) && together === undefined && digest === plan.digest;
};

/**
 * Copies that a run was killed in and that may stay. The journal tells of them: a name alone makes nothing ours.
 * What was kept for a rollback until a run began to use it up has no staging database any more.
 */
export const listUnfinished = (found: readonly ReadScratch[], mayStay: MayStay): readonly Journal[] => {
  const names = new Set(found.map(({ database }) => database));
  return found.flatMap(({ journal }) => {
    if (journal?.phase !== 'staging' || parseScratchName(journal.staging)?.use !== 'new') return [];
    return names.has(journal.staging) && mayStay(journal) ? [journal] : [];
  });
};

/** Those of them that are not too old to be gone on from. */
export const readFresh = async (
  run: Parameters<typeof readUnfinished>[0],
  now: Date,
): Promise<readonly Journal[]> =>
  (await readUnfinished(run)).filter(({ startedAt }) => !isTooOld(startedAt, now));

/** The newest first: where a run was killed while it took tables from an older one, the older one has the others. */
export const readUnfinished = async ({
  change,
  plan,
  source,
  target,
  unfinished,
}: Pick<DatabaseRun, 'change' | 'plan' | 'source' | 'target' | 'unfinished'>): Promise<
  readonly Journal[]
> => {
  if (unfinished.length === 0) return [];
  const found = listUnfinished(await readScratch(target), resumesOf(plan, { source, target }, [change.to]));
  return found
    .filter(({ retired }) => unfinished.includes(retired))
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
};

/** What is left of them when the run has taken what it can use. */
export const dropUnfinished = async (
  { change, lock, ports, target }: DatabaseRun,
  unfinished: readonly Journal[],
): Promise<void> => {
  for (const { staging, retired } of unfinished) {
    await lock.check();
    for (const message of await dropLeft(target, [staging, retired]))
      ports.events({ type: 'note', database: change.to, message });
  }
};

/** Whether there is something in the staging database of this run that the next one could go on from. */
export const hasBegun = async ({
  change,
  inventory,
  journal,
  plan,
  source,
  target,
}: DatabaseRun): Promise<boolean> => {
  const mayResume = resumesOf(plan, { source, target }, [change.to]);
  if (!mayResume({ ...journal, phase: 'staging' })) return false;
  // The journal of a swap that was undone tells of that, and the next run drops what it had.
  const unfinished = listUnfinished(await readScratch(target), mayResume);
  if (!unfinished.some(({ retired }) => retired === journal.retired)) return false;
  const names = (await target.readStructures(journal.staging)).map(({ name }) => name);
  const known = new Map(inventory.tables.map((table) => [table.name, table]));
  // What the inventory does not know is what the engine loads rows into.
  const staged = names.map((name) => known.get(name) ?? { name, kind: 'table' as const });
  return staged.length > 0 && (await target.findFilled(journal.staging, staged)).size > 0;
};

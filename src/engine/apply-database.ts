import type { DatabaseChange } from '../core/change/change-set.js';
import type { AppliedDatabase } from './applied-database.js';
import { recordApplied } from './applied.js';
import { writeEnableEvent } from '../core/change/enable-event.js';
import { keyOfProgram } from '../core/server/inventory.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { ChosenEvents } from './choose-events.js';
import { type DatabaseJob, openContext } from './database-job.js';
import { closeServers, openServers } from './plan-sync.js';
import type { TargetServer } from './ports/target-server.js';
import { explainUnsettled, recoverDatabases } from './recover.js';
import type { DatabaseRun } from './run-context.js';
import { describeLive } from './describe-origin.js';
import {
  describePatched,
  describeStaying,
  isRefreshed,
  leaveAsIs,
  reconcileUnit,
} from './refresh-database.js';
import { recordCopy } from './record-copy.js';
import { type PreparedCopy, enter, prepareCopy } from './prepare-copy.js';
import { type DescribedSwap, describeSwap } from './tasks/describe-swap.js';
import { holdStaying } from './tasks/hold-staying.js';
import { findWritten } from './tasks/reconcile.js';
import { makeLive } from './tasks/make-live.js';
import { verifyPrograms } from './tasks/verify-programs.js';
import { underFence } from './under-fence.js';
import { dropUnfinished, readUnfinished } from './unfinished.js';
import { withScratch } from './with-scratch.js';

/**
 * The databases of a unit from staging to live, on connections of their own: all are staged and verified, then one
 * swap makes all of them live. Rejects with the target exactly as it was before, or with SWAP_UNSETTLED saying what
 * state it is in.
 */
export const applyUnit = async (
  unit: readonly DatabaseJob[],
  isLastTry: boolean,
): Promise<ReadonlyMap<DatabaseName, AppliedDatabase>> => {
  const [first] = unit;
  if (!first) return new Map();
  for (const { change, earlierSwap } of unit)
    if (earlierSwap !== undefined) throw explainUnsettled(change.to, earlierSwap);
  const servers = await openServers(first.plan, first.ports.servers, first.known);
  try {
    const names = unit.map(({ change }) => change.to);
    const members = unit.map((job) => ({ job, context: openContext(job, servers, names) }));
    const contexts = members.map(({ context }) => context);
    // A try before this one may have been cut off from the server before it could clean up.
    if (first.attempt > 1) {
      await first.lock.check();
      await recoverDatabases(
        servers.target,
        first.lock,
        contexts.map(({ journal }) => journal),
      );
    }
    const [alone] = members.length === 1 ? members : [];
    if (alone && isRefreshed(alone.job)) enter(alone.context, 'compare');
    const reconciled = await reconcileUnit(members);
    try {
      const [{ context: only, left } = {}] = reconciled;
      if (only && left === 'nothing') {
        await only.lock.check();
        const applied = await leaveAsIs([only]);
        await dropUnfinished(only, await readUnfinished(only));
        await recordApplied(servers.target, [only.journal]);
        return applied;
      }
      const inScratch = members.reduceRight(
        (work, { job, context }) =>
          () =>
            withScratch(context, { ...job, isLastTry }, work),
        () =>
          stageAndSwap(
            servers.target,
            reconciled.map(({ context }) => context),
            first,
          ),
      );
      return await inScratch();
    } finally {
      for (const one of reconciled) await one.close();
    }
  } finally {
    await closeServers(servers);
  }
};

const stageAndSwap = async (
  target: TargetServer,
  contexts: readonly DatabaseRun[],
  // All of them are of one run, which holds one lock.
  { lock, provenance }: Pick<DatabaseJob, 'lock' | 'provenance'>,
): Promise<ReadonlyMap<DatabaseName, AppliedDatabase>> => {
  const copies: PreparedCopy[] = [];
  for (const context of contexts) copies.push(await prepareCopy(context));
  const members: (PreparedCopy & DescribedSwap)[] = [];
  for (const copy of copies) {
    enter(copy.context, 'swap');
    members.push({ ...copy, ...(await describeSwap(copy.context, copy.staged)) });
  }
  const hold = await holdStaying(contexts);
  const writtenOf = async (): Promise<ReadonlyMap<DatabaseName, readonly TableName[]>> =>
    new Map(
      await Promise.all(
        contexts.map(async (context) => [context.change.to, await findWritten(context)] as const),
      ),
    );
  try {
    // Servers forget when a table was written to when its foreign keys are made again.
    const before = await writtenOf();
    const liveAt = await underFence(target, lock, (fenced) =>
      makeLive(
        fenced.target,
        members.map((member) => ({
          header: member.context.journal,
          swap: member.swap,
          record: describeLive(member),
        })),
        provenance,
        {
          moved: () => hold.release(),
          check: async () => {
            for (const { context, events } of members) await verifyPrograms(context, events.programs);
          },
          beforeUndo: fenced.again,
        },
      ),
    );
    const applied = new Map<DatabaseName, AppliedDatabase>();
    // What was asked for is live by now, so a target that does not answer is no failure.
    const after = await writtenOf().catch(() => before);
    for (const member of members) {
      const { to } = member.context.change;
      const written = new Set([before, after].flatMap((names) => names.get(to) ?? []));
      const notes = [...describeStaying(member.context, [...written]), ...hold.describe(to)];
      applied.set(to, summarize(member, liveAt, notes));
    }
    return applied;
  } finally {
    await hold.close();
  }
};

const summarize = (
  {
    context,
    staged,
    copied,
    verification,
    masks,
    preserved,
    hooks,
    marks,
    events,
  }: PreparedCopy & DescribedSwap,
  liveAt: string | undefined,
  notes: readonly string[],
): AppliedDatabase => {
  const { change, ports, provenance } = context;
  ports.events({ type: 'phase-started', database: change.to, phase: 'clean' });
  const trouble = provenance.takeTrouble();
  return {
    tables: staged.tables.length,
    copied,
    verification,
    masks,
    preserved,
    hooks,
    record: liveAt === undefined ? undefined : recordCopy(context, marks, liveAt),
    eventsOver: events.over,
    enableEvents: listEnabling(change, events),
    notes: [...notes, ...describePatched(copied), ...(trouble === undefined ? [] : [trouble])],
  };
};

const listEnabling = ({ to, programs }: DatabaseChange, { switchedOff }: ChosenEvents): readonly string[] => {
  const changes = new Map(programs.map((program) => [keyOfProgram(program), program]));
  return switchedOff.map((event) => writeEnableEvent(to, changes.get(keyOfProgram(event)) ?? event));
};

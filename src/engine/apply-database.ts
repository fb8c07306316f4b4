import type { DatabaseChange } from '../core/change/change-set.js';
import type { AppliedDatabase } from './applied-database.js';
import type { CopyRecord } from '../core/change/copy-record.js';
import { writeEnableEvent } from '../core/change/enable-event.js';
import { sha256Hex } from '../core/fingerprint.js';
import { type DatabaseInventory, keyOfProgram } from '../core/server/inventory.js';
import { type DatabaseName, type RunId, type TableName, nameScratchDatabase } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import { traitsOf } from '../core/plan/row-engines.js';
import type { Phase } from '../core/run/run-event.js';
import type { ChosenEvents } from './choose-events.js';
import type { JournalHeader } from './journal-form.js';
import { closeServers, openServers } from './plan-sync.js';
import type { OpenServers } from './open-servers.js';
import type { Pace, Ports, RunLock, TargetServer } from './ports.js';
import { explainUnsettled, recoverDatabases } from './recover.js';
import type { CopiedDatabase, DatabaseRun, RunSignals, SourceMoment, StagedDatabase } from './run-context.js';
import { type CopyToRecord, describeLive, readPositions } from './describe-origin.js';
import type { ProvenanceKeeper } from './provenance.js';
import { describeStaying, isRefreshed, leaveAsIs, reconcileUnit, withKept } from './refresh-database.js';
import { readMarks, recordCopy } from './record-copy.js';
import { copyRows } from './tasks/copy.js';
import { type DescribedSwap, describeSwap } from './tasks/describe-swap.js';
import { preserveRows } from './tasks/preserve-rows.js';
import { refuseLeaks } from './tasks/refuse-leaks.js';
import { findWritten } from './tasks/reconcile.js';
import { runHooks } from './tasks/run-hooks.js';
import { stageDatabase } from './tasks/stage.js';
import { makeLive } from './tasks/make-live.js';
import { verifyPrograms } from './tasks/verify-programs.js';
import { type SourceDigests, digestSource, verifyCopy } from './tasks/verify.js';
import { type Keep, withScratch } from './with-scratch.js';

export interface DatabaseJob {
  readonly run: RunId;
  readonly savedPlan: string | undefined;
  readonly plan: ResolvedPlan;
  readonly change: DatabaseChange;
  readonly inventory: DatabaseInventory;
  /** What the target has of it before the run. */
  readonly live: DatabaseInventory | undefined;
  /** Those that the run looked at. */
  readonly known: OpenServers;
  readonly ports: Ports;
  readonly signals: RunSignals;
  readonly keep: Keep;
  /** What earlier runs kept for this database: one previous content is enough. */
  readonly earlierKept: readonly DatabaseName[];
  /** Why an earlier swap of it could not be settled. */
  readonly earlierSwap: string | undefined;
  readonly lock: RunLock;
  readonly pace: Pace;
  readonly provenance: ProvenanceKeeper;
  /** `user@host` */
  readonly startedBy: string;
  readonly moment: SourceMoment | undefined;
  /** From 1. */
  readonly attempt: number;
}

/**
 * The databases of a unit from staging to live, on connections of their own: all are staged and verified, then one
 * swap makes all of them live. Rejects with the target exactly as it was before, or with SWAP_UNSETTLED saying what
 * state it is in.
 */
export const applyUnit = async (
  unit: readonly DatabaseJob[],
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
    if (first.attempt > 1)
      await recoverDatabases(
        servers.target,
        contexts.map(({ journal }) => journal),
      );
    const [alone] = members.length === 1 ? members : [];
    if (alone && isRefreshed(alone.job)) enter(alone.context, 'compare');
    const reconciled = await reconcileUnit(members);
    try {
      const [{ context: only, left } = {}] = reconciled;
      if (only && left === 'nothing') return new Map([[only.change.to, await leaveAsIs(only)]]);
      const inScratch = members.reduceRight(
        (work, { job, context }) =>
          () =>
            withScratch(context, job, work),
        () =>
          stageAndSwap(
            servers.target,
            reconciled.map(({ context }) => context),
            first.provenance,
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

const openContext = (job: DatabaseJob, servers: OpenServers, unit: readonly DatabaseName[]): DatabaseRun => {
  const { run, savedPlan, plan, change, inventory, ports, signals, lock, pace } = job;
  const { provenance, startedBy, moment } = job;
  const hash = sha256Hex(change.to);
  const together = unit.filter((name) => name !== change.to);
  const journal: JournalHeader = {
    format: 1,
    run,
    live: change.to,
    staging: nameScratchDatabase('new', run, hash),
    retired: nameScratchDatabase('old', run, hash),
    startedAt: ports.clock.now().toISOString(),
    plan: { name: plan.name, digest: plan.digest },
    ...(savedPlan === undefined ? {} : { savedPlan }),
    ...(together.length === 0 ? {} : { together }),
  };
  const shared = { ports, signals, lock, pace, provenance, startedBy, moment };
  return { plan, change, inventory, journal, kept: [], ...servers, ...shared };
};

const stageAndSwap = async (
  target: TargetServer,
  contexts: readonly DatabaseRun[],
  provenance: ProvenanceKeeper,
): Promise<ReadonlyMap<DatabaseName, AppliedDatabase>> => {
  const copies: PreparedCopy[] = [];
  for (const context of contexts) copies.push(await prepareCopy(context));
  const members: (PreparedCopy & DescribedSwap)[] = [];
  for (const copy of copies) {
    enter(copy.context, 'swap');
    members.push({ ...copy, ...(await describeSwap(copy.context, copy.staged)) });
  }
  // All of them are of one run, which holds one lock.
  await contexts[0]?.lock.check();
  const liveAt = await makeLive(
    target,
    members.map((member) => ({
      header: member.context.journal,
      swap: member.swap,
      record: describeLive(member),
    })),
    provenance,
    async () => {
      for (const { context, events } of members) await verifyPrograms(context, events.programs);
    },
  );
  const applied = new Map<DatabaseName, AppliedDatabase>();
  for (const member of members) {
    // What was asked for is live by now, so a target that does not answer is no failure.
    const written = await findWritten(member.context).catch(() => []);
    applied.set(member.context.change.to, summarize(member, liveAt, written));
  }
  return applied;
};

const enter = ({ change, signals, ports }: DatabaseRun, phase: Phase): void => {
  signals.abort.throwIfAborted();
  ports.events({ type: 'phase-started', database: change.to, phase });
};

/** A verified copy in its staging database. */
interface PreparedCopy extends CopyToRecord {
  readonly staged: StagedDatabase;
  readonly marks: CopyRecord['tables'];
}

const prepareCopy = async (context: DatabaseRun): Promise<PreparedCopy> => {
  enter(context, 'stage');
  // Asked on the side, so that nobody waits for it.
  const [staged, positions] = await Promise.all([stageDatabase(context), readPositions(context.source)]);
  enter(context, 'copy');
  const moment = context.moment ?? { positions, asOf: context.ports.clock.now().toISOString() };
  const { copied, digests } = await copyAndDigest(context, staged);
  await copySequences(context, staged);
  enter(context, 'verify');
  const { verification, tables } = await verifyCopy(context, staged, copied, digests);
  const masks = await refuseLeaks(context, copied);
  const { preserve = [], hooks = [] } = context.change;
  const kept = preserve.flatMap(({ live, ...one }) => (live === null ? [] : [{ ...one, live }]));
  if (kept.length > 0) enter(context, 'preserve');
  const preserved = await preserveRows(context, kept);
  if (hooks.length > 0) enter(context, 'hooks');
  const results = await runHooks(context, hooks);
  const isAltered = kept.length + hooks.length > 0;
  const now = isAltered ? await context.target.inspectTables(context.journal.staging) : tables;
  const copy = { context, staged, copied, moment, masks, preserved };
  return {
    ...copy,
    verification: withKept(verification, context.kept),
    hooks: results,
    marks: [...readMarks(context, now), ...context.kept.map(({ record }) => record)],
  };
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
  written: readonly TableName[],
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
    notes: [...describeStaying(context, written), ...(trouble === undefined ? [] : [trouble])],
  };
};

/** The source is digested while its rows travel, in a snapshot opened before the first row leaves. */
const copyAndDigest = async (
  context: DatabaseRun,
  staged: StagedDatabase,
): Promise<{ copied: CopiedDatabase; digests: SourceDigests }> => {
  // An engine that proves its copies itself does so in its own snapshot, which is better than a second one.
  if (traitsOf(context.ports.rowEngine.name).provesCopies)
    return { copied: await copyRows(context, staged), digests: new Map() };
  const snapshot = await context.source.openSnapshot(context.plan.mask?.key);
  try {
    const digesting = digestSource(context, staged, snapshot);
    // When the copy fails first, closing the snapshot fails the digest, and nobody is left to hear of it.
    digesting.catch(() => undefined);
    const copied = await copyRows(context, staged);
    return { copied, digests: await digesting };
  } finally {
    await snapshot.close();
  }
};

/** Rows may hold values that a sequence gave out meanwhile, so its state is read after them: it must never give one twice. */
const copySequences = async (
  { change, source, target, journal }: DatabaseRun,
  { tables }: StagedDatabase,
): Promise<void> => {
  const sequences = tables.filter(({ kind }) => kind === 'sequence').map(({ name }) => name);
  if (sequences.length === 0) return;
  await target.setSequences(journal.staging, await source.readTableDefinitions(change.from, sequences));
};

const listEnabling = ({ to, programs }: DatabaseChange, { switchedOff }: ChosenEvents): readonly string[] => {
  const changes = new Map(programs.map((program) => [keyOfProgram(program), program]));
  return switchedOff.map((event) => writeEnableEvent(to, changes.get(keyOfProgram(event)) ?? event));
};

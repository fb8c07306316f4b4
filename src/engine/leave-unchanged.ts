import { forEachConcurrently } from '../core/concurrency.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { RunEvent } from '../core/run/run-event.js';
import type { AppliedDatabase } from './applied-database.js';
import { recordApplied } from './applied.js';
import { type DatabaseJob, openContext } from './database-job.js';
import { closeServers, openServers } from './plan-sync.js';
import type { OpenServers } from './open-servers.js';
import type { RowEngine } from './ports/row-engine.js';
import type { CopyTable } from './ports/rows.js';
import { enter } from './prepare-copy.js';
import { isRefreshed, leaveAsIs } from './refresh-database.js';
import { compareDefaults } from './verify-databases.js';
import type { DatabaseRun } from './run-context.js';
import { type RowsFound, judgeDigests, toCompared } from './tasks/compare-live.js';
import { tablesToFill } from './tasks/copy.js';
import {
  type Compared,
  compareOthers,
  decide,
  listCandidates,
  openReading,
  readBefore,
} from './tasks/reconcile.js';

/** So much data is compared in one round. */
const ROUND_BYTES = 16 * 2 ** 20;

/** And no more than so many databases. */
const ROUND_DATABASES = 64;

/** After so long they are taken one by one: one of them may wait for a lock. */
const ROUND_MILLISECONDS = 10_000;

/** Each has one connection to either server for comparing rows. */
const ROUNDS_AT_ONCE = 2;

/** What happens to databases of a round in which nothing was left to do, and how long the round has taken. */
type Settle = (
  jobs: readonly DatabaseJob[],
  applied: ReadonlyMap<DatabaseName, AppliedDatabase>,
  milliseconds: number,
) => Promise<void>;

/**
 * Looks for small databases in which a refresh has nothing to do, many in one round, where there are more of them than have their turns at
 * once: they share the connections and the moment at which they are compared, because questions about each of them take longer than
 * comparing their rows. All others have their own turns, in which they are compared again; so rounds end when they find few.
 */
export const leaveUnchanged = async (
  small: readonly DatabaseJob[],
  atOnce: number,
  settle: Settle,
): Promise<void> => {
  const candidates = small.filter(mayBeUnchanged);
  if (candidates.length <= atOnce) return;
  let isWorthIt = true;
  await forEachConcurrently(inRounds(candidates), Math.min(atOnce, ROUNDS_AT_ONCE), async (round) => {
    if (!isWorthIt || round.length < 2 || round.some(({ signals }) => signals.drain.aborted)) return;
    const settled = await settleRound(round, settle);
    if (settled * 2 < round.length) isWorthIt = false;
  });
};

interface SmallJob extends DatabaseJob {
  readonly live: DatabaseInventory;
}

/** What is known of it already speaks of no difference but of rows. */
const mayBeUnchanged = (job: DatabaseJob): job is SmallJob => {
  const { change, live, unfinished, earlierSwap } = job;
  return (
    live !== undefined &&
    isRefreshed(job) &&
    unfinished.length === 0 &&
    earlierSwap === undefined &&
    change.tables.every(
      ({ action, content, refresh }) =>
        action === 'keep' || (content !== 'none' && refresh?.base === 'live' && refresh.would !== 'copy'),
    ) &&
    change.programs.every(({ action }) => action === 'keep' || action === 'replace') &&
    compareDefaults(change, live).length === 0
  );
};

const inRounds = (jobs: readonly SmallJob[]): readonly (readonly SmallJob[])[] => {
  const rounds: SmallJob[][] = [];
  let bytes = 0;
  for (const job of jobs) {
    const size = job.inventory.tables.reduce((sum, { dataBytes }) => sum + dataBytes, 0);
    const last = rounds.at(-1);
    bytes += size;
    if (last && bytes <= ROUND_BYTES && last.length < ROUND_DATABASES) last.push(job);
    else {
      rounds.push([job]);
      bytes = size;
    }
  }
  return rounds;
};

/** How many were settled. Never rejects: what failed here fails again, and is told, when a database has its own turn. */
const settleRound = async (round: readonly SmallJob[], settle: Settle): Promise<number> => {
  const [{ plan, ports, known }] = round as readonly [DatabaseJob];
  const since = ports.clock.monotonic();
  try {
    const servers = await openServers(plan, ports.servers, known);
    try {
      const unchanged = await compareRound(round, servers);
      if (unchanged.length === 0) return 0;
      const contexts = unchanged.map(({ context }) => context);
      const applied = await leaveAsIs(contexts);
      await recordApplied(
        servers.target,
        contexts.map(({ journal }) => journal),
      );
      for (const event of unchanged.flatMap(({ events }) => events)) ports.events(event);
      const jobs = unchanged.map(({ job }) => job);
      await settle(jobs, applied, Math.round(ports.clock.monotonic() - since));
      return jobs.length;
    } finally {
      await closeServers(servers);
    }
  } catch {
    // That turn comes next.
    return 0;
  }
};

/** Those in which nothing is left to do: all on the same connections, and each side at one moment. */
const compareRound = async (round: readonly SmallJob[], servers: OpenServers): Promise<readonly Member[]> => {
  const members = round.map((job) => openMember(job, servers));
  const contexts = members.map(({ context }) => context);
  const [first] = contexts;
  if (!first) return [];
  const before = await readBefore(contexts);
  const opened = await openReading(contexts);
  try {
    const compared = await withinTime(first, (signal) =>
      compareMembers(members, opened ?? first.ports.rowEngine, signal),
    );
    const [source, target] = await Promise.all([
      servers.source.inspectTables(round.map(({ change }) => change.from)),
      servers.target.inspectTables(round.map(({ change }) => change.to)),
    ]);
    const unchanged = members.flatMap((member): readonly Member[] => {
      const { context, live } = member;
      const found = compared.get(member);
      if (!found) return [];
      const here = source.get(context.change.from) ?? [];
      const there = target.get(context.change.to) ?? [];
      const decided = decide(context, live, { ...before, ...found, here, there });
      return decided.left === 'nothing' ? [{ ...member, context: decided.context }] : [];
    });
    if (unchanged.length > 0) await first.lock.check();
    return unchanged;
  } finally {
    await opened?.close();
  }
};

/** A database of a round, and what is told of it if it is settled there. */
interface Member {
  readonly job: SmallJob;
  readonly live: DatabaseInventory;
  readonly context: DatabaseRun;
  readonly events: readonly RunEvent[];
}

const openMember = (job: SmallJob, servers: OpenServers): Member => {
  const { change, ports, live } = job;
  const events: RunEvent[] = [{ type: 'database-started', database: change.to }];
  const tell = (event: RunEvent): void => {
    // Nobody looks on.
    if (event.type !== 'progress') events.push(event);
  };
  const context = openContext(job, servers, [change.to]);
  return { job, live, context: { ...context, ports: { ...ports, events: tell } }, events };
};

/** Each side's rows by one call, however many tables there are. */
const compareMembers = async (
  members: readonly Member[],
  rowEngine: RowEngine,
  signal: AbortSignal,
): Promise<ReadonlyMap<Member, Compared>> => {
  const [{ context: first }] = members as readonly [Member];
  const tables = members.flatMap((member) =>
    listTables(member).map((rows) => ({ member, name: rows.table.name, rows })),
  );
  const [here, there] = [
    tables.map(({ member, rows }) => ({ ...rows, database: member.context.change.from })),
    tables.map(({ member, rows }) => ({ ...toCompared(rows), database: member.context.change.to })),
  ];
  const snapshot = await first.target.openSnapshot();
  let closing: Promise<void> | undefined;
  // What still runs there is ended.
  const close = (): Promise<void> => (closing ??= snapshot.close());
  const stop = (): void => void close();
  signal.addEventListener('abort', stop);
  try {
    for (const { context } of members) enter(context, 'compare');
    // Neither runs on behind the other's error.
    const [source, target] = await Promise.allSettled([
      rowEngine.digestSource?.(here, signal),
      snapshot.digestTables(there),
    ]);
    if (source.status === 'rejected') throw source.reason;
    if (target.status === 'rejected') throw target.reason;
    const found = new Map(members.map((member) => [member, new Map<TableName, RowsFound>()]));
    for (const [at, { member, name }] of tables.entries())
      found.get(member)?.set(name, judgeDigests(source.value?.[at], target.value[at]));
    const compared = new Map<Member, Compared>();
    await forEachConcurrently(members, members.length, async (member) => {
      const { context } = member;
      const rows = found.get(member) ?? new Map<TableName, RowsFound>();
      const signals = { ...context.signals, abort: signal };
      const within = { ...context, signals, ports: { ...context.ports, rowEngine } };
      compared.set(member, { found: rows, ...(await compareOthers(within, rows)) });
    });
    return compared;
  } finally {
    signal.removeEventListener('abort', stop);
    await close();
  }
};

/** Those that have to be equal. */
const listTables = ({ context: { change, inventory } }: Member): readonly CopyTable[] => {
  const candidates = new Set(listCandidates(change).map(({ name }) => name));
  return tablesToFill(change, inventory.tables).filter(({ table }) => candidates.has(table.name));
};

/** Gives up after a while, and where the run is stopped. */
const withinTime = async <Result>(
  { ports: { clock }, signals }: DatabaseRun,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const [late, over] = [new AbortController(), new AbortController()];
  clock.sleep(ROUND_MILLISECONDS, over.signal).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([signals.abort, late.signal]));
  } finally {
    over.abort();
  }
};

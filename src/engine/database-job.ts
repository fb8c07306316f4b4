import type { DatabaseChange } from '../core/change/change-set.js';
import { sha256Hex } from '../core/fingerprint.js';
import { type DatabaseName, type RunId, nameScratchDatabase } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { JournalHeader } from './journal-form.js';
import type { OpenServers } from './open-servers.js';
import type { RunLock } from './ports/locks.js';
import type { Ports } from './ports/ports.js';
import type { Pace } from './ports/row-engine.js';
import type { ProvenanceKeeper } from './provenance.js';
import type { TablesNow } from './read-tables.js';
import { isRefreshed } from './refresh-database.js';
import type { DatabaseRun, RunSignals, SourceMoment } from './run-context.js';
import type { Keep } from './with-scratch.js';

/** One database of a run, and what is known of it when its turn comes. */
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
  /** Where the journals of copies stand that runs before were killed in. */
  readonly unfinished: readonly DatabaseName[];
  /** Why an earlier swap of it could not be settled. */
  readonly earlierSwap: string | undefined;
  readonly lock: RunLock;
  readonly pace: Pace;
  readonly provenance: ProvenanceKeeper;
  readonly tablesNow: TablesNow;
  /** `user@host` */
  readonly startedBy: string;
  readonly moment: SourceMoment | undefined;
  /** From 1. */
  readonly attempt: number;
}

/** What its stages know, on these connections. `unit`: those that are swapped with it, itself included. */
export const openContext = (
  job: DatabaseJob,
  servers: OpenServers,
  unit: readonly DatabaseName[],
): DatabaseRun => {
  const { run, savedPlan, plan, change, inventory, ports, signals, lock, pace } = job;
  const { provenance, tablesNow, startedBy, moment } = job;
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
  const shared = { ports, signals, lock, pace, provenance, tablesNow, startedBy, moment };
  const earlierKept = isRefreshed(job) && together.length === 0 ? job.earlierKept : [];
  const { unfinished } = job;
  return { plan, change, inventory, journal, kept: [], earlierKept, unfinished, ...servers, ...shared };
};

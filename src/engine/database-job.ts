import { sha256Hex } from '../core/fingerprint.js';
import { type DatabaseName, type RunId, nameScratchDatabase } from '../core/names.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { JournalHeader } from './journal-form.js';
import type { OpenServers } from './open-servers.js';
import { isRefreshed } from './refresh-database.js';
import type { DatabaseRun } from './run-context.js';
import type { Keep } from './with-scratch.js';

/** One database of a run, and what is known of it when its turn comes. */
export interface DatabaseJob extends Omit<DatabaseRun, 'journal' | 'source' | 'target' | 'kept' | 'unread'> {
  readonly run: RunId;
  readonly savedPlan: string | undefined;
  /** What the target has of it before the run. */
  readonly live: DatabaseInventory | undefined;
  /** Those that the run looked at. */
  readonly known: OpenServers;
  readonly keep: Keep;
  /** Why an earlier swap of it could not be settled. */
  readonly earlierSwap: string | undefined;
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

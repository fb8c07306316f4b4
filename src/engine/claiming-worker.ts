import type { DatabaseName } from '../core/names.js';
import type { DatabaseJob } from './database-job.js';
import type { ClaimRequest } from './apply-request.js';
import type { OpenServers } from './open-servers.js';
import type { PlannedSync } from './plan-sync.js';
import type { FoundApplied, WorkerSeat } from './ports/locks.js';
import type { Ports } from './ports/ports.js';

/** One process of those that share a saved plan. */
export interface ClaimingWorker {
  readonly request: ClaimRequest;
  readonly servers: OpenServers;
  readonly ports: Ports;
  readonly seat: WorkerSeat;
  readonly held: Pick<DatabaseJob, 'pace' | 'provenance' | 'moment'>;
  readonly done: {
    has(live: DatabaseName): boolean;
    refresh(): Promise<void>;
    learn(found: FoundApplied): void;
  };
  readonly planNames: (names: readonly DatabaseName[]) => Promise<PlannedSync>;
  /** A plan of a little while ago, or of what is left. */
  readonly plans: (left: readonly DatabaseName[]) => Promise<PlannedSync>;
}

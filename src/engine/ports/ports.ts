import type { CopyRecord } from '../../core/change/copy-record.js';
import type { ConnectionName, RunId } from '../../core/names.js';
import type { DatabaseOutcome, RunSummary } from '../../core/run/outcome.js';
import type { RunEvent } from '../../core/run/run-event.js';
import type { Run } from '../../core/run/run.js';
import type { Secret } from '../../core/secret.js';
import type { Connection, Endpoint } from '../../core/server/connection.js';
import type { ServerFacts } from '../../core/server/inventory.js';
import type { RowEngine } from './row-engine.js';
import type { SourceServer } from './server.js';
import type { TargetServer } from './target-server.js';

/** What the engine needs of the world. Adapters implement these; every method rejects with a SyncError. */
export interface Ports {
  readonly servers: Servers;
  readonly rowEngine: RowEngine;
  readonly history: HistoryRecorder;
  readonly events: EventSink;
  readonly clock: Clock;
}

export interface Clock {
  now(): Date;
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export type EventSink = (event: RunEvent) => void;

export interface Servers {
  /** Connects and reads the server's facts; of a server that is still the `known` one, only what may have changed. */
  openSource(endpoint: Endpoint, known?: ServerFacts): Promise<SourceServer>;
  openTarget(endpoint: Endpoint, known?: ServerFacts): Promise<TargetServer>;
  /** Lends connections of one that is closed to the next one that is opened for this very endpoint, until what is given is called. */
  keepConnections(endpoint: Endpoint): Promise<() => Promise<void>>;
}

/** The connections that a plan file can name. */
export interface ConnectionDirectory {
  find(name: ConnectionName): Promise<Connection | undefined>;
  /** Every name, for "did you mean". */
  names(): Promise<readonly ConnectionName[]>;
  /** Undefined when it has none. Rejects with CONN_PASSWORD when there is one that cannot be had. */
  password(connection: Connection): Promise<Secret | undefined>;
}

/** `copy`: what it is a copy of, in place of the record of an earlier copy to the same database. */
export interface EndedDatabase {
  readonly outcome: DatabaseOutcome;
  readonly copy?: CopyRecord | undefined;
}

export interface HistoryRecorder {
  open(run: Run): Promise<void>;
  record(run: RunId, ended: readonly EndedDatabase[]): Promise<void>;
  close(run: RunId, summary: RunSummary, finishedAt: Date): Promise<void>;
  /** What a target has there is no copy any more. */
  forgetCopy(place: CopyRecord['target']): Promise<void>;
}

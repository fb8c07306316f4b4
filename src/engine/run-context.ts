import type { DatabaseName, TableName } from '../core/names.js';
import type { DatabaseChange } from '../core/change/change-set.js';
import type { CopiedTableRecord } from '../core/change/copy-record.js';
import type { DatabaseInventory, TableInventory } from '../core/server/inventory.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { Origin, SnapshotPosition } from '../core/run/provenance.js';
import type { TablesNow } from './read-tables.js';
import type { ProvenanceKeeper } from './provenance.js';
import type { JournalHeader } from './journal-form.js';
import type { RunLock } from './ports/locks.js';
import type { Ports } from './ports/ports.js';
import type { CopiedTable, Pace } from './ports/row-engine.js';
import type { TableCounter } from './ports/rows.js';
import type { ProgramDefinition, SourceServer } from './ports/server.js';
import type { TargetServer } from './ports/target-server.js';

/** The two ways in which a person or the system ends a run early. */
export interface RunSignals {
  /** Start nothing more, finish what is in flight. */
  readonly drain: AbortSignal;
  /** Stop now. A swap that has begun is still finished. */
  readonly abort: AbortSignal;
}

/** What every stage of one database knows. Stages add nothing to it: what they find, they return. */
export interface DatabaseRun {
  readonly plan: ResolvedPlan;
  readonly change: DatabaseChange;
  /** The source database as inspected under the target's lock. */
  readonly inventory: DatabaseInventory;
  /** Names the run, the live database and its scratch databases. */
  readonly journal: JournalHeader;
  readonly source: SourceServer;
  readonly target: TargetServer;
  readonly ports: Ports;
  readonly signals: RunSignals;
  /** Of the target, checked once more before the swap. */
  readonly lock: RunLock;
  readonly pace: Pace;
  readonly provenance: ProvenanceKeeper;
  readonly tablesNow: TablesNow;
  /** `user@host` of the person or pipeline. */
  readonly startedBy: string;
  /** Of all databases of the run; undefined where each has one of its own. */
  readonly moment: SourceMoment | undefined;
  /** Live tables that stay: they were compared with the snapshot that the others are copied from. */
  readonly kept: readonly KeptTable[];
  /** What earlier runs kept for a rollback and this one may start from: none where it copies all. */
  readonly earlierKept: readonly DatabaseName[];
  /** Where the journals of copies stand that runs before were killed in, and this one may go on from. */
  readonly unfinished: readonly DatabaseName[];
  /** Live tables that could not be compared because the target did not read them. */
  readonly unread?: readonly TableName[];
}

/** A live table whose rows are those of the source: it stays. */
export interface KeptTable {
  /** What a later plan compares with. */
  readonly record: CopiedTableRecord;
  /** As the target told it when the rows had been compared; undefined where it does not tell. */
  readonly writtenAt: string | undefined;
  /** What it was then, beside its rows. */
  readonly seen: Pick<TableInventory, 'fingerprint' | 'nextNumber'>;
}

/** No later than the snapshot that rows are read in. */
export type SourceMoment = Pick<Origin, 'asOf' | 'positions'>;

/** What staging leaves for the swap. */
export interface StagedDatabase {
  /** The source tables that now stand in the staging database. */
  readonly tables: readonly TableInventory[];
  /** Those of them that have rows of an earlier moment. */
  readonly adopted: readonly AdoptedTable[];
  /** What the engine may go on from beyond that. */
  readonly loading?: LoadingTables;
  /** Compiled once in the staging database, and dropped again. */
  readonly programs: readonly ProgramDefinition[];
}

/** Large tables that may stand in copies that were not finished as they are loaded. */
export interface LoadingTables {
  readonly databases: readonly DatabaseName[];
  /** The tables, and the numbers that their next rows are to get. */
  readonly counters: readonly TableCounter[];
  /** What is left of those copies. */
  readonly drop: () => Promise<void>;
}

export interface AdoptedTable extends TableCounter {
  /** What was kept for a rollback, or a copy that was not finished. */
  readonly base: 'previous' | 'unfinished';
}

export interface CopiedDatabase {
  readonly tables: readonly CopiedTable[];
  readonly rows: number;
  readonly bytes: number;
  /** Those that had rows of an earlier moment. */
  readonly adopted: readonly AdoptedTable[];
  /** At which the snapshot stands that they were read in, where the server tells. */
  readonly position?: SnapshotPosition;
}

import type { Leak, LeakScan, ScanExtent } from '../../core/mask/leaks.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { Consistency, EngineName } from '../../core/plan/row-engines.js';
import type { VerifyLevel } from '../../core/plan/sync-plan.js';
import type { CopyProgress } from '../../core/run/run-event.js';
import type { Secret } from '../../core/secret.js';
import type { Endpoint } from '../../core/server/connection.js';
import type { ServerFacts, TableInventory } from '../../core/server/inventory.js';
import type { CopyTable, PlacedTable, TableDigest } from './rows.js';

/** Staging databases of copies that were not finished, without programs and foreign keys. The engine knows how tables stand while it loads them. */
export interface UnfinishedCopies {
  /** The newest first. */
  readonly databases: readonly DatabaseName[];
  /** Those that may be taken from there. */
  readonly tables: readonly TableName[];
  /** When the engine has taken what it can go on from: what is left is dropped then. */
  readonly onTaken: (tables: readonly TableName[]) => Promise<void>;
}

export interface CopyJob {
  readonly source: Endpoint;
  readonly target: Endpoint;
  readonly sourceFacts: ServerFacts;
  readonly targetFacts: ServerFacts;
  readonly from: DatabaseName;
  /** The live database that it will be, by which events name the copy. */
  readonly live: DatabaseName;
  /** The staging database, its tables already created, and empty but for those that say otherwise. */
  readonly into: DatabaseName;
  readonly tables: readonly CopyTable[];
  readonly unfinished?: UnfinishedCopies;
  /** Of the plan, where some of them are masked. */
  readonly maskKey?: Secret;
  /** Whether what is kept is looked at for personal data on its way. */
  readonly scan?: ScanExtent;
  readonly pace: Pace;
  /** Told at which position of the source's binary log the snapshot stands, as `FILE:POSITION`, where the server says so. */
  readonly onSnapshot?: (position: string) => void;
}

/** When rows may leave the source. */
export interface Pace {
  /** Counts what came in. Undefined when more may come at once; otherwise resolves when it may. */
  admit(bytes: number): Promise<void> | undefined;
}

export interface CopiedTable {
  readonly name: TableName;
  /** Rows that left the source, counted on their way. */
  readonly rows: number;
  /** Of the source's rows, read in the very snapshot that they were copied from, where the engine can. */
  readonly digest?: TableDigest;
  /** What the engine found of the copy itself: every row that it had read in its snapshot of the source, or as many. */
  readonly proof?: VerifyLevel;
  /** Where the job asks for it. */
  readonly scan?: LeakScan;
  /** Rows that were replaced, of a table that had rows of an earlier moment. Absent where all were copied. */
  readonly replaced?: number;
  /** How those were found: near servers send rows, and far ones digests of ranges. */
  readonly comparedBy?: 'rows' | 'digests';
}

/** How rows travel. */
export interface RowEngine {
  readonly name: EngineName;
  /** Before anything is written: what is missing for this engine rejects here. */
  prepare(source: ServerFacts, target: ServerFacts): Promise<void>;
  /** Resolves only when every row is at the target. Kills its child processes when the signal aborts. */
  copy(
    job: CopyJob,
    report: (progress: CopyProgress) => void,
    signal: AbortSignal,
  ): Promise<readonly CopiedTable[]>;
  /** The same engine, reading all these databases as they are at one moment, which is now. Not every engine can. */
  readonly inOneMoment?: (batch: CopyBatch) => Promise<RowEngine>;
  /**
   * Of an engine that reads at one moment: rows of the source as they are then, as `Snapshot.digestTables`. Calls beyond its
   * lanes wait, and what runs is ended when the signal aborts.
   */
  readonly digestSource?: (
    tables: readonly PlacedTable[],
    signal: AbortSignal,
  ) => Promise<readonly TableDigest[]>;
  /**
   * Of the same engine, and in the same snapshot: SQL conditions by which a table falls into so many pieces or more, in the order of
   * its key. They leave no row out and have none in common, on both servers.
   */
  readonly cutSource?: (
    database: DatabaseName,
    rows: CopyTable,
    pieces: number,
    signal: AbortSignal,
  ) => Promise<TablePieces>;
  /** Of the same engine: rows of the source as `Snapshot.hashPieces`. */
  readonly hashSource?: (
    database: DatabaseName,
    table: TableInventory,
    pieces: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly (TableDigest | undefined)[]>;
  /** Of the same engine, and in the same snapshot: what of the table's masks replaces nothing. */
  readonly findUnmasked?: (
    database: DatabaseName,
    rows: CopyTable,
    signal: AbortSignal,
  ) => Promise<readonly Leak[]>;
  /** Lets go of the moment, and of what is kept from one copy to the next. */
  close(): Promise<void>;
}

export interface TablePieces {
  readonly conditions: readonly string[];
  /** They can be hashed on servers of this vendor, which costs less than digests. */
  readonly areHashable: boolean;
}

/** What is read of one moment of the source. */
export interface CopyBatch {
  readonly source: Endpoint;
  readonly sourceFacts: ServerFacts;
  readonly databases: readonly Pick<CopyJob, 'from' | 'tables'>[];
  /** Of the plan, where it masks columns. */
  readonly maskKey?: Secret;
  /** Connections in all. */
  readonly lanes: number;
  /** Whether all databases of the plan are read of that moment. */
  readonly consistency: Consistency;
}

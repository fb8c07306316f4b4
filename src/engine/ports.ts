import type { Connection, Endpoint } from '../core/server/connection.js';
import type { OlderServer } from '../core/conversion/collation-text.js';
import type { HiddenColumn } from '../core/conversion/expression-keys.js';
import type { SnapshotPosition } from '../core/run/provenance.js';
import type { AppliedRecord } from '../core/run/applied-record.js';
import type { OpenedJournal } from '../core/run/journal-seal.js';
import type { CopyRecord } from '../core/change/copy-record.js';
import type { Clocks } from '../core/server/inventory.js';
import type {
  ColumnInventory,
  DatabaseDefaults,
  DatabaseInventory,
  Grants,
  ProgramInventory,
  ServerFacts,
  TableElsewhere,
  TableInventory,
} from '../core/server/inventory.js';
import type { ProgramKind } from '../core/program-kind.js';
import type { ConnectionName, DatabaseName, RunId, TableName } from '../core/names.js';
import type { DatabaseOutcome, RunSummary } from '../core/run/outcome.js';
import type { Run } from '../core/run/run.js';
import type { CopyProgress, RunEvent } from '../core/run/run-event.js';
import type { Secret } from '../core/secret.js';
import type { StructurePart } from '../core/sql/structure-parts.js';
import type { Consistency, EngineName } from '../core/plan/row-engines.js';
import type { Probes } from '../core/mask/leak-probe.js';
import type { Leak, LeakScan, ScanExtent } from '../core/mask/leaks.js';
import type { SampledColumn } from '../core/mask/sample.js';
import type { TableMasks } from '../core/mask/table-masks.js';
import type { VerifyLevel } from '../core/plan/sync-plan.js';

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

/** A database object that the server compiles: its statement and the session it was made in. */
export interface ProgramDefinition {
  readonly kind: ProgramKind;
  readonly name: string;
  readonly table?: TableName;
  /** `SHOW CREATE ...`'s statement, definer included, own database's name as the server prints it. */
  readonly statement: string;
  readonly sqlMode: string;
  readonly charsetClient: string;
  readonly collationConnection: string;
  readonly databaseCollation?: string;
  /** Events only. */
  readonly timeZone?: string;
}

export interface TableDefinition {
  readonly name: TableName;
  /** `SHOW CREATE TABLE`'s (or `SHOW CREATE SEQUENCE`'s) statement, every collation written out. */
  readonly statement: string;
  /** Of MySQL, where it has keys over expressions. */
  readonly hiddenColumns?: readonly HiddenColumn[];
  /** Sequences only: their one row as it was when the definition was read, so that no value is handed out twice. */
  readonly sequenceState?: readonly string[];
  /** Whether it may open data that is kept elsewhere: the plan allows it, or it is the target's own. */
  readonly mayBeExternal?: boolean;
}

/** Rows and the digest of their content, comparable between servers of one vendor. */
export interface TableDigest {
  readonly rows: number;
  readonly digest: string;
}

/** SQL as after WHERE. */
export interface TableFilter {
  readonly table: TableName;
  readonly where: string;
}

export interface Server {
  readonly facts: ServerFacts;
  listDatabases(): Promise<readonly DatabaseName[]>;
  /**
   * Names that do not exist are left out of the answer. `older` tells which collations and orders of keys fingerprints
   * are made of: those that the copy is to have. The collations of databases, columns and programs are told as they are.
   */
  inspectDatabases(
    names: readonly DatabaseName[],
    older?: OlderServer,
  ): Promise<readonly DatabaseInventory[]>;
  /** The tables of one database, spelled as the server does; none when there is no such database. */
  inspectTables(database: DatabaseName): Promise<readonly TableInventory[]>;
  /** Base tables and sequences, empty when there is no such database. */
  listTables(database: DatabaseName): Promise<readonly TableName[]>;
  readTableDefinitions(
    database: DatabaseName,
    tables: readonly TableName[],
  ): Promise<readonly TableDefinition[]>;
  /** In an order in which they can be created; of `known`, where the programs of the database were just listed. */
  readProgramDefinitions(
    database: DatabaseName,
    known?: readonly ProgramInventory[],
  ): Promise<readonly ProgramDefinition[]>;
  /** Why the server refuses a condition over rows, by table; reads none. */
  checkFilters(
    database: DatabaseName,
    filters: readonly TableFilter[],
  ): Promise<ReadonlyMap<TableName, string>>;
  /** Those of these tables that have a row, of the past too. */
  findFilled(
    database: DatabaseName,
    tables: readonly Pick<TableInventory, 'name' | 'kind'>[],
  ): Promise<ReadonlySet<TableName>>;
  /** How many sessions run a statement now, this one included. */
  countRunningThreads(): Promise<number>;
  /** Seconds that it is behind the server it replicates; undefined when it does not, or stopped to. */
  readReplicaLag(): Promise<number | undefined>;
  /** Where its binary log, or what it has applied of another one, is by now; null where this account cannot see it. */
  readPosition(): Promise<SnapshotPosition | null>;
  /** A new connection with a consistent snapshot of its own; with the key, it can read what masks make of rows. */
  openSnapshot(maskKey?: Secret): Promise<Snapshot>;
  close(): Promise<void>;
}

export type SourceServer = Server;

/** Digests read in one consistent snapshot. */
export interface Snapshot {
  digestTable(database: DatabaseName, rows: CopyTable): Promise<TableDigest>;
  /** In their order; several small ones cost less together. Where one cannot be read, all reject, and which one is not told. */
  digestTables(database: DatabaseName, tables: readonly CopyTable[]): Promise<readonly TableDigest[]>;
  /**
   * Of pieces that are hashable, hashes of their rows in the order of their key; undefined for one that has too many of them. Equal
   * ones mean equal rows. Others may mean no more than another order.
   */
  hashPieces(
    database: DatabaseName,
    table: TableInventory,
    pieces: readonly string[],
  ): Promise<readonly (TableDigest | undefined)[]>;
  countTable(database: DatabaseName, table: TableInventory, where: string | null): Promise<number>;
  /**
   * SQL conditions by which rows fall into pieces of about so many in the order of their key. They leave none out and have none in
   * common, on any server that has the table. None where one piece is enough, or no key can cut.
   */
  cutTable(database: DatabaseName, rows: CopyTable, rowsEach: number): Promise<readonly string[]>;
  /** All of these rows, in any order; of tables without masks. They are held in memory. */
  listRows(database: DatabaseName, rows: CopyTable): Promise<readonly KeyedRow[]>;
  /** The first value in a JSON document whose type its text does not show. MySQL 8.0.4 and newer. */
  findTypedJson(
    database: DatabaseName,
    table: TableInventory,
    where: string | null,
  ): Promise<TypedJson | undefined>;
  /** Which of these keyed hashes are of values in a masked column; rejects where that takes too long. The snapshot has the key. */
  findProbes(
    database: DatabaseName,
    rows: CopyTable,
    column: string,
    probes: Probes,
  ): Promise<readonly string[]>;
  /** What some rows have in columns of text or bytes; undefined where that takes too long, or is not allowed. */
  sampleColumns(
    database: DatabaseName,
    table: TableInventory,
    columns: readonly ColumnInventory[],
  ): Promise<readonly SampledColumn[] | undefined>;
  /** At most so many rows: of each masked column the value and what its mask makes of it, both cut short. */
  previewRows(database: DatabaseName, rows: CopyTable, most: number): Promise<readonly PreviewedRow[]>;
  close(): Promise<void>;
}

/** In the order of the masks; null is NULL. */
export type PreviewedRow = readonly { readonly before: string | null; readonly after: string | null }[];

/** One row: the values of its primary key, as people read them, and what stands for all of its values. */
export interface KeyedRow {
  readonly key: readonly string[];
  readonly number: string;
}

/** A DECIMAL, a moment or bytes inside a JSON document. */
export interface TypedJson {
  readonly column: string;
  /** `id = 7`, for people; undefined in a table without a primary key. */
  readonly row: string | undefined;
  readonly path: string;
  readonly type: string;
}

/** `next`: decimal digits; null of a table that counts nothing. */
export interface TableCounter {
  readonly table: TableName;
  readonly next: string | null;
}

/** `rehearsal`: to see that the server accepts them, in a scratch database, events disabled. */
export type ProgramUse = 'rehearsal' | 'live';

export interface TableMove {
  readonly from: { readonly database: DatabaseName; readonly table: TableName };
  readonly to: { readonly database: DatabaseName; readonly table: TableName };
}

/** A table, the fingerprint of its structure and what that is made of. */
export interface TableStructure {
  readonly name: TableName;
  readonly fingerprint: string;
  readonly parts: readonly StructurePart[];
}

export interface TargetServer extends Server {
  /** Of all tables of a database, as this server itself describes them, also where a copy comes from another vendor. */
  readStructures(database: DatabaseName): Promise<readonly TableStructure[]>;
  /** `user@host` of each; undefined when the account may not see them. */
  listAccounts(): Promise<ReadonlySet<string> | undefined>;
  /** Those tables, views and sequences that there are. What the account may not look at counts as there. */
  findTables(wanted: readonly TableElsewhere[]): Promise<readonly TableElsewhere[]>;
  /** Of each `user@host`; undefined when the account may not see them. */
  readRights(accounts: readonly string[]): Promise<ReadonlyMap<string, Grants> | undefined>;
  /** Those that certainly may not execute routines of a database; none when this account may not see it. */
  findUnableToExecute(database: DatabaseName, accounts: readonly string[]): Promise<readonly string[]>;
  /** The time in each of these time zones that the server knows. */
  readClocks(timeZones: readonly string[]): Promise<Clocks>;
  /** Nothing in it is encrypted that does not say so: what `defaults` say of that is for `alterDatabase`. */
  createDatabase(name: DatabaseName, defaults: DatabaseDefaults): Promise<void>;
  alterDatabase(name: DatabaseName, defaults: DatabaseDefaults): Promise<void>;
  dropDatabase(name: DatabaseName): Promise<void>;
  /** Foreign keys are not checked while the tables are made, so any order works. */
  createTables(
    database: DatabaseName,
    tables: readonly TableDefinition[],
    sourceDatabase: DatabaseName,
  ): Promise<void>;
  /** Brings sequences to the state in their definitions, read again after the rows: those may hold newer values. */
  setSequences(database: DatabaseName, tables: readonly TableDefinition[]): Promise<void>;
  /** The next row of each gets this number; those without one are passed over. */
  setCounters(database: DatabaseName, counters: readonly TableCounter[]): Promise<void>;
  dropTables(database: DatabaseName, tables: readonly TableName[]): Promise<void>;
  /** Each in the session it was made in. Names that can mean nothing but `printedAs` become names of `database`. */
  createPrograms(
    database: DatabaseName,
    programs: readonly ProgramDefinition[],
    printedAs: DatabaseName,
    use: ProgramUse,
  ): Promise<void>;
  /** Those that are not there are passed over. */
  dropPrograms(
    database: DatabaseName,
    programs: readonly Pick<ProgramDefinition, 'kind' | 'name'>[],
  ): Promise<void>;
  /** Why the server refuses conditions over rows of live tables, which stay; reads none. */
  checkPreserved(
    database: DatabaseName,
    filters: readonly TableFilter[],
  ): Promise<ReadonlyMap<TableName, string>>;
  /** Ends what runs in it when the signal aborts. */
  openPreserve(places: PreservePlaces, signal: AbortSignal): Promise<PreserveSession>;
  /** Ends what runs in it when the signal aborts. */
  openHooks(staging: DatabaseName, signal: AbortSignal): Promise<HookSession>;
  /** One atomic statement. Fails when a metadata lock is not had in time, naming who holds it. */
  renameTables(moves: readonly TableMove[]): Promise<void>;
  /** The end of `renameTables`, to be repeated when a run died in it: column defaults use sequences where they are now. */
  followSequences(moves: readonly TableMove[]): Promise<void>;
  /** Foreign keys that refer to the live database from tables that stay where they are when these tables move. */
  readOutsideKeys(live: DatabaseName, moving: readonly TableName[]): Promise<readonly OutsideKey[]>;
  /** Foreign keys of tables of a database that refer to one of the parents. */
  readKeysOf(database: DatabaseName, parents: readonly DatabaseName[]): Promise<readonly OutsideKey[]>;
  /** Foreign keys of these tables of a database that refer to other tables of it, also to such as are not there. */
  readKeysBeside(database: DatabaseName, tables: readonly TableName[]): Promise<readonly OutsideKey[]>;
  /** Makes each key refer to the live database again. May be repeated. */
  restoreOutsideKeys(keys: readonly OutsideKey[]): Promise<void>;
  /** Takes keys of these names from tables in a scratch database. May be repeated. */
  dropKeys(scratch: DatabaseName, keys: readonly Pick<OutsideKey, 'table' | 'name'>[]): Promise<void>;
  /** The names of databases that look like ours. */
  listScratchNames(): Promise<readonly DatabaseName[]>;
  /** Databases with names of ours, and what stands in their journals. Runs nothing of those who made them. */
  listScratch(): Promise<readonly Scratch[]>;
  /** Bytes of data and indexes; databases without tables are left out. */
  measureDatabases(names: readonly DatabaseName[]): Promise<ReadonlyMap<DatabaseName, number>>;
  /** Signs the journal of a scratch database and writes it. */
  writeJournal(scratch: DatabaseName, body: string): Promise<void>;
  /** What runs wrote down of live databases. Runs nothing of others. */
  readProvenance(): Promise<FoundProvenance>;
  /** Makes the place for it where there is none; false when this account may not. */
  makeProvenance(): Promise<boolean>;
  /** In place of what is there of these databases; a row without text is deleted. */
  writeProvenance(rows: readonly ProvenanceRow[]): Promise<void>;
  /** Of each table of one database, as `TableInventory.updatedAt`. */
  readUpdateTimes(database: DatabaseName): Promise<ReadonlyMap<TableName, string | undefined>>;
  /** Per database, the latest UPDATE_TIME and CREATE_TIME of its tables, as far as the server tells them truly. */
  readLastWrites(names: readonly DatabaseName[]): Promise<ReadonlyMap<DatabaseName, LastWrites>>;
  /** Which databases of a saved plan were applied here. Runs nothing of others. */
  readApplied(savedPlan: string): Promise<FoundApplied>;
  /** Makes the place for it where there is none; false when this account may not do all that is needed with it. */
  makeApplied(): Promise<boolean>;
  /** In place of what is there of these databases; false when there is no place for it, or this account may not. */
  writeApplied(savedPlan: string, records: readonly AppliedRecord[]): Promise<boolean>;
  /** Of what was undone; what another run has written since stays. False as above. */
  forgetApplied(savedPlan: string, records: readonly AppliedRecord[]): Promise<boolean>;
  /** A seat among the workers of a saved plan; rejects with TARGET_LOCKED while anything else works on the target. */
  joinWorkers(worker: Worker): Promise<WorkerSeat>;
  /** Those of these runs that hold a lock now, with `user@host` of the connection; null where this account may not see it. */
  findHolders(runs: readonly RunId[]): Promise<ReadonlyMap<RunId, string | null>>;
  /** Held by a connection of its own until released; rejects with TARGET_LOCKED naming the holder. */
  lockForRun(run: RunId): Promise<RunLock>;
  /** Of a live database: nobody writes to these tables while it is held. Waits for who has; rejects with SWAP_FAILED naming them. */
  lockTables(database: DatabaseName, tables: readonly TableName[], signal: AbortSignal): Promise<TableLock>;
  /** For what changes live databases under a lock. */
  openFence(): Promise<Fence>;
}

/** What a target can do beside what every server can. */
export type TargetOperations = Omit<TargetServer, keyof Server>;

/**
 * One session for all that these operations do. The server ends it well before the locks of a process that stands still, and
 * then each of them rejects with CONN_LOST: so a lock that is asked for after the session was opened holds for as long as
 * they get through.
 */
export interface Fence {
  readonly operations: TargetOperations;
  /** Another session, whether this one lives or not: the lock has to be asked for once more. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** Lives as long as a connection of its own. */
export interface TableLock {
  /** Rejects where it was lost before, so that somebody may have written. */
  release(): Promise<void>;
  /** Whether it was released or not. */
  close(): Promise<void>;
}

export interface PreservePlaces {
  readonly live: DatabaseName;
  readonly staging: DatabaseName;
}

/** Rows of a live table that go into the staged one. */
export interface PreservedRows {
  readonly from: TableName;
  readonly to: TableName;
  /** Every column that is written, with the one of the live table. */
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  /** Of the staged table; empty where it has none. */
  readonly primaryKey: readonly string[];
  /** All columns of the staged table that can be written. */
  readonly allColumns: readonly string[];
  /** SQL that the plan was checked to hold; null for all rows. */
  readonly where: string | null;
}

/** One session that brings rows of live tables into staged ones. What it makes beside them, `clear` drops. */
export interface PreserveSession {
  /** Reads the rows, as the staged table would hold them, and gives their number. Rejects when a value would change. */
  take(rows: PreservedRows): Promise<number>;
  /** Puts what was taken into the staged table; gives the number of its rows that gave way. */
  put(rows: PreservedRows): Promise<number>;
  /** Foreign keys that point nowhere since: of rows that were put in, and to rows that gave way. */
  findDangling(): Promise<readonly DanglingKey[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface DanglingKey {
  readonly table: TableName;
  /** Of the constraint. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly parent: string;
  /** Whose rows: those that stayed, or those of the copy that refer to rows that gave way. */
  readonly of: 'preserved' | 'copied';
  readonly rows: number;
  /** The first of its values, as text. */
  readonly values: readonly (readonly (string | null)[])[];
}

/** One session in a staging database, for statements that the plan was checked to hold. */
export interface HookSession {
  /** Gives the rows that it changed, as the server counts. */
  change(sql: string): Promise<number>;
  ask(sql: string): Promise<HookRows>;
  close(): Promise<void>;
}

/** The first rows of an answer, as text. */
export interface HookRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** There are more. */
  readonly isCut: boolean;
}

export interface RunLock {
  release(): Promise<void>;
  /** Rejects with TARGET_LOCKED when the lock was lost since, so that another run may have begun. */
  check(): Promise<void>;
  /** The same, and nothing is taken again: a swap that failed is then left to whoever holds the lock by now. */
  checkBeforeUndo(): Promise<void>;
}

export interface Worker {
  readonly run: RunId;
  readonly savedPlan: string;
}

/** Lives as long as a connection of its own. */
export interface WorkerSeat {
  /**
   * The locks of databases, named as `provenanceKey` does, that this worker does not have yet, all or none; undefined
   * where another worker has one.
   */
  claim(databases: readonly DatabaseName[]): Promise<Claim | undefined>;
  /** Was it seen that its locks are gone? Nothing may be begun then. */
  isLost(): boolean;
  release(): Promise<void>;
}

/** The locks, and what was there when they had been taken. */
export interface Claim extends RunLock {
  /** As `listScratchNames`. */
  readonly scratch: readonly DatabaseName[];
  /** Of the saved plan, as `readApplied`. */
  readonly applied: FoundApplied;
}

export type FoundApplied =
  | { readonly kind: 'none' }
  /** It cannot be read, or somebody else made it. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'rows'; readonly rows: readonly AppliedRecord[] };

/** A foreign key of a table outside a swap, with the clause that makes it again. */
export interface OutsideKey {
  readonly database: DatabaseName;
  readonly table: TableName;
  readonly name: string;
  /** The database that it refers to. */
  readonly parent: DatabaseName;
  /** `CONSTRAINT ... FOREIGN KEY ... REFERENCES ...` */
  readonly clause: string;
}

/** A database of the target that has a name of ours. Others can make such databases, with whatever in them. */
export interface Scratch {
  readonly database: DatabaseName;
  /** Neither tables nor programs. */
  readonly isEmpty: boolean;
  readonly journal: FoundJournal;
}

/** What stands where a journal would stand. Only what is `checked` was written by mysql-sync for this database. */
export type FoundJournal =
  | { readonly kind: 'none' }
  /** It cannot be read without trusting whoever made it. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: OpenedJournal['seal']; readonly text: string };

export type FoundProvenance =
  | { readonly kind: 'none' }
  /** It cannot be read, or somebody else made it. */
  | { readonly kind: 'refused'; readonly reason: string; readonly isDenied: boolean }
  | {
      readonly kind: 'rows';
      readonly rows: readonly { readonly live: DatabaseName; readonly text: string }[];
    };

export interface ProvenanceRow {
  /** The live database. */
  readonly live: DatabaseName;
  readonly text: string | null;
}

/** Times of the server, RFC 3339, whole seconds. */
export interface LastWrites {
  readonly updatedAt: string | null;
  readonly createdAt: string | null;
}

/** Where this machine keeps keys of targets on which the account may keep none. */
export interface LocalJournalKeys {
  /** `identity` is that of the server's facts. */
  find(identity: string): Promise<Uint8Array | undefined>;
  /** Makes it when there is none. */
  make(identity: string): Promise<Uint8Array>;
}

/** Rows of a table as a copy has them. */
export interface CopyTable {
  readonly table: TableInventory;
  /** SQL condition, or null for every row. */
  readonly where: string | null;
  /** What is read instead of the values of these columns. Absent where every column is read as it is. */
  readonly masks?: TableMasks;
  /** The condition leaves so few rows that a server can keep them aside. */
  readonly isPiece?: boolean;
  /** The staged table has rows of an earlier moment: those that differ are replaced. */
  readonly isFilled?: boolean;
  /** They are of a copy that was not finished. */
  readonly isUnfinished?: boolean;
}

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
    database: DatabaseName,
    tables: readonly CopyTable[],
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

/** The connections that a plan file can name. */
export interface ConnectionDirectory {
  find(name: ConnectionName): Promise<Connection | undefined>;
  /** Every name, for "did you mean". */
  names(): Promise<readonly ConnectionName[]>;
  /** Undefined when it has none. Rejects with CONN_PASSWORD when there is one that cannot be had. */
  password(connection: Connection): Promise<Secret | undefined>;
}

export interface HistoryRecorder {
  open(run: Run): Promise<void>;
  record(run: RunId, outcome: DatabaseOutcome): Promise<void>;
  close(run: RunId, summary: RunSummary, finishedAt: Date): Promise<void>;
  /** In place of the record of an earlier copy to the same database. */
  keepCopy(copy: CopyRecord): Promise<void>;
  /** What a target has there is no copy any more. */
  forgetCopy(place: CopyRecord['target']): Promise<void>;
}

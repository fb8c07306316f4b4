import type { DatabaseName, RunId, TableName } from '../../core/names.js';
import type { AppliedRecord } from '../../core/run/applied-record.js';
import type { Clocks, DatabaseDefaults, Grants, TableElsewhere } from '../../core/server/inventory.js';
import type { StructurePart } from '../../core/sql/structure-parts.js';
import type { FoundApplied, RunLock, TableLock, Worker, WorkerSeat } from './locks.js';
import type { FoundProvenance, LastWrites, ProvenanceRow, Scratch, UpdateTimes } from './records.js';
import type { TableCounter, TableFilter } from './rows.js';
import type { ProgramDefinition, Server, TableDefinition } from './server.js';
import type { HookSession, PreservePlaces, PreserveSession } from './target-sessions.js';

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
  /** Of each table of these databases, as `TableInventory.updatedAt`. */
  readUpdateTimes(databases: readonly DatabaseName[]): Promise<ReadonlyMap<string, UpdateTimes>>;
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

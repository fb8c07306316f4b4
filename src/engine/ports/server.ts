import type { OlderServer } from '../../core/conversion/collation-text.js';
import type { HiddenColumn } from '../../core/conversion/expression-keys.js';
import type { Probes } from '../../core/mask/leak-probe.js';
import type { SampledColumn } from '../../core/mask/sample.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { ProgramKind } from '../../core/program-kind.js';
import type { SnapshotPosition } from '../../core/run/provenance.js';
import type { Secret } from '../../core/secret.js';
import type {
  ColumnInventory,
  DatabaseInventory,
  ProgramInventory,
  ServerFacts,
  TableInventory,
} from '../../core/server/inventory.js';
import type {
  CopyTable,
  KeyedRow,
  PlacedTable,
  PreviewedRow,
  TableDigest,
  TableFilter,
  TypedJson,
} from './rows.js';

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
  /** The tables of databases, spelled as the server does; those that do not exist are left out. */
  inspectTables(databases: readonly DatabaseName[]): Promise<ReadonlyMap<string, readonly TableInventory[]>>;
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
  digestTables(tables: readonly PlacedTable[]): Promise<readonly TableDigest[]>;
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

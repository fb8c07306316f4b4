import type { Conversion } from './findings.js';
import type { EventState } from '../sql/event-text.js';
import type { Flavor } from '../flavor.js';
import type { DatabaseName, TableName } from '../names.js';
import type { OwnNames } from '../sql/own-names.js';
import type { StructurePart } from '../sql/structure-parts.js';
import type { ProgramKind } from '../program-kind.js';

/** The local time of each time zone on the target, as it writes times; zones that it does not know are left out. */
export type Clocks = ReadonlyMap<string, string>;

/** What one server holds, as read from it. Every list is sorted by name (programs: by kind, then creation order). */
export interface Inventory {
  readonly server: ServerFacts;
  readonly databases: readonly DatabaseInventory[];
  /** `user@host` of every account; undefined when nobody asked or the server does not tell. */
  readonly accounts?: ReadonlySet<string>;
  /** Of the target, in the time zones of the source's events. */
  readonly clocks?: Clocks;
  /** Of the target: what it has of the tables of other databases that views and defaults name, or gets by the same plan. */
  readonly tablesElsewhere?: ReadonlyMap<DatabaseName, ReadonlySet<TableName>>;
  /** Of the target: accounts that certainly may not execute the functions that a database gets. */
  readonly unableToExecute?: ReadonlyMap<DatabaseName, ReadonlySet<string>>;
  /** Why it refuses a condition of the plan, by database and table: of the source's rows, or of those that stay on the target. */
  readonly refusedFilters?: ReadonlyMap<DatabaseName, ReadonlyMap<TableName, string>>;
  /** Of the target: databases of which no record says that they are masked copies. Only where a plan masks. */
  readonly unmasked?: ReadonlySet<DatabaseName>;
  /** Of the target's accounts that are definers on the source; undefined when the server does not tell. */
  readonly rights?: ReadonlyMap<string, Grants>;
}

export interface ServerFacts {
  /**
   * Equal if and only if two sessions reach the same server process, by whatever address: built from
   * `@@server_uuid` or `@@server_uid`, `@@hostname`, `@@port` and `@@datadir`.
   */
  readonly identity: string;
  readonly flavor: Flavor;
  /** `CURRENT_USER()`: the account that the server matched. */
  readonly account: string;
  /** For example `TLSv1.3`; undefined when this session is not encrypted. */
  readonly tlsVersion: string | undefined;
  /** `@@lower_case_table_names`: 0 keeps and compares case, 1 stores lower case, 2 compares lower case. */
  readonly lowerCaseTableNames: number;
  readonly isReadOnly: boolean;
  readonly maxAllowedPacketBytes: number;
  /** On the disk of `@@datadir`, where the server tells it (MariaDB's plugin DISKS). */
  readonly freeBytes?: number;
  /** `@@log_bin`, `@@log_bin_trust_function_creators` */
  readonly hasBinaryLog: boolean;
  readonly trustsFunctionCreators: boolean;
  /** `@@local_infile` */
  readonly takesLocalFiles: boolean;
  /** `@@event_scheduler` */
  readonly runsEvents: boolean;
  /** Settings of the whole server that hazards ask for, by name; those that it does not have are not there. */
  readonly settings?: ReadonlyMap<string, string>;
  readonly collations: ReadonlySet<string>;
  readonly storageEngines: ReadonlySet<string>;
  /** The account's grants on this server, parsed from `SHOW GRANTS`. */
  readonly grants: Grants;
}

/** Privileges by scope, upper case. `ALL PRIVILEGES` appears as itself. Asked through `hasPrivilege` of core/server/grants.ts. */
export interface Grants {
  readonly global: ReadonlySet<string>;
  /** Key: the database pattern as written in the grant (`shop`, `app\_%`). */
  readonly databases: ReadonlyMap<string, ReadonlySet<string>>;
  /** Which pattern counts when several match: the most specific one, which is the rule, or an unknown one of them. */
  readonly patterns?: 'best' | 'unknown';
  /** MySQL's partial revokes: what `global` does not give for these databases. */
  readonly revoked?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of the account's active roles. */
  readonly roles?: readonly Grants[];
}

/** What a database has of its own. */
export interface DatabaseDefaults {
  readonly charset: string;
  readonly collation: string;
  /** MariaDB 10.5 and newer; empty elsewhere. */
  readonly comment: string;
  /** MySQL's `DEFAULT ENCRYPTION = 'Y'`. */
  readonly isEncrypted?: true;
}

export interface DatabaseInventory extends DatabaseDefaults {
  readonly name: DatabaseName;
  /** MySQL's `READ ONLY = 1`. */
  readonly isReadOnly?: true;
  /** Code in JavaScript that routines of MySQL 9.2 and newer use (CREATE LIBRARY). */
  readonly libraries?: readonly string[];
  readonly tables: readonly TableInventory[];
  readonly programs: readonly ProgramInventory[];
  /** Foreign keys of other databases' tables that refer to a table in this database. */
  readonly outsideForeignKeys: readonly OutsideForeignKey[];
  /** Other databases that its views, foreign keys and defaults name, each once. */
  readonly reads: readonly DatabaseName[];
  /** Those of them that its views and defaults name: without them, these cannot be created. */
  readonly needs: readonly DatabaseName[];
  /**
   * Between vendors, and to a server that lacks some collations: what the source's objects become on the target. This
   * inventory is what they are there.
   */
  readonly conversion?: Conversion;
}

export type TableKind = 'table' | 'system-versioned' | 'sequence';

export interface TableInventory {
  readonly name: TableName;
  readonly kind: TableKind;
  /** Undefined when the server cannot open the table. */
  readonly engine: string | undefined;
  /** It has a DATA DIRECTORY or INDEX DIRECTORY. Told by MariaDB only. */
  readonly hasDirectory?: true;
  readonly isPartitioned?: true;
  /** The server's estimate. */
  readonly rowsEstimate: number;
  readonly dataBytes: number;
  readonly indexBytes: number;
  /** RFC 3339; undefined when the server does not know. */
  readonly updatedAt: string | undefined;
  /** AUTO_INCREMENT, in decimal digits; absent where it is 1. */
  readonly nextNumber?: string;
  /**
   * What the server works out as it writes a row, under the sql_mode of the session: values that it stores, or what is
   * only looked at (virtual columns, entries of indexes).
   */
  readonly computes?: 'stored' | 'unstored';
  /** Absent where it is empty. */
  readonly comment?: string;
  readonly columns: readonly ColumnInventory[];
  /** The primary key among them; those over expressions are left out. */
  readonly uniqueKeys?: readonly UniqueKeyInventory[];
  /** Named by a CHECK, but for one that only asks whether text is JSON. */
  readonly checkedColumns?: readonly string[];
  readonly foreignKeys: readonly ForeignKeyInventory[];
  /** That its defaults take from; absent when there are none. */
  readonly sequencesElsewhere?: readonly TableElsewhere[];
  /** Of definitions that the server prints with a `?` for a character and does not tell: `orders.state`, `orders, check c`. */
  readonly lostTexts?: readonly string[];
  /** Where expressions have characters of four bytes. */
  readonly wideTexts?: readonly string[];
  /** Texts of its definition that look like personal data: `the comment of users.id (a phone number)`. */
  readonly personalTexts?: readonly string[];
  /** What the fingerprint is made of; only where it was asked for. */
  readonly parts?: readonly StructurePart[];
  /** Of the structure: columns, indexes, keys, checks, partitions, options. Equal across databases and servers of one vendor. */
  readonly fingerprint: string;
}

export interface UniqueKeyInventory {
  /** Of its index. */
  readonly name: string;
  /** In their order. */
  readonly columns: readonly string[];
  /** No two rows have the same values: whole columns that are NOT NULL and not generated, in an ordered index that the server uses. */
  readonly tellsRows?: true;
  /** The rows of an InnoDB table lie in its order. */
  readonly isClustered?: true;
}

export interface ColumnInventory {
  readonly name: string;
  /** Lower case, for example `varchar`. */
  readonly dataType: string;
  /** With length and attributes, for example `int(10) unsigned`. */
  readonly columnType: string;
  readonly charset: string | undefined;
  readonly collation: string | undefined;
  readonly isGenerated: boolean;
  /** `computed`: another value from row to row. A column that takes NULL has NULL where nothing else was said. */
  readonly default?: 'constant' | 'computed';
  readonly isNotNull?: true;
  /** A row that says nothing of it is refused: it is NOT NULL, without a default and no counter. */
  readonly isRequired?: true;
  /** `zero`: the copy's server has no -0. */
  readonly negativeZero?: 'zero';
  /** Absent where it is empty. */
  readonly comment?: string;
  /** Of a text: a CHECK asks that it is JSON, as MariaDB makes one for its type JSON. */
  readonly holdsJson?: true;
  /** Position in the primary key from 1; undefined when it is not part of it. */
  readonly primaryKeyPosition: number | undefined;
}

export interface ForeignKeyInventory {
  readonly name: string;
  readonly referencedDatabase: DatabaseName;
  readonly referencedTable: TableName;
  /** Pairs, in the order of the key. */
  readonly columns?: readonly { readonly own: string; readonly referenced: string }[];
  /** Its rows change or go with those that they refer to: CASCADE or SET NULL. */
  readonly cascades?: true;
}

/** A table, view or sequence of another database. */
export interface TableElsewhere {
  readonly database: DatabaseName;
  readonly name: TableName;
}

export interface OutsideForeignKey {
  readonly name: string;
  readonly database: DatabaseName;
  readonly table: TableName;
  readonly referencedTable: TableName;
}

export interface ProgramInventory {
  readonly kind: ProgramKind;
  readonly name: string;
  /** Triggers only. */
  readonly table?: TableName;
  /** Routines and events only. */
  readonly comment?: string;
  /** `user@host`; a role of MariaDB is `role@`. */
  readonly definer: string;
  /** It runs with the rights of whoever uses it, and not with its definer's. */
  readonly isInvoker?: true;
  /** Views only: what they read of other databases; absent when there is nothing. */
  readonly readsElsewhere?: readonly TableElsewhere[];
  /** Views only: the functions of its own database that it calls; absent when there are none. */
  readonly calls?: readonly string[];
  /** Views only: why the server cannot use it, in its own words, where nothing can stand in for what is missing. */
  readonly fault?: string;
  /** How its body names its own database; known where the copy is called otherwise. */
  readonly ownNames?: Pick<OwnNames, 'named' | 'unclear' | 'isInText'>;
  /** What in it looks like personal data: `view v (an e-mail address)`. */
  readonly personalTexts?: readonly string[];
  /** Events only. */
  readonly event?: EventInventory;
  /** Of everything the server stores about it, own database's name left out. */
  readonly fingerprint: string;
}

/** Times are in the event's own time zone, as servers write them. */
export interface EventInventory {
  readonly state: EventState;
  /** For example `EVERY 1 DAY STARTS 2037-01-01 00:00:00`. */
  readonly schedule: string;
  /** `SYSTEM`, an offset or a name. */
  readonly timeZone: string;
  /** After it the event never runs; absent where there is no such moment. */
  readonly lastTime?: string;
  /** ON COMPLETION PRESERVE: it stays when its last time has passed. */
  readonly isPreserved: boolean;
}

export const defaultsOf = ({
  charset,
  collation,
  comment,
  isEncrypted,
}: DatabaseDefaults): DatabaseDefaults => ({
  charset,
  collation,
  comment,
  ...(isEncrypted && { isEncrypted }),
});

/** Programs of one database are told apart by kind and name. */
export const keyOfProgram = ({ kind, name }: Pick<ProgramInventory, 'kind' | 'name'>): string =>
  `${kind} ${name}`;

/** Of other databases: the sequences that its defaults take from, and what its views read. */
export const listElsewhere = ({
  tables,
  programs,
}: Pick<DatabaseInventory, 'tables' | 'programs'>): readonly TableElsewhere[] => [
  ...tables.flatMap(({ sequencesElsewhere = [] }) => sequencesElsewhere),
  ...programs.flatMap(({ readsElsewhere = [] }) => readsElsewhere),
];

export const totalBytes = (tables: readonly TableInventory[]): number =>
  tables.reduce((sum, table) => sum + table.dataBytes + table.indexBytes, 0);

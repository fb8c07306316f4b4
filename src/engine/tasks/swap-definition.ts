import type { DatabaseName, TableName } from '../../core/names.js';
import type { DatabaseDefaults } from '../../core/server/inventory.js';
import type { ProgramDefinition } from '../ports/server.js';
import type { OutsideKey, TableStructure } from '../ports/target-server.js';

/** One side of a swap: the content that comes or goes. */
export interface DatabaseContent {
  readonly tables: readonly TableName[];
  readonly programs: readonly ProgramDefinition[];
  readonly defaults: DatabaseDefaults;
  /** How the server that printed the programs calls the database. */
  readonly printedAs: DatabaseName;
  /**
   * Foreign keys of its tables to other databases that are swapped by the same rename, which they would follow away; each
   * as it has to be when the content is live. Absent when it is swapped alone.
   */
  readonly keysToUnit?: readonly OutsideKey[];
  /**
   * Foreign keys of its tables to tables of the live database that a swap leaves where they are, as they have to be when the
   * content is live. Elsewhere it has none: what is kept for a rollback would block deletes in live tables.
   */
  readonly keysToStaying?: readonly OutsideKey[];
}

/** Everything a swap needs, and everything that is needed to finish or undo it. JSON-safe: the journal keeps it. */
export interface Swap {
  readonly live: DatabaseName;
  /** Where the incoming tables stand before the swap. */
  readonly staging: DatabaseName;
  /** Where the outgoing tables stand after it. */
  readonly retired: DatabaseName;
  /** Null when the live database is to be gone afterwards. */
  readonly incoming: DatabaseContent | null;
  /** Null when the live database does not exist before. */
  readonly outgoing: DatabaseContent | null;
  /** They follow the outgoing tables through the rename, and have to be brought back. */
  readonly outsideKeys: readonly OutsideKey[];
  /** What the outgoing tables are before: an undo has to make them the same again. */
  readonly before: readonly StructureBefore[];
}

/** A table as it was. */
export interface StructureBefore extends Pick<TableStructure, 'name' | 'fingerprint'> {
  /** Of `markParts`; journals of older versions have none. */
  readonly marks?: string;
}

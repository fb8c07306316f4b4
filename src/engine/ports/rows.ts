import type { TableMasks } from '../../core/mask/table-masks.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { TableInventory } from '../../core/server/inventory.js';

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

/** In the order of the masks; null is NULL. */
export type PreviewedRow = readonly { readonly before: string | null; readonly after: string | null }[];

/** One row: the values of its key, as people read them, and what stands for all of its values. */
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

/** Rows of a table, and where it stands. */
export interface PlacedTable extends CopyTable {
  readonly database: DatabaseName;
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

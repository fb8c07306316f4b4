import type { DatabaseName, TableName } from '../../core/names.js';

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

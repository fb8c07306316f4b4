import type { TableName } from '../names.js';

/** How a live database of the target stands to what apply would make of it, and how that is known. */
export interface Sameness {
  /**
   * `same`: rows were compared. `unwritten`: neither side was written since the last copy, as far as the servers tell.
   * `written`: a side was. `not-compared`: structure and programs are the same, and of the rows nothing is known.
   * `different`: something is known to differ.
   */
  readonly verdict: 'same' | 'unwritten' | 'written' | 'not-compared' | 'different';
  /** For people, a clause each: what differs, what was written, or why that cannot be known. */
  readonly reasons: readonly string[];
  /** RFC 3339, of the last copy that is known here; null where there is none. */
  readonly copiedAt: string | null;
  /** Of each table whose rows were compared; null where none were. */
  readonly rows: readonly ComparedRows[] | null;
}

/** The rows of one table on both servers. */
export interface ComparedRows {
  readonly table: TableName;
  readonly isSame: boolean;
  readonly source: number;
  readonly target: number;
  /** Where it was asked which rows differ, and some do. */
  readonly differing?: DifferingRows;
}

/** What is wrong with a row of the target: it lacks it, it has it and the source does not, or with other values. */
export type RowFault = 'missing' | 'extra' | 'changed';

/** Which rows of a table differ: how many, and the keys of the first ones; or why that cannot be told. */
export type DifferingRows =
  | {
      readonly missing: number;
      readonly extra: number;
      readonly changed: number;
      /** Columns of the key that tells the rows. */
      readonly keyColumns: readonly string[];
      /** Values are people's data: shown, and never written down. */
      readonly keys: readonly { readonly is: RowFault; readonly key: readonly string[] }[];
    }
  | { readonly untold: string };

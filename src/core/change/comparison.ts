import type { ProgramKind } from '../program-kind.js';
import type { DatabaseName, TableName } from '../names.js';
import type { ComparedRows } from './sameness.js';

/** What one database of the target lacks, has too much or has otherwise than the source. */
export interface Difference {
  readonly kind: 'database' | 'table' | ProgramKind;
  readonly name: string;
  /** A clause, such as `is missing on the target`. */
  readonly what: string;
  /** Lines of its definition that are only on the target (`- `) or only on the source (`+ `). */
  readonly diff?: readonly string[];
}

/** One database of a plan on both servers. */
export interface DatabaseComparison {
  readonly from: DatabaseName;
  readonly to: DatabaseName;
  /** Tables whose rows were compared, and their rows on the source. */
  readonly tables: number;
  readonly rows: number;
  /** The same, one by one. */
  readonly compared: readonly ComparedRows[];
  /** By digest of the rows, or by their number only. */
  readonly by: 'digest' | 'counts';
  /** Tables whose rows are not compared, because hooks of the plan change them. Absent where there are none. */
  readonly changedByHooks?: readonly TableName[];
  /** The same, because rows of the target stay by the plan. */
  readonly preserved?: readonly TableName[];
  readonly differences: readonly Difference[];
}

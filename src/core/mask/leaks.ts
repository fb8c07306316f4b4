import type { TableName } from '../names.js';
import type { Detector } from './detector.js';

/** How much of what a plan keeps is looked at: everything, or one row of a hundred. */
export type ScanExtent = 'full' | 'sample';
export const SAMPLED_ROWS = 100;

/** `unmasked`: an expression of the plan gave the value that it was to replace. */
export type LeakKind = Detector | 'unmasked';

/** What was found in one column on its way to the copy. */
export interface Leak {
  readonly column: string;
  readonly kind: LeakKind;
  readonly rows: number;
  /** Keyed hashes of different values that were found, the first `MOST_PROBES` of them. Absent where nothing can be looked up by them. */
  readonly probes?: readonly string[];
}

/** What was looked at of one table. */
export interface LeakScan {
  readonly columns: number;
  readonly rows: number;
  readonly bytes: number;
  readonly leaks: readonly Leak[];
}

export interface TableLeak extends Leak {
  readonly table: TableName;
}

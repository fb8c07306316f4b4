import type { Detector } from './detector.js';

/** How much of a source is read for suggestions at most. */
export const SAMPLE = {
  /** Of a table: the first and the last by its primary key, as many of each. */
  rows: 200,
  /** Characters of a value. */
  characters: 4096,
  /** Seconds for one table, and for all of them. */
  tableSeconds: 5,
  allSeconds: 60,
} as const;

/** What was found in some values of a column; never the values. */
export interface SampledColumn {
  readonly column: string;
  /** Values that were looked at: neither NULL nor empty. */
  readonly values: number;
  /** All of them are JSON objects or arrays. */
  readonly areDocuments: boolean;
  /** `whole`: rows in which it is all there is in the value. */
  readonly found: readonly { readonly kind: Detector; readonly rows: number; readonly whole: number }[];
}

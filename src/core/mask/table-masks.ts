import type { MaskRule } from './mask-rule.js';

/** The masked columns of one table. */
export interface TableMasks {
  readonly columns: readonly { readonly column: string; readonly rule: MaskRule }[];
  /** SQL condition: rows that stay as they are. */
  readonly unless: string | null;
}

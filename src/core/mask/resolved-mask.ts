import type { Secret } from '../secret.js';
import type { MaskLock } from './mask-lock.js';
import type { Following, MaskDecision } from './mask-rule.js';
import type { PackName } from './packs/index.js';

/** The `mask` of a plan with every default applied. */
export interface ResolvedMask {
  readonly key: Secret;
  /** The plan's own, then those of packs; the first pattern that matches a column decides it. */
  readonly columns: readonly {
    readonly pattern: string;
    readonly decision: MaskDecision | Following;
    /** Where it is from; the plan itself when absent. */
    readonly pack?: PackName;
  }[];
  /** Table (glob) to SQL condition: rows that stay as they are. */
  readonly unless: readonly { readonly table: string; readonly where: string }[];
  readonly unclassified: 'refuse' | 'mask';
  readonly scan: 'full' | 'sample' | 'off';
  /** Absent where the file is. */
  readonly lock?: MaskLock;
}

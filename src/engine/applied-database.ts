import type { CopyRecord } from '../core/change/copy-record.js';
import type { HookResult, MaskReport, PreserveResult, Verification } from '../core/run/outcome.js';
import type { CopiedDatabase } from './run-context.js';

export interface AppliedDatabase {
  readonly tables: number;
  readonly copied: CopiedDatabase;
  readonly verification: Verification;
  /** Undefined where the plan masks nothing. */
  readonly masks: MaskReport | undefined;
  readonly preserved: readonly PreserveResult[];
  readonly hooks: readonly HookResult[];
  /** Undefined where the target could not be asked any more. */
  readonly record: CopyRecord | undefined;
  /** Events whose time passed while the rows were copied. */
  readonly eventsOver: readonly string[];
  /** The statements that switch on what `options.events: disabled` left off. */
  readonly enableEvents: readonly string[];
  /** What else a person should know of it. */
  readonly notes: readonly string[];
}

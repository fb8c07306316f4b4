import type { ErrorReport } from '../errors.js';
import type { DatabaseName, TableName } from '../names.js';
import type { HookKind } from '../sql/hook-statement.js';

/**
 * How a database can end, from the best end to the worst: what one process left, another one may have done.
 * `already-applied` and `elsewhere` are of workers that share a saved plan: it was done before, or it is another worker's.
 */
export const ENDS = [
  'applied',
  'already-applied',
  'failed',
  'interrupted',
  'elsewhere',
  'not-started',
] as const;

/** How one database of a run ended, and what the target holds now. */
export interface DatabaseOutcome {
  readonly from: DatabaseName;
  readonly to: DatabaseName;
  readonly status: (typeof ENDS)[number];
  /** The last two are a rollback's: the previous content is back, or the database is gone again. */
  readonly action: 'create' | 'overwrite' | 'restore' | 'remove';
  /** `old`: exactly as before the run. `new`: exactly the copy. `unsure`: look at the message. */
  readonly targetState: 'old' | 'new' | 'unsure';
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  readonly durationMilliseconds: number;
  readonly verification: Verification | null;
  /** Absent where the plan masks nothing. */
  readonly masks?: MaskReport;
  /** Rows of the target that have stayed; absent where the plan keeps none. */
  readonly preserved?: readonly PreserveResult[];
  /** The hooks that have run; absent where there were none. */
  readonly hooks?: readonly HookResult[];
  /** Facts worth a line in the recap. */
  readonly notes: readonly string[];
  /** SQL that switches on the events that the copy has switched off; absent where there are none. */
  readonly enableEvents?: readonly string[];
  readonly error: ErrorReport | null;
}

type Ended = Pick<DatabaseOutcome, 'status'>;

/** Does the target hold what the plan wants of it, whoever did it? */
export const isDone = ({ status }: Ended): boolean => status === 'applied' || status === 'already-applied';

/** Is it the matter of another worker of the same saved plan? */
export const isOfOthers = ({ status }: Ended): boolean =>
  status === 'already-applied' || status === 'elsewhere';

/** Is it neither done nor the matter of another worker? */
export const leavesWork = (outcome: Ended): boolean => outcome.status !== 'applied' && !isOfOthers(outcome);

/** Was anything done for it? */
export const wasBegun = (outcome: Ended): boolean => outcome.status !== 'not-started' && !isOfOthers(outcome);

/** What the recap and the history tell of a masked copy. */
export interface MaskReport {
  /** Columns whose values were replaced. */
  readonly columns: number;
  /** Tells masks and their keys apart; null where no column is masked. */
  readonly fingerprint: string | null;
  readonly scan: 'full' | 'sample' | 'off';
  readonly scannedColumns: number;
  readonly scannedRows: number;
  readonly scannedBytes: number;
  /** What stayed of an earlier copy, and an earlier run has searched. Absent where nothing did, or is searched. */
  readonly stayed?: {
    readonly tables: number;
    /** Of tables of which other rows were copied. */
    readonly rows: number;
  };
}

export interface PreserveResult {
  readonly table: TableName;
  readonly rows: number;
  /** Rows of the copy with the same primary or unique key, which gave way. */
  readonly replaced: number;
}

export interface HookResult {
  readonly kind: HookKind;
  readonly sql: string;
  /** That it changed, as the server counts; null of an assertion. */
  readonly rows: number | null;
}

/** What was compared between the source and the staged copy before the swap. */
export interface Verification {
  /** Structure and row counts are compared for every table; this many also by a digest of their rows. */
  readonly digested: number;
  readonly counted: number;
  /** Tables whose rows changed on the source while they were copied, so that a digest cannot be compared. */
  readonly movedOnSource: readonly TableName[];
}

export interface RunSummary {
  readonly outcomes: readonly DatabaseOutcome[];
  readonly durationMilliseconds: number;
  readonly exitCode: number;
}

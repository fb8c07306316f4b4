import type { Endpoint } from '../server/connection.js';
import type { DatabaseName } from '../names.js';
import type { HookKind } from '../sql/hook-statement.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';
import type { Consistency, EngineName } from './row-engines.js';
import type {
  DefinerRule,
  EventRule,
  OnExisting,
  ProgramRules,
  RefreshRule,
  TableRules,
  VerifyLevel,
} from './sync-plan.js';

/** A sync plan with every default applied, every alias resolved and every password fetched. */
export interface ResolvedPlan {
  readonly name: string;
  /** The file it was read from, as the person named it. */
  readonly path: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
  readonly source: Endpoint;
  readonly target: Endpoint;
  readonly selections: readonly Selection[];
  readonly options: ResolvedOptions;
  /** What earlier runs left of copies that they did not finish is dropped, also where this one could go on from it. */
  readonly discardsUnfinished?: true;
  /** A call that copies only some databases leaves those of the others: the plan refreshes, or the call does. */
  readonly leavesUnfinished?: true;
  /** Absent where the plan masks nothing. */
  readonly mask?: ResolvedMask;
}

/** One entry of the plan's `databases`. */
export type Selection = SelectionRules &
  (
    | { readonly kind: 'named'; readonly name: DatabaseName; readonly as: DatabaseName }
    | { readonly kind: 'matched'; readonly pattern: string; readonly exclude: readonly string[] }
  );

export interface SelectionRules {
  readonly onExisting: OnExisting;
  readonly tables: Required<TableRules>;
  readonly programs: Required<ProgramRules>;
  /** Of the plan, then of the entry: first those that change rows, then those that only read. */
  readonly hooks: readonly PlannedHook[];
}

export interface PlannedHook {
  readonly kind: HookKind;
  readonly sql: string;
  /** Glob over the names of databases on the source. */
  readonly in?: string;
}

export interface ResolvedOptions {
  /** Databases at once. */
  readonly maxConcurrent: number;
  /** Databases of little data at once, which is more where nobody has said how many. */
  readonly smallAtOnce: number;
  readonly engine: EngineName;
  /** Connections a database, of an engine that reads on several. */
  readonly parallel: number;
  /** What the plan declares to be free on the target; undefined leaves it to the server. */
  readonly declaredFreeBytes?: number;
  readonly verify: VerifyLevel;
  readonly consistency: Consistency;
  readonly refresh: RefreshRule;
  readonly definers: DefinerRule;
  readonly events: EventRule;
  readonly pace: PaceRules;
}

/** How fast rows may leave the source, and when they wait. */
export interface PaceRules {
  readonly bytesPerSecond?: number;
  readonly mostThreadsRunning?: number;
  /** Absent when no replica is watched. */
  readonly mostLagSeconds?: number;
  readonly replicas: readonly Endpoint[];
}

import type { Access } from '../server/connection.js';
import type { CopyConditions } from './copy-conditions.js';
import type { EventState } from '../sql/event-text.js';
import type { Flavor } from '../flavor.js';
import type { DatabaseDefaults, EventInventory } from '../server/inventory.js';
import type { ProgramKind } from '../program-kind.js';
import type { ConnectionName, DatabaseName, TableName } from '../names.js';
import type { RecoveryStep } from './recovery.js';
import type { HookKind } from '../sql/hook-statement.js';
import type { ResolvedOptions } from '../plan/resolved-plan.js';
import type { Sameness } from './sameness.js';
import type { ScratchDatabase } from './scratch.js';
import type { TableMasks } from '../mask/table-masks.js';

/** The answer computed from a sync plan and two inventories: JSON-safe, secret-free, ordered as the plan lists. */
export interface ChangeSet {
  readonly plan: { readonly name: string; readonly path: string; readonly digest: string };
  readonly source: ServerSummary;
  readonly target: ServerSummary;
  /** Who else is asked or watched has no place in a file. */
  readonly options: Omit<ResolvedOptions, 'pace'>;
  /** Absent where the plan masks nothing. */
  readonly mask?: MaskPins;
  readonly copy: CopyConditions;
  /** Hazards of the servers as a whole; those of one database stand in its change. */
  readonly hazards: readonly Hazard[];
  readonly databases: readonly DatabaseChange[];
  /** What earlier runs have on the target: previous content for rollback, and what killed runs left behind. */
  readonly scratch: readonly ScratchDatabase[];
  /** What is put in order first, after runs that were killed. */
  readonly recovery: readonly RecoveryStep[];
}

export interface ServerSummary {
  readonly name: ConnectionName;
  /** `user@host:port` */
  readonly address: string;
  readonly identity: string;
  readonly flavor: Flavor;
  readonly tls: { readonly mode: string; readonly version: string | null; readonly isLocal: boolean };
  readonly access: Access;
  readonly isProtected: boolean;
}

export type Action = 'create' | 'overwrite' | 'skip' | 'blocked';

export interface DatabaseChange {
  readonly from: DatabaseName;
  readonly to: DatabaseName;
  readonly action: Action;
  /** For people. It never decides anything. */
  readonly reason: string | null;
  readonly tables: readonly TableChange[];
  readonly programs: readonly ProgramChange[];
  /** Rows of the live database that stay. Absent where there are none. */
  readonly preserve?: readonly PreserveChange[];
  /** SQL that runs on the verified copy before it is live, in this order. Absent where there is none. */
  readonly hooks?: readonly HookChange[];
  /** What becomes of the columns whose values are copied. Absent where the plan masks nothing. */
  readonly mask?: MaskCounts;
  readonly hazards: readonly Hazard[];
  /** Others of the plan, by their names on the target, that its views, foreign keys and defaults name. Absent where there are none. */
  readonly reads?: readonly DatabaseName[];
  readonly source: DatabaseSize;
  /** Null when the target has no such database. */
  readonly target: DatabaseSize | null;
  /** That it has afterwards. */
  readonly defaults: DatabaseDefaults;
  /** What this change was computed from; when either moves, the change is stale. */
  readonly basis: { readonly source: string; readonly target: string | null };
  /** Of a database that is overwritten: how the target stands to the source now. Absent where nobody looked. */
  readonly sameness?: Sameness;
}

export interface MaskPins {
  /** Fingerprint of the key. */
  readonly key: string;
  /** Digest of the lock file; null where there is none. */
  readonly lock: string | null;
}

/** Numbers of columns. */
export interface MaskCounts {
  readonly masked: number;
  readonly kept: number;
  readonly undecided: number;
}

export interface DatabaseSize {
  readonly tables: number;
  /** Data and indexes, the server's estimate. */
  readonly bytes: number;
  readonly rows: number;
  /** RFC 3339, the newest UPDATE_TIME; null when unknown. */
  readonly writtenAt: string | null;
}

export interface TableChange {
  readonly name: TableName;
  /** `drop`: only on the target, gone with the swap. `keep`: excluded, left as it is. */
  readonly action: 'create' | 'replace' | 'drop' | 'keep';
  readonly content: 'all' | 'none' | 'filtered';
  /** SQL condition; null unless content is `filtered`. */
  readonly where: string | null;
  /** The plan lets it open data that is kept elsewhere. */
  readonly mayBeExternal: boolean;
  /** Both sides have it and the fingerprints differ. */
  readonly isRestructured: boolean;
  /** Columns whose values are replaced on their way. Absent where none are. */
  readonly masks?: TableMasks;
  /** Columns that stay as they are. Absent where the plan masks nothing, or none does. */
  readonly keeps?: readonly string[];
  /** Columns that nobody has decided about. Absent where there are none. */
  readonly undecided?: readonly string[];
  /** What its definition loses (`- `) and gets (`+ `); only where it was asked for, of a table that is restructured. */
  readonly diff?: readonly string[];
  /** What its refresh starts from. Absent where the plan copies all (`refresh: full`), and of tables that are not on both sides. */
  readonly refresh?: RefreshBase;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * What a refresh of a table starts from: the live table, which stays when its rows are the source's; what the last
 * swap kept of it; a copy that was not finished; or nothing, so that it is copied. `would` is what became of it if its rows stayed as they were when the plan compared them.
 */
export type RefreshBase =
  | { readonly base: 'live'; readonly would?: 'keep' }
  | { readonly base: 'live'; readonly would: 'copy'; readonly reason: string }
  | { readonly base: 'none'; readonly reason: string }
  /** It is made of what the last swap kept of it. `reason`: why it does not stay. */
  | {
      readonly base: 'previous';
      readonly would: 'patch';
      readonly reason?: string;
      readonly insert: number;
      readonly change: number;
      readonly delete: number;
    }
  /** It is made of what a run was killed in, or stopped. Rows are not told where they could not be compared. */
  | {
      readonly base: 'unfinished';
      readonly would: 'patch';
      readonly reason?: string;
      readonly insert?: number;
      readonly change?: number;
      readonly delete?: number;
    };

/** A table that is made of what an earlier run has of it. */
export type PatchBase = Extract<RefreshBase, { base: 'previous' | 'unfinished' }>;

export const isPatch = (refresh: RefreshBase | undefined): refresh is PatchBase =>
  refresh?.base === 'previous' || refresh?.base === 'unfinished';

export interface ProgramChange {
  readonly kind: ProgramKind;
  readonly name: string;
  readonly action: 'create' | 'replace' | 'drop' | 'keep';
  /** Of what comes: `user@host`, as it is on the target. */
  readonly definer?: string;
  /** Of an event that comes. */
  readonly event?: EventChange;
  /** As of a table, of what is replaced by something else. */
  readonly diff?: readonly string[];
}

export interface PreserveChange {
  /** Of the copy. */
  readonly table: TableName;
  /** SQL condition on the rows of the live table; null for all of them. */
  readonly where: string | null;
  /** The live table; null where the target has none, so that nothing stays. */
  readonly live: TableName | null;
  /** The target's estimate where all rows stay; null where it is not known without running the condition. */
  readonly rows: number | null;
  /** Data and indexes of those rows; null in the same cases. */
  readonly bytes: number | null;
}

export interface HookChange {
  readonly kind: HookKind;
  readonly sql: string;
  /** Tables of the copy whose rows it may change, by foreign keys too. */
  readonly writes: readonly TableName[];
}

/** When an event runs, and whether it does so on the target: `enabled`, where event_scheduler is on. */
export interface EventChange extends Pick<EventInventory, 'schedule' | 'timeZone'> {
  readonly state: EventState;
}

export type Severity = 'blocks' | 'note';

/** What could go wrong, found before anything is written. */
export interface Hazard {
  /** Stable, upper snake case, for example `FLOAT_IN_DUMP`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export const isPending = ({ action }: DatabaseChange): boolean =>
  action === 'create' || action === 'overwrite';

/** Names on the target of what would be copied. */
export const listPending = ({ databases }: Pick<ChangeSet, 'databases'>): ReadonlySet<DatabaseName> =>
  new Set(databases.filter(isPending).map(({ to }) => to));

/** What becomes of a database. One that is overwritten with what it has already is unchanged; apply copies it all the same, or compares it once more. */
export type Effect = Action | 'unchanged';

export const effectOf = ({ action, sameness }: Pick<DatabaseChange, 'action' | 'sameness'>): Effect =>
  sameness?.verdict === 'same' || sameness?.verdict === 'unwritten' ? 'unchanged' : action;

export const countEffects = ({ databases }: ChangeSet): Record<Effect, number> => {
  const counts = { create: 0, overwrite: 0, unchanged: 0, skip: 0, blocked: 0 };
  for (const change of databases) counts[effectOf(change)] += 1;
  return counts;
};

export const countActions = ({ databases }: ChangeSet): Record<Action, number> => {
  const counts: Record<Action, number> = { create: 0, overwrite: 0, skip: 0, blocked: 0 };
  for (const { action } of databases) counts[action] += 1;
  return counts;
};

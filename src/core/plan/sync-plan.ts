import type { PackName } from '../mask/packs/index.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';
import type { Consistency, EngineChoice } from './row-engines.js';
import type { Access, TlsMode, TlsOptions, WrittenValue } from '../server/connection.js';

/** The YAML as a person wrote it, after interpolation and validation: no defaults applied. */
export interface SyncPlan {
  readonly version: 1;
  readonly name?: string;
  readonly description?: string;
  /** A saved connection's name, or an inline connection. */
  readonly source: string | InlineConnection;
  readonly target: string | InlineConnection;
  readonly defaults?: { readonly on_existing?: OnExisting };
  readonly databases: readonly DatabaseEntry[];
  readonly hooks?: HookRules;
  readonly mask?: MaskRules;
  readonly options?: PlanOptions;
}

/** A sync plan with the file it came from. */
export interface PlanFile {
  readonly plan: SyncPlan;
  /** As the person named it; `<stdin>` for stdin. */
  readonly path: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
  /** What variables gave to connections, with how the plan writes it. */
  readonly fromVariables?: readonly WrittenValue[];
}

/** What to do with a database that the target already has. */
export type OnExisting = 'overwrite' | 'skip' | 'fail';

export interface InlineConnection {
  readonly name: string;
  readonly host?: string;
  readonly port?: number;
  readonly socket?: string;
  readonly ssh?: string;
  readonly user: string;
  readonly password?: string;
  readonly tls?: InlineTls;
  readonly access?: Access;
  readonly protected?: boolean;
}

/** Paths are absolute once the plan was read. */
export interface InlineTls {
  readonly mode?: TlsMode;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly server_public_key?: string;
}

/** With the keys of a plan file. */
export const toInlineTls = ({ mode, serverPublicKey, ...files }: TlsOptions): InlineTls => ({
  mode,
  ...files,
  ...(serverPublicKey !== undefined && { server_public_key: serverPublicKey }),
});

export interface TableRules {
  /** Globs of the only tables that are copied: whatever else the database has stays as it is on the target. */
  readonly only?: readonly string[];
  /** Globs of tables that are left as they are on the target. */
  readonly exclude?: readonly string[];
  /** Globs of tables that are created but not filled. */
  readonly structure_only?: readonly string[];
  /** Globs of tables that may open data that is kept elsewhere. */
  readonly external?: readonly string[];
  /** Table name to SQL condition: only these rows are copied. */
  readonly where?: Readonly<Record<string, string>>;
  /** Table name to SQL condition, or `all`: these rows of the live table of the target stay. */
  readonly preserve?: Readonly<Record<string, string>>;
}

export interface ProgramRules {
  /** Globs of views, triggers, routines and events that are left as they are on the target. */
  readonly exclude?: readonly string[];
}

/** SQL on the verified copy before it is live. */
export interface HookRules {
  /** Statements that change rows, in their order. */
  readonly staged?: readonly (string | HookEntry)[];
  /** Queries that must return one true value, or no row at all (`none`). */
  readonly assert?: readonly (string | HookEntry | NoneEntry)[];
}

/** What becomes of personal data on its way. */
export interface MaskRules {
  /** A secret, as passwords are. */
  readonly key: string;
  /** Pattern of columns to a rule, which `readColumnRule` reads; the first that matches a column counts. */
  readonly columns?: Readonly<Record<string, unknown>>;
  /** Packs, which are tried in their order after the plan's own columns. */
  readonly rules?: readonly PackName[];
  /** Pattern of tables to an SQL condition: rows that stay as they are. */
  readonly unless?: Readonly<Record<string, string>>;
  readonly unclassified?: ResolvedMask['unclassified'];
  readonly scan?: ResolvedMask['scan'];
}

/** `in` is a glob over the names of databases on the source; without it, every database of the plan or entry. */
export interface HookEntry {
  readonly in?: string;
  readonly run: string;
}

export interface NoneEntry {
  readonly in?: string;
  readonly none: string;
}

/** One database by name. */
export interface NamedDatabaseEntry {
  readonly name: string;
  /** The name on the target; the same when absent. */
  readonly as?: string;
  readonly on_existing?: OnExisting;
  readonly tables?: TableRules;
  readonly programs?: ProgramRules;
  readonly hooks?: HookRules;
}

/** Every source database that a glob matches. */
export interface MatchedDatabaseEntry {
  readonly match: string;
  readonly exclude?: readonly string[];
  readonly on_existing?: OnExisting;
  readonly tables?: TableRules;
  readonly programs?: ProgramRules;
  readonly hooks?: HookRules;
}

export type DatabaseEntry = NamedDatabaseEntry | MatchedDatabaseEntry;

export type VerifyLevel = 'digest' | 'counts';
/** Whose programs are on the target: their own definers' (`refuse`: only of those that exist there), or the account's that applies. */
export type DefinerRule = 'keep' | 'current_user' | 'refuse';

/** What events are on the target: as on the source, or switched off, but for those that the target has switched on. */
export type EventRule = 'as_source' | 'disabled';
/** `auto`: tables whose rows are the source's stay. `strict`: and nobody has written to them since when the others are swapped. */
export type RefreshRule = 'full' | 'auto' | 'strict';

export interface PlanOptions {
  readonly max_concurrent?: number;
  readonly engine?: EngineChoice;
  readonly parallel?: number;
  /** Free space on the target in GiB, where the server cannot tell it. */
  readonly free_space_gib?: number;
  readonly verify?: VerifyLevel;
  readonly consistency?: Consistency;
  readonly refresh?: RefreshRule;
  readonly definers?: DefinerRule;
  readonly events?: EventRule;
  /** MiB a second that leave the source, over all databases. */
  readonly max_rate?: number;
  readonly pause_when?: PauseRules;
  /** Where a POST tells how an apply ended. A secret, as passwords are; empty is nowhere. */
  readonly notify?: string;
}

/** Limits of load above which the copy pauses. */
export interface PauseRules {
  /** Statements of others that run on the source at once. */
  readonly threads_running?: number;
  /** Seconds that a replica is behind. */
  readonly replica_lag?: number;
  readonly replicas?: readonly (string | InlineConnection)[];
}

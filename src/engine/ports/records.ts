import type { DatabaseName, TableName } from '../../core/names.js';
import type { OpenedJournal } from '../../core/run/journal-seal.js';

/** A database of the target that has a name of ours. Others can make such databases, with whatever in them. */
export interface Scratch {
  readonly database: DatabaseName;
  /** Neither tables nor programs. */
  readonly isEmpty: boolean;
  readonly journal: FoundJournal;
}

/** What stands where a journal would stand. Only what is `checked` was written by mysql-sync for this database. */
export type FoundJournal =
  | { readonly kind: 'none' }
  /** It cannot be read without trusting whoever made it. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: OpenedJournal['seal']; readonly text: string };

export type FoundProvenance =
  | { readonly kind: 'none' }
  /** It cannot be read, or somebody else made it. */
  | { readonly kind: 'refused'; readonly reason: string; readonly isDenied: boolean }
  | {
      readonly kind: 'rows';
      readonly rows: readonly { readonly live: DatabaseName; readonly text: string }[];
    };

export interface ProvenanceRow {
  /** The live database. */
  readonly live: DatabaseName;
  readonly text: string | null;
}

/** Times of the server, RFC 3339, whole seconds. */
export interface LastWrites {
  readonly updatedAt: string | null;
  readonly createdAt: string | null;
}

/** By table; undefined where the server does not tell. */
export type UpdateTimes = ReadonlyMap<TableName, string | undefined>;

/** Where this machine keeps keys of targets on which the account may keep none. */
export interface LocalJournalKeys {
  /** `identity` is that of the server's facts. */
  find(identity: string): Promise<Uint8Array | undefined>;
  /** Makes it when there is none. */
  make(identity: string): Promise<Uint8Array>;
}

import type { DatabaseName, RunId } from '../../core/names.js';
import type { AppliedRecord } from '../../core/run/applied-record.js';

/** Lives as long as a connection of its own. */
export interface TableLock {
  /** Rejects where it was lost before, so that somebody may have written. */
  release(): Promise<void>;
  /** Whether it was released or not. */
  close(): Promise<void>;
}

export interface RunLock {
  release(): Promise<void>;
  /** Rejects with TARGET_LOCKED when the lock was lost since, so that another run may have begun. */
  check(): Promise<void>;
  /** The same, and nothing is taken again: a swap that failed is then left to whoever holds the lock by now. */
  checkBeforeUndo(): Promise<void>;
}

export interface Worker {
  readonly run: RunId;
  readonly savedPlan: string;
}

/** Lives as long as a connection of its own. */
export interface WorkerSeat {
  /**
   * The locks of databases, named as `provenanceKey` does, that this worker does not have yet, all or none; undefined
   * where another worker has one.
   */
  claim(databases: readonly DatabaseName[]): Promise<Claim | undefined>;
  /** Was it seen that its locks are gone? Nothing may be begun then. */
  isLost(): boolean;
  release(): Promise<void>;
}

/** The locks, and what was there when they had been taken. */
export interface Claim extends RunLock {
  /** As `listScratchNames`. */
  readonly scratch: readonly DatabaseName[];
  /** Of the saved plan, as `readApplied`. */
  readonly applied: FoundApplied;
}

export type FoundApplied =
  | { readonly kind: 'none' }
  /** It cannot be read, or somebody else made it. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'rows'; readonly rows: readonly AppliedRecord[] };

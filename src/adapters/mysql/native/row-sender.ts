import type { RowSink } from './row-sink.js';

/** One way of sending rows to one table. */
export interface RowSender {
  /** See `RowWriter`. */
  beginRow(payloadBytes: number): RowSink;
  /** Waits for an answer without which nothing can be sent. */
  readonly isBlocked: boolean;
  readonly sentBytes: number;
  /** Ends the statement in flight, if there is one. */
  flush(): void;
}

/** The target took the rows and something else than the rows: a value was changed, or a row left out. */
export class InexactLoadError extends Error {
  override readonly name = 'InexactLoadError';
}

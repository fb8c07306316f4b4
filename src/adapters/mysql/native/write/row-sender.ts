import type { Done } from '../../protocol/packets.js';
import type { RowSink } from '../wire/row-sink.js';
import { formatCount, formatPlural } from '../../../../core/plural.js';

/** One way of sending rows to one table. */
export interface RowSender {
  /** See `RowWriter`. */
  beginRow(payloadBytes: number): RowSink;
  /** Whether nothing was sent since the last flush, and nothing has to be for a row of this size. */
  mayHold(payloadBytes: number): boolean;
  /** Waits for an answer without which nothing can be sent. */
  readonly isBlocked: boolean;
  readonly sentBytes: number;
  /** Ends the statement in flight, if there is one. */
  flush(): void;
}

/** The target took the rows and something other than the rows: a value was changed, or a row left out. */
export class InexactLoadError extends Error {
  override readonly name = 'InexactLoadError';
}

/** `expected` where the session is not strict: the caller compares the rows afterwards. */
export type WarningsOfRows = 'refused' | 'expected';

/**
 * By the numbers of the answer: its text is in the language of the server.
 * @throws InexactLoadError
 */
export const checkTaken = (
  rows: number,
  { rows: taken, warnings }: Done,
  whenWarned: WarningsOfRows,
): void => {
  if (taken === rows && (whenWarned === 'expected' || warnings === 0)) return;
  throw new InexactLoadError(
    `the target took ${formatCount(taken)} of ${formatPlural(rows, 'row')}, with ${formatPlural(warnings, 'warning')}`,
  );
};

import type { TableName } from '../../core/names.js';
import type { CopyProgress } from '../../core/run/run-event.js';
import type { TableInventory } from '../../core/server/inventory.js';
import type { Clock } from '../ports/ports.js';

/** Reports are at least this far apart: what is compared sooner is not told of. */
const REPORT_MILLISECONDS = 1_000;

/** How far the comparison of live tables is, by the estimates of the source. */
export class ComparisonProgress {
  readonly #rows: ReadonlyMap<TableName, number>;
  /** Of each table that was begun, how much of it is compared: 0 to 1. */
  readonly #shares = new Map<TableName, number>();

  constructor(tables: readonly Pick<TableInventory, 'name' | 'rowsEstimate'>[]) {
    this.#rows = new Map(tables.map(({ name, rowsEstimate }) => [name, rowsEstimate]));
  }

  begin(tables: readonly TableName[]): void {
    for (const name of tables) this.#shares.set(name, 0);
  }

  advance(table: TableName, share: number): void {
    this.#shares.set(table, Math.min(1, (this.#shares.get(table) ?? 0) + share));
  }

  end(tables: readonly TableName[]): void {
    // Many a table is known to differ after its first piece.
    for (const name of tables) this.#shares.set(name, 1);
  }

  read(): CopyProgress {
    const shares = [...this.#shares];
    const rowsOf = (name: TableName): number => this.#rows.get(name) ?? 0;
    return {
      rows: Math.floor(shares.reduce((sum, [name, share]) => sum + share * rowsOf(name), 0)),
      bytes: 0,
      rowsEstimate: [...this.#rows.values()].reduce((sum, rows) => sum + rows, 0),
      tablesDone: shares.filter(([, share]) => share === 1).length,
      tables: this.#rows.size,
      current: shares.flatMap(([name, share]) => (share < 1 ? [name] : [])),
    };
  }
}

/** While the work runs, reports what has changed since the last report. */
export const reportMeanwhile = async <Result>(
  progress: ComparisonProgress,
  clock: Clock,
  report: (progress: CopyProgress) => void,
  work: () => Promise<Result>,
): Promise<Result> => {
  const over = new AbortController();
  reportUntil(progress, clock, report, over.signal).catch(() => undefined);
  try {
    return await work();
  } finally {
    over.abort();
  }
};

/** Rejects when it is over. */
const reportUntil = async (
  progress: ComparisonProgress,
  clock: Clock,
  report: (progress: CopyProgress) => void,
  over: AbortSignal,
): Promise<void> => {
  for (let last = ''; ;) {
    await clock.sleep(REPORT_MILLISECONDS, over);
    over.throwIfAborted();
    const now = progress.read();
    const text = JSON.stringify(now);
    if (text !== last) report(now);
    last = text;
  }
};

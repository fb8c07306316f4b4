import type { TableName } from '../../../../core/names.js';
import type { CopyProgress } from '../../../../core/run/run-event.js';
import type { CopyTable } from '../../../../engine/ports/rows.js';

/** Reports are at least this far apart, but for the first and the last. */
const REPORT_MILLISECONDS = 100;

/** Adds up what the lanes do, and reports it as often as a display needs. */
export class ProgressMeter {
  readonly #report: (progress: CopyProgress) => void;
  readonly #tables: number;
  readonly #rowsEstimate: number;
  readonly #current = new Map<TableName, number>();
  readonly #timer: NodeJS.Timeout;
  #rows = 0;
  #bytes = 0;
  #tablesDone = 0;

  constructor(tables: readonly CopyTable[], report: (progress: CopyProgress) => void) {
    this.#report = report;
    this.#tables = tables.length;
    this.#rowsEstimate = tables.reduce((sum, { table }) => sum + table.rowsEstimate, 0);
    this.#timer = setInterval(() => report(this.#read()), REPORT_MILLISECONDS);
    report(this.#read());
  }

  add(rows: number, bytes: number): void {
    this.#rows += rows;
    this.#bytes += bytes;
  }

  /** While the work on a chunk of the table runs, the table is in flight. */
  async follow<Result>(table: TableName, work: () => Promise<Result>): Promise<Result> {
    this.#count(table, 1);
    try {
      return await work();
    } finally {
      this.#count(table, -1);
    }
  }

  tableDone(): void {
    this.#tablesDone += 1;
  }

  /** Call it once, whatever happened; the copy went well when every table is done. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#tablesDone === this.#tables) this.#report(this.#read());
  }

  #count(table: TableName, lanes: 1 | -1): void {
    const count = (this.#current.get(table) ?? 0) + lanes;
    if (count > 0) this.#current.set(table, count);
    else this.#current.delete(table);
  }

  #read(): CopyProgress {
    return {
      rows: this.#rows,
      bytes: this.#bytes,
      rowsEstimate: this.#rowsEstimate,
      tablesDone: this.#tablesDone,
      tables: this.#tables,
      current: [...this.#current.keys()],
    };
  }
}

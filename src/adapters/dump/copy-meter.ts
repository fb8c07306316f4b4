import type { CopyProgress } from '../../core/run/run-event.js';
import type { CopyTable } from '../../engine/ports/rows.js';
import type { DumpScanner } from './dump-scanner.js';
import type { Relay } from './relay.js';

/** Adds up what goes through the pipes of one copy, which run one after another. */
export class CopyMeter {
  readonly #pipes: { readonly scanner: DumpScanner; readonly relay: Relay }[] = [];
  readonly #tables: number;
  readonly #rowsEstimate: number;

  constructor(tables: readonly CopyTable[]) {
    this.#tables = tables.length;
    this.#rowsEstimate = tables.reduce((sum, { table }) => sum + table.rowsEstimate, 0);
  }

  /** Call it when a pipe starts; the ones before have ended then. */
  follow(scanner: DumpScanner, relay: Relay): void {
    this.#pipes.push({ scanner, relay });
  }

  /** The progress while the last pipe runs. */
  read(): CopyProgress {
    const current = this.#pipes.at(-1)?.scanner.current;
    return {
      ...this.#count(),
      tablesDone: this.#announced() - (current === undefined ? 0 : 1),
      current: current === undefined ? [] : [current],
    };
  }

  /** The progress when every pipe has ended well. */
  readDone(): CopyProgress {
    return { ...this.#count(), tablesDone: this.#tables, current: [] };
  }

  #announced(): number {
    return this.#pipes.reduce((sum, { scanner }) => sum + scanner.announced, 0);
  }

  #count(): Pick<CopyProgress, 'rows' | 'bytes' | 'rowsEstimate' | 'tables'> {
    return {
      rows: this.#pipes.reduce((sum, { scanner }) => sum + scanner.rows, 0),
      bytes: this.#pipes.reduce((sum, { relay }) => sum + relay.bytes, 0),
      rowsEstimate: this.#rowsEstimate,
      tables: this.#tables,
    };
  }
}

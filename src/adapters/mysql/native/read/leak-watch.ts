import { isMostlyText, readHints } from '../../../../core/mask/detector-hints.js';
import { DETECTORS, type Detector } from '../../../../core/mask/detector.js';
import { detect } from '../../../../core/mask/detectors.js';
import { type LeakScan, SAMPLED_ROWS, type ScanExtent } from '../../../../core/mask/leaks.js';
import type { RowSink, RowWriter } from '../wire/row-sink.js';

/** A column whose cells are looked at. */
export interface WatchedColumn {
  readonly name: string;
  readonly charset: string | undefined;
  /** It may hold pictures as well as text. */
  readonly isBinary: boolean;
  /** Its numbers are nobody's. */
  readonly areDigitsDrawn: boolean;
}

const NUMBERS = new Set<Detector>(['phone', 'card', 'iban', 'ip']);

/** Of a cell that arrives in parts: more than what a detector looks for is long, so that nothing is lost between two parts. */
const OVERLAP = 320;
const NOTHING = Buffer.alloc(0);

/** Character sets in which ASCII has bytes of zero between its letters. */
const isWide = (charset = ''): boolean => /^(?:ucs2|utf16|utf32)/.test(charset);

/**
 * Looks for personal data in the rows of one table on their way to the copy: they are in memory anyway, and their hash is
 * compared with that of the copy.
 */
export class LeakWatch {
  readonly #columns: readonly (WatchedColumn | undefined)[];
  readonly #every: number;
  #found = new Map<string, Map<Detector, number>>();
  #passed = 0;
  #rows = 0;
  #bytes = 0;

  /** In the order of the cells; undefined for those that are not looked at. */
  constructor(columns: readonly (WatchedColumn | undefined)[], extent: ScanExtent) {
    this.#columns = columns;
    this.#every = extent === 'full' ? 1 : SAMPLED_ROWS;
  }

  /** The rows come once more. */
  reset(): void {
    this.#found = new Map();
    this.#passed = 0;
    this.#rows = 0;
    this.#bytes = 0;
  }

  get scan(): LeakScan {
    const columns = this.#columns.flatMap((column) => column?.name ?? []);
    return {
      columns: columns.length,
      rows: this.#rows,
      bytes: this.#bytes,
      // In one order, whatever chunk was the first.
      leaks: columns.flatMap((column) =>
        DETECTORS.flatMap((kind) => {
          const rows = this.#found.get(column)?.get(kind);
          return rows === undefined ? [] : [{ column, kind, rows }];
        }),
      ),
    };
  }

  /** Passes everything on to the writer. */
  over(writer: RowWriter): RowWriter {
    const sink = new WatchingSink(
      this.#columns,
      (column, kinds) => this.#add(column, kinds),
      (bytes) => {
        this.#bytes += bytes;
      },
    );
    return {
      beginRow: (payloadBytes) => {
        const inner = writer.beginRow(payloadBytes);
        this.#passed += 1;
        if ((this.#passed - 1) % this.#every !== 0) return inner;
        this.#rows += 1;
        return sink.begin(inner);
      },
      get mustStop() {
        return writer.mustStop;
      },
      get isFull() {
        return writer.isFull;
      },
      whenReady: () => writer.whenReady(),
    };
  }

  #add({ name }: WatchedColumn, kinds: Iterable<Detector>): void {
    const counts = this.#found.get(name) ?? new Map<Detector, number>();
    this.#found.set(name, counts);
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
}

class WatchingSink implements RowSink {
  readonly #columns: readonly (WatchedColumn | undefined)[];
  readonly #onFound: (column: WatchedColumn, kinds: Iterable<Detector>) => void;
  readonly #onBytes: (bytes: number) => void;
  #inner: RowSink | undefined;
  #at = 0;
  /** Of the cell that arrives in parts. */
  #tail: Buffer = NOTHING;
  readonly #kinds = new Set<Detector>();

  constructor(
    columns: readonly (WatchedColumn | undefined)[],
    onFound: (column: WatchedColumn, kinds: Iterable<Detector>) => void,
    onBytes: (bytes: number) => void,
  ) {
    this.#columns = columns;
    this.#onFound = onFound;
    this.#onBytes = onBytes;
  }

  begin(inner: RowSink): RowSink {
    this.#inner = inner;
    this.#at = 0;
    return this;
  }

  nullCell(): void {
    this.#at += 1;
    this.#inner?.nullCell();
  }

  cell(chunk: Buffer, start: number, from: number, to: number): void {
    const column = this.#columns[this.#at];
    this.#at += 1;
    if (column) {
      this.#onBytes(to - from);
      const kinds = findIn(column, chunk, from, to);
      if (kinds.length > 0) this.#onFound(column, kinds);
    }
    this.#inner?.cell(chunk, start, from, to);
  }

  openCell(prefix: Buffer): void {
    this.#tail = NOTHING;
    this.#kinds.clear();
    this.#inner?.openCell(prefix);
  }

  part(chunk: Buffer, from: number, to: number): void {
    const column = this.#columns[this.#at];
    if (column) {
      this.#onBytes(to - from);
      const bytes = Buffer.concat([this.#tail, chunk.subarray(from, to)]);
      for (const kind of findIn(column, bytes, 0, bytes.length)) this.#kinds.add(kind);
      this.#tail = bytes.subarray(-OVERLAP);
    }
    this.#inner?.part(chunk, from, to);
  }

  closeCell(): void {
    const column = this.#columns[this.#at];
    this.#at += 1;
    if (column && this.#kinds.size > 0) this.#onFound(column, this.#kinds);
    this.#inner?.closeCell();
  }

  endRow(): void {
    this.#inner?.endRow();
  }
}

const findIn = (column: WatchedColumn, chunk: Buffer, from: number, to: number): readonly Detector[] => {
  const found = detectIn(column, chunk, from, to);
  return column.areDigitsDrawn ? found.filter((detector) => !NUMBERS.has(detector)) : found;
};

const detectIn = (
  { charset, isBinary }: WatchedColumn,
  chunk: Buffer,
  from: number,
  to: number,
): readonly Detector[] => {
  if (isWide(charset)) {
    const narrow = Buffer.from(chunk.subarray(from, to).filter((byte) => byte !== 0));
    return detect(narrow.toString('latin1'), readHints(narrow, 0, narrow.length));
  }
  if (isBinary && !isMostlyText(chunk, from, to)) return [];
  const hints = readHints(chunk, from, to);
  return hints === 0 ? [] : detect(chunk.toString('latin1', from, to), hints);
};

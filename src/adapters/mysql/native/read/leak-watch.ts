import { isMostlyText, readHints } from '../../../../core/mask/detector-hints.js';
import { DETECTORS, type Detector } from '../../../../core/mask/detector.js';
import { detect, findValues } from '../../../../core/mask/detectors.js';
import { MOST_PROBES, hashProbe, normalizeProbe, probeFormOf } from '../../../../core/mask/leak-probe.js';
import { type LeakScan, SAMPLED_ROWS, type ScanExtent } from '../../../../core/mask/leaks.js';
import type { Secret } from '../../../../core/secret.js';
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
  readonly #key: Secret | undefined;
  #found = new Map<string, Map<Detector, Finding>>();
  #passed = 0;
  #rows = 0;
  readonly #watched = { bytes: 0 };

  /** In the order of the cells; undefined for those that are not looked at. */
  constructor(columns: readonly (WatchedColumn | undefined)[], extent: ScanExtent, key: Secret | undefined) {
    this.#columns = columns;
    this.#key = key;
    this.#every = extent === 'full' ? 1 : SAMPLED_ROWS;
  }

  /** The rows come once more. */
  reset(): void {
    this.#found = new Map();
    this.#passed = 0;
    this.#rows = 0;
    this.#watched.bytes = 0;
  }

  get scan(): LeakScan {
    const columns = this.#columns.flatMap((column) => column?.name ?? []);
    return {
      columns: columns.length,
      rows: this.#rows,
      bytes: this.#watched.bytes,
      // In one order, whatever chunk was the first.
      leaks: columns.flatMap((column) =>
        DETECTORS.flatMap((kind) => {
          const found = this.#found.get(column)?.get(kind);
          return found ? [{ column, kind, rows: found.rows, ...this.#hash(found) }] : [];
        }),
      ),
    };
  }

  /** Passes everything on to the writer. */
  over(writer: RowWriter = NOWHERE): RowWriter {
    const sink = new WatchingSink(
      this.#columns,
      (column, kinds) => this.#count(column, kinds),
      (column, found) => this.#collect(column, found),
      this.#watched,
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

  #findingOf({ name }: WatchedColumn, kind: Detector): Finding {
    const kinds = this.#found.get(name) ?? new Map<Detector, Finding>();
    this.#found.set(name, kinds);
    const finding = kinds.get(kind) ?? { rows: 0, values: new Set() };
    kinds.set(kind, finding);
    return finding;
  }

  #count(column: WatchedColumn, kinds: Iterable<Detector>): void {
    for (const kind of kinds) this.#findingOf(column, kind).rows += 1;
  }

  #collect(column: WatchedColumn, { kinds, text }: Found): void {
    for (const kind of kinds) {
      const { values } = this.#findingOf(column, kind);
      const form = probeFormOf(kind);
      if (form === undefined || values.size >= MOST_PROBES) continue;
      for (const value of findValues(text, kind)) {
        if (values.size >= MOST_PROBES) break;
        values.add(normalizeProbe(form, value));
      }
    }
  }

  #hash({ values }: Finding): { readonly probes?: readonly string[] } {
    const key = this.#key;
    return key && values.size > 0 ? { probes: [...values].map((value) => hashProbe(key, value)) } : {};
  }
}

/** For rows that are only looked at. */
const NO_ROW: RowSink = {
  nullCell: () => undefined,
  cell: () => undefined,
  openCell: () => undefined,
  part: () => undefined,
  closeCell: () => undefined,
  endRow: () => undefined,
};
const NOWHERE: RowWriter = {
  beginRow: () => NO_ROW,
  mustStop: false,
  isFull: false,
  whenReady: () => Promise.resolve(),
};

/** Of one kind in one column. The values stay here. */
interface Finding {
  rows: number;
  readonly values: Set<string>;
}

/** What a cell, or a part of one, has. */
interface Found {
  readonly kinds: readonly Detector[];
  readonly text: string;
}

class WatchingSink implements RowSink {
  readonly #columns: readonly (WatchedColumn | undefined)[];
  readonly #onCell: (column: WatchedColumn, kinds: Iterable<Detector>) => void;
  readonly #onFound: (column: WatchedColumn, found: Found) => void;
  readonly #watched: { bytes: number };
  #inner: RowSink | undefined;
  #at = 0;
  /** Of the cell that arrives in parts. */
  #tail: Buffer = NOTHING;
  readonly #kinds = new Set<Detector>();

  constructor(
    columns: readonly (WatchedColumn | undefined)[],
    onCell: (column: WatchedColumn, kinds: Iterable<Detector>) => void,
    onFound: (column: WatchedColumn, found: Found) => void,
    watched: { bytes: number },
  ) {
    this.#columns = columns;
    this.#onCell = onCell;
    this.#onFound = onFound;
    this.#watched = watched;
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
      this.#watched.bytes += to - from;
      const found = findIn(column, chunk, from, to);
      if (found !== NOTHING_FOUND) {
        this.#onCell(column, found.kinds);
        this.#onFound(column, found);
      }
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
      this.#watched.bytes += to - from;
      const bytes = Buffer.concat([this.#tail, chunk.subarray(from, to)]);
      const found = findIn(column, bytes, 0, bytes.length);
      for (const kind of found.kinds) this.#kinds.add(kind);
      if (found !== NOTHING_FOUND) this.#onFound(column, found);
      this.#tail = bytes.subarray(-OVERLAP);
    }
    this.#inner?.part(chunk, from, to);
  }

  closeCell(): void {
    const column = this.#columns[this.#at];
    this.#at += 1;
    if (column && this.#kinds.size > 0) this.#onCell(column, this.#kinds);
    this.#inner?.closeCell();
  }

  endRow(): void {
    this.#inner?.endRow();
  }
}

const NOTHING_FOUND: Found = { kinds: [], text: '' };

const findIn = (column: WatchedColumn, chunk: Buffer, from: number, to: number): Found => {
  if (isWide(column.charset)) {
    const narrow = Buffer.from(chunk.subarray(from, to).filter((byte) => byte !== 0));
    return findInAscii(column, narrow, 0, narrow.length);
  }
  return column.isBinary && !isMostlyText(chunk, from, to)
    ? NOTHING_FOUND
    : findInAscii(column, chunk, from, to);
};

const findInAscii = (column: WatchedColumn, bytes: Buffer, from: number, to: number): Found => {
  const hints = readHints(bytes, from, to);
  if (hints === 0) return NOTHING_FOUND;
  const text = bytes.toString('latin1', from, to);
  const all = detect(text, hints);
  const kinds = column.areDigitsDrawn ? all.filter((kind) => !NUMBERS.has(kind)) : all;
  return kinds.length > 0 ? { kinds, text } : NOTHING_FOUND;
};

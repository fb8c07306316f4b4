import { type OutputBuffer, type RowEncoder, append } from './output-buffer.js';

const TAB = 0x09;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;

/**
 * Lines for LOAD DATA with `FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n'`: a backslash goes before
 * each of these three bytes, and NULL is `\N`. Byte by byte, which is right for every character set because the
 * statement says `CHARACTER SET binary`.
 */
export class TsvEncoder implements RowEncoder {
  readonly #out: OutputBuffer;
  readonly #columns: number;
  readonly #finder = new EscapeFinder();
  #column = 0;

  constructor(out: OutputBuffer, columns: number) {
    this.#out = out;
    this.#columns = columns;
  }

  worstRowBytes(payloadBytes: number): number {
    return 2 * payloadBytes + 2 * this.#columns + 1;
  }

  nullCell(): void {
    this.#out.reserve(3);
    this.#separate();
    const { bytes } = this.#out;
    bytes[this.#out.at++] = BACKSLASH;
    bytes[this.#out.at++] = UPPER_N;
  }

  cell(chunk: Buffer, _start: number, from: number, to: number): void {
    this.#separate();
    this.#escape(chunk, from, to);
  }

  openCell(): void {
    this.#out.reserve(1);
    this.#separate();
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#out.reserve(2 * (to - from));
    this.#escape(chunk, from, to);
  }

  closeCell(): void {
    // The next cell or the end of the row says where it ends.
  }

  endRow(): void {
    this.#out.reserve(1);
    this.#out.bytes[this.#out.at++] = NEWLINE;
    this.#column = 0;
    this.#out.endRow();
  }

  #escape(chunk: Buffer, from: number, to: number): void {
    if (to - from < SHORT_BYTES) escapeShort(this.#out, chunk, from, to);
    else escapeLong(this.#out, chunk, from, to, this.#finder);
  }

  #separate(): void {
    if (this.#column > 0) this.#out.bytes[this.#out.at++] = TAB;
    this.#column += 1;
  }
}

/** Cells below this length are looked through by hand. */
const SHORT_BYTES = 32;

/**
 * Where the next byte to escape is in a chunk, found by the search of the runtime, which is many times faster than a
 * loop: most cells have none, and of a long one nothing is looked at twice.
 */
class EscapeFinder {
  #chunk: Buffer | undefined;
  #from = 0;
  #backslash = 0;
  #newline = 0;
  #tab = 0;

  /** At `from` or behind it; Infinity where there is none. */
  next(chunk: Buffer, from: number): number {
    if (chunk !== this.#chunk || from < this.#from) {
      this.#chunk = chunk;
      this.#backslash = this.#newline = this.#tab = -1;
    }
    this.#from = from;
    if (this.#backslash < from) this.#backslash = find(chunk, BACKSLASH, from);
    if (this.#newline < from) this.#newline = find(chunk, NEWLINE, from);
    if (this.#tab < from) this.#tab = find(chunk, TAB, from);
    return Math.min(this.#backslash, this.#newline, this.#tab);
  }
}

const find = (chunk: Buffer, byte: number, from: number): number => {
  const at = chunk.indexOf(byte, from);
  return at === -1 ? Infinity : at;
};

const escapeShort = (out: OutputBuffer, chunk: Buffer, from: number, to: number): void => {
  const { bytes } = out;
  let { at } = out;
  for (let index = from; index < to; index += 1) {
    const byte = chunk[index] as number;
    if (byte === BACKSLASH || byte === NEWLINE || byte === TAB) bytes[at++] = BACKSLASH;
    bytes[at++] = byte;
  }
  out.at = at;
};

const escapeLong = (
  out: OutputBuffer,
  chunk: Buffer,
  from: number,
  to: number,
  finder: EscapeFinder,
): void => {
  let clean = from;
  for (let next = finder.next(chunk, from); next < to; next = finder.next(chunk, next + 1)) {
    append(out, chunk, clean, next);
    out.bytes[out.at++] = BACKSLASH;
    clean = next;
  }
  append(out, chunk, clean, to);
};

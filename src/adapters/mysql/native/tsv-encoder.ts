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
    escapeInto(this.#out, chunk, from, to);
  }

  openCell(): void {
    this.#out.reserve(1);
    this.#separate();
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#out.reserve(2 * (to - from));
    escapeInto(this.#out, chunk, from, to);
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

  #separate(): void {
    if (this.#column > 0) this.#out.bytes[this.#out.at++] = TAB;
    this.#column += 1;
  }
}

/** Most cells have nothing to escape: they are looked through first, which is faster than looking while copying. */
const escapeInto = (out: OutputBuffer, chunk: Buffer, from: number, to: number): void => {
  let clean = from;
  for (let index = from; index < to; index += 1) {
    const byte = chunk[index] as number;
    if (byte > BACKSLASH || (byte !== BACKSLASH && byte !== NEWLINE && byte !== TAB)) continue;
    append(out, chunk, clean, index);
    out.bytes[out.at++] = BACKSLASH;
    out.bytes[out.at++] = byte;
    clean = index + 1;
  }
  append(out, chunk, clean, to);
};

import { type OutputBuffer, type RowEncoder, append } from './output-buffer.js';

/**
 * How a cell becomes a literal. `number`: its digits. `quoted`: its digits as text, for a DOUBLE, whose -0 is an integer
 * and loses its sign without quotes. `bytes`: hexadecimal, which the server stores without a
 * conversion. `text`: hexadecimal that is said to be UTF-8, for types that refuse binary strings.
 */
export type LiteralKind = 'number' | 'quoted' | 'bytes' | 'text';

const literal = (text: string): Buffer => Buffer.from(text, 'latin1');
const COMMA = literal(',');
const NULL = literal('NULL');
const EMPTY = literal("''");
const OPENING: Readonly<Record<LiteralKind, Buffer>> = {
  number: literal(''),
  quoted: literal("'"),
  bytes: literal('0x'),
  text: literal('CONVERT(0x'),
};
const CLOSING: Readonly<Record<LiteralKind, Buffer>> = {
  number: literal(''),
  quoted: literal("'"),
  bytes: literal(''),
  text: literal(' USING utf8mb4)'),
};
/** Separator, opening and closing of the longest kind. */
const WORST_CELL_BYTES = 32;

/** The cells of a row between the parentheses of `INSERT ... VALUES (...)`. */
export class ValuesEncoder implements RowEncoder {
  readonly #out: OutputBuffer;
  readonly #kinds: readonly LiteralKind[];
  #column = 0;
  #isEmpty = false;

  constructor(out: OutputBuffer, kinds: readonly LiteralKind[]) {
    this.#out = out;
    this.#kinds = kinds;
  }

  worstRowBytes(payloadBytes: number): number {
    return 2 * payloadBytes + WORST_CELL_BYTES * (this.#kinds.length + 1);
  }

  nullCell(): void {
    this.#separate();
    this.#add(NULL);
  }

  cell(chunk: Buffer, _start: number, from: number, to: number): void {
    const kind = this.#separate();
    if (from === to) this.#add(EMPTY);
    else {
      this.#add(OPENING[kind]);
      this.#addCell(kind, chunk, from, to);
      this.#add(CLOSING[kind]);
    }
  }

  openCell(prefix: Buffer): void {
    const kind = this.#separate();
    this.#add(prefix[0] === 0 ? EMPTY : OPENING[kind]);
    this.#isEmpty = prefix[0] === 0;
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#out.reserve(2 * (to - from));
    this.#addCell(this.#kindOf(this.#column - 1), chunk, from, to);
  }

  closeCell(): void {
    if (!this.#isEmpty) this.#add(CLOSING[this.#kindOf(this.#column - 1)]);
  }

  endRow(): void {
    this.#column = 0;
    this.#out.endRow();
  }

  #kindOf(column: number): LiteralKind {
    return this.#kinds[column] ?? 'bytes';
  }

  #separate(): LiteralKind {
    if (this.#column > 0) this.#add(COMMA);
    this.#column += 1;
    return this.#kindOf(this.#column - 1);
  }

  #add(text: Buffer): void {
    this.#out.reserve(text.length);
    append(this.#out, text, 0, text.length);
  }

  #addCell(kind: LiteralKind, chunk: Buffer, from: number, to: number): void {
    if (kind === 'number' || kind === 'quoted') append(this.#out, chunk, from, to);
    else appendHex(this.#out, chunk, from, to);
  }
}

const DIGITS = literal('0123456789abcdef');

const appendHex = (out: OutputBuffer, chunk: Buffer, from: number, to: number): void => {
  const { bytes } = out;
  let { at } = out;
  for (let index = from; index < to; index += 1) {
    const byte = chunk[index] as number;
    bytes[at++] = DIGITS[byte >>> 4] as number;
    bytes[at++] = DIGITS[byte & 0xf] as number;
  }
  out.at = at;
};

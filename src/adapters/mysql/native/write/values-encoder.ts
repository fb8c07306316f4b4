import type { LiteralKind, NumberKind } from '../../../../core/sql/column-types.js';
import { NUMBER_START, NUMBER_STATES, isWholeNumber } from './number-grammar.js';
import { type OutputBuffer, type RowEncoder, append } from './output-buffer.js';

export interface LiteralColumn {
  readonly name: string;
  readonly literal: LiteralKind;
}

const literal = (text: string): Buffer => Buffer.from(text, 'latin1');
const COMMA = literal(',');
const NULL = literal('NULL');
const EMPTY = literal("''");
const OPENING: Readonly<Record<LiteralKind, Buffer>> = {
  integer: literal(''),
  decimal: literal(''),
  float: literal("'"),
  bytes: literal('0x'),
  text: literal('CONVERT(0x'),
};
const CLOSING: Readonly<Record<LiteralKind, Buffer>> = {
  integer: literal(''),
  decimal: literal(''),
  float: literal("'"),
  bytes: literal(''),
  text: literal(' USING utf8mb4)'),
};
/** Separator, opening and closing of the longest kind. */
const WORST_CELL_BYTES = 32;

/**
 * The cells of a row between the parentheses of `INSERT ... VALUES (...)`. Numbers are the only bytes that go into the
 * statement as they came, and only when they are numbers.
 */
export class ValuesEncoder implements RowEncoder {
  readonly #out: OutputBuffer;
  readonly #columns: readonly LiteralColumn[];
  #column = 0;
  #kind: LiteralKind = 'bytes';
  #isEmpty = false;
  #numberState = NUMBER_START;

  constructor(out: OutputBuffer, columns: readonly LiteralColumn[]) {
    this.#out = out;
    this.#columns = columns;
  }

  worstRowBytes(payloadBytes: number): number {
    return 2 * payloadBytes + WORST_CELL_BYTES * (this.#columns.length + 1);
  }

  nullCell(): void {
    this.#separate();
    this.#add(NULL);
  }

  /** @throws when it is not the number that it should be */
  cell(chunk: Buffer, _start: number, from: number, to: number): void {
    this.#open(from === to);
    this.#addCell(chunk, from, to);
    this.closeCell();
  }

  openCell(prefix: Buffer): void {
    this.#open(prefix[0] === 0);
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#out.reserve(2 * (to - from));
    this.#addCell(chunk, from, to);
  }

  /** @throws when the cell is not the number that it should be */
  closeCell(): void {
    const kind = this.#kind;
    if (isNumber(kind) && !isWholeNumber(kind, this.#numberState)) throw this.#refuse(kind);
    if (!this.#isEmpty) this.#add(CLOSING[kind]);
  }

  endRow(): void {
    this.#column = 0;
    this.#out.endRow();
  }

  #separate(): void {
    if (this.#column > 0) this.#add(COMMA);
    this.#kind = this.#columns[this.#column]?.literal ?? 'bytes';
    this.#column += 1;
  }

  #open(isEmpty: boolean): void {
    this.#separate();
    this.#isEmpty = isEmpty;
    this.#numberState = NUMBER_START;
    this.#add(isEmpty ? EMPTY : OPENING[this.#kind]);
  }

  #add(text: Buffer): void {
    this.#out.reserve(text.length);
    append(this.#out, text, 0, text.length);
  }

  #addCell(chunk: Buffer, from: number, to: number): void {
    if (isNumber(this.#kind)) this.#numberState = appendNumber(this.#out, chunk, from, to, this.#numberState);
    else appendHex(this.#out, chunk, from, to);
  }

  /** Without its bytes: they are the data of somebody. */
  #refuse(kind: NumberKind): Error {
    const name = this.#columns[this.#column - 1]?.name ?? '';
    return new Error(`column ${name}: the source sent something other than ${NUMBER_NAMES[kind]}`);
  }
}

const NUMBER_NAMES: Readonly<Record<NumberKind, string>> = {
  integer: 'an integer',
  decimal: 'a decimal number',
  float: 'a floating point number',
};

const isNumber = (kind: LiteralKind): kind is NumberKind => kind !== 'bytes' && kind !== 'text';

/** Appends what may be a part of a number, and returns the state after it. */
const appendNumber = (
  out: OutputBuffer,
  chunk: Buffer,
  from: number,
  to: number,
  stateBefore: number,
): number => {
  const { bytes } = out;
  let { at } = out;
  let state = stateBefore;
  for (let index = from; index < to; index += 1) {
    const byte = chunk[index] as number;
    state = NUMBER_STATES[(state << 8) | byte] as number;
    bytes[at++] = byte;
  }
  out.at = at;
  return state;
};

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

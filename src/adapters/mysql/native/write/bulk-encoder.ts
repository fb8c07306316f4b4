import { type OutputBuffer, type RowEncoder, append } from './output-buffer.js';

const VALUE = 0;
const NULL = 1;

/**
 * The parameters of MariaDB's COM_STMT_BULK_EXECUTE: before each cell a byte that says whether it is NULL, and then
 * the cell as it came, length prefix and all. No byte needs to be looked at.
 */
export class BulkEncoder implements RowEncoder {
  readonly #out: OutputBuffer;
  readonly #columns: number;

  constructor(out: OutputBuffer, columns: number) {
    this.#out = out;
    this.#columns = columns;
  }

  worstRowBytes(payloadBytes: number): number {
    return payloadBytes + this.#columns;
  }

  nullCell(): void {
    this.#out.reserve(1);
    this.#out.bytes[this.#out.at++] = NULL;
  }

  cell(chunk: Buffer, start: number, _from: number, to: number): void {
    this.#out.bytes[this.#out.at++] = VALUE;
    append(this.#out, chunk, start, to);
  }

  openCell(prefix: Buffer): void {
    this.#out.reserve(1 + prefix.length);
    this.cell(prefix, 0, 0, prefix.length);
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#out.reserve(to - from);
    append(this.#out, chunk, from, to);
  }

  closeCell(): void {
    // The length prefix has said where the cell ends.
  }

  endRow(): void {
    this.#out.endRow();
  }
}

import { NULL_CELL, readLength } from '../../protocol/packets.js';
import type { RowSink, RowWriter } from '../wire/row-sink.js';

/** Rows that are held in memory as the bytes that carried them, to be compared with others. */
export class RowList implements RowWriter, RowSink {
  readonly mustStop = false;
  readonly isFull = false;
  #keyCells = 0;
  #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;
  #cells = 0;
  #held: Buffer | undefined;
  #heldFrom = 0;
  #heldTo = 0;
  #keyEnds: number[] = [];
  #ends: number[] = [];

  /** Forgets its rows, and keeps the memory for others, of each of which the first cells are its key. */
  clear(keyCells: number): void {
    this.#keyCells = keyCells;
    this.#length = 0;
    this.#keyEnds = [];
    this.#ends = [];
  }

  get length(): number {
    return this.#ends.length;
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  beginRow(payloadBytes: number): RowSink {
    this.#reserve(payloadBytes);
    this.#cells = 0;
    return this;
  }

  nullCell(): void {
    if (this.#held) this.#heldTo += 1;
    else {
      this.#reserve(1);
      this.#bytes[this.#length] = NULL_CELL;
      this.#length += 1;
    }
    this.#endCell();
  }

  /** The cells of a row that is whole lie side by side, and are taken together at its end. */
  cell(chunk: Buffer, start: number, _from: number, to: number): void {
    if (!this.#held) {
      this.#held = chunk;
      this.#heldFrom = start;
    }
    this.#heldTo = to;
    this.#endCell();
  }

  openCell(prefix: Buffer): void {
    this.part(prefix, 0, prefix.length);
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#reserve(to - from);
    this.#length += chunk.copy(this.#bytes, this.#length, from, to);
  }

  closeCell(): void {
    this.#endCell();
  }

  endRow(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.part(held, this.#heldFrom, this.#heldTo);
    this.#ends.push(this.#length);
  }

  /** The cells of a key, null for NULL. */
  readKey(row: number): readonly (Buffer | null)[] {
    return readCells(this.#bytes, this.#startOf(row), this.#keyEnds[row] ?? 0);
  }

  isSameKey(row: number, other: RowList): boolean {
    return this.#isSame(row, this.#keyEnds[row] ?? 0, other, other.#keyEnds[row] ?? 0);
  }

  isSameRow(row: number, other: RowList): boolean {
    return this.#isSame(row, this.#ends[row] ?? 0, other, other.#ends[row] ?? 0);
  }

  /** Different for different rows. */
  describeRow(row: number): string {
    return this.#bytes.toString('latin1', this.#startOf(row), this.#ends[row]);
  }

  #isSame(row: number, end: number, other: RowList, otherEnd: number): boolean {
    const [from, otherFrom] = [this.#startOf(row), other.#startOf(row)];
    return (
      end - from === otherEnd - otherFrom &&
      this.#bytes.compare(other.#bytes, otherFrom, otherEnd, from, end) === 0
    );
  }

  #startOf(row: number): number {
    return row === 0 ? 0 : (this.#ends[row - 1] ?? 0);
  }

  #endCell(): void {
    this.#cells += 1;
    if (this.#cells !== this.#keyCells) return;
    this.#keyEnds.push(this.#length + (this.#held ? this.#heldTo - this.#heldFrom : 0));
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Cells with the lengths that carried them. */
const readCells = (bytes: Buffer, start: number, end: number): readonly (Buffer | null)[] => {
  const cells: (Buffer | null)[] = [];
  let at = start;
  while (at < end) {
    if (bytes[at] === NULL_CELL) {
      cells.push(null);
      at += 1;
      continue;
    }
    const length = readLength(bytes, at, end);
    at = length.end + length.value;
    cells.push(bytes.subarray(length.end, at));
  }
  return cells;
};

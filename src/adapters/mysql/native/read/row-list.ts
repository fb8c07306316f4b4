import { createHash } from 'node:crypto';
import { MalformedReply } from '../../protocol/malformed-reply.js';
import {
  HEADER_BYTES,
  NULL_CELL,
  longCellError,
  readLength,
  readPacketLength,
} from '../../protocol/packets.js';
import type { PacketTaker } from './row-decoder.js';

/** Rows that are held in memory as the packets that carried them, to be compared with others. */
export class RowList implements PacketTaker {
  #keyCells = 0;
  #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;
  /** Where the packet of each row begins, and where that of the last one ends. */
  #starts = new Uint32Array(1_024);
  #rows = 0;
  #isCut = false;

  /** Forgets its rows, and keeps the memory for others, of each of which the first cells are its key. */
  clear(keyCells: number): void {
    this.#keyCells = keyCells;
    this.#length = 0;
    this.#rows = 0;
    this.#isCut = false;
  }

  /** Whether there was more than is held in memory, so that the list is of no use. */
  get isCut(): boolean {
    return this.#isCut;
  }

  update(packets: Buffer): void {
    const length = this.#length + packets.length;
    this.#isCut ||= length > MOST_BYTES;
    if (this.#isCut) return;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    packets.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** Of the packets, in their order. */
  hash(): string {
    return createHash('sha256').update(this.#bytes.subarray(0, this.#length)).digest('hex');
  }

  /** Whether the other list has the same packets in the same order, so that no row has to be found. */
  hasSamePackets(other: RowList): boolean {
    return (
      this.#length === other.#length &&
      this.#bytes.compare(other.#bytes, 0, other.#length, 0, this.#length) === 0
    );
  }

  /** Finds its rows, which are so many. Their numbers on the wire are forgotten. @throws MalformedReply */
  findRows(rows: number): void {
    if (this.#starts.length <= rows) this.#starts = new Uint32Array(rows * 2);
    let at = 0;
    let row = 0;
    for (; row < rows && at < this.#length; row += 1) {
      this.#starts[row] = at;
      this.#bytes[at + 3] = 0;
      at += HEADER_BYTES + readPacketLength(this.#bytes, at);
    }
    if (row !== rows || at !== this.#length)
      throw new MalformedReply('a row that is larger than its table allows');
    this.#starts[rows] = at;
    this.#rows = rows;
  }

  get rows(): number {
    return this.#rows;
  }

  /** How many rows from this one on are those of the other list from that one on: all, or a few that are found with little effort. */
  countSame(row: number, other: RowList, otherRow: number): number {
    const most = Math.max(0, Math.min(BLOCK_ROWS, this.#rows - row, other.#rows - otherRow));
    if (this.#areSame(row, most, other, otherRow)) return most;
    let same = 0;
    while (same < most && this.#areSame(row + same, 1, other, otherRow + same)) same += 1;
    return same;
  }

  isSameKey(row: number, other: RowList, otherRow: number): boolean {
    const [from, to] = [this.#startOf(row) + HEADER_BYTES, this.#keyEndOf(row)];
    const [otherFrom, otherTo] = [other.#startOf(otherRow) + HEADER_BYTES, other.#keyEndOf(otherRow)];
    return (
      to - from === otherTo - otherFrom &&
      this.#bytes.compare(other.#bytes, otherFrom, otherTo, from, to) === 0
    );
  }

  /** The cells of a key, null for NULL. */
  readKey(row: number): readonly (Buffer | null)[] {
    const cells: (Buffer | null)[] = [];
    const end = this.#keyEndOf(row);
    let at = this.#startOf(row) + HEADER_BYTES;
    while (at < end) {
      const isNull = this.#bytes[at] === NULL_CELL;
      const from = isNull ? at + 1 : readLength(this.#bytes, at, end).end;
      at = endOfCell(this.#bytes, at, end);
      cells.push(isNull ? null : this.#bytes.subarray(from, at));
    }
    return cells;
  }

  /** Different for different rows. */
  describeRow(row: number): string {
    return this.#bytes.toString('latin1', this.#startOf(row), this.#startOf(row + 1));
  }

  #areSame(row: number, rows: number, other: RowList, otherRow: number): boolean {
    const [from, to, otherFrom] = [this.#startOf(row), this.#startOf(row + rows), other.#startOf(otherRow)];
    const otherTo = otherFrom + to - from;
    return otherTo <= other.#length && this.#bytes.compare(other.#bytes, otherFrom, otherTo, from, to) === 0;
  }

  #startOf(row: number): number {
    return this.#starts[row] ?? 0;
  }

  /** @throws MalformedReply where the row has fewer cells */
  #keyEndOf(row: number): number {
    const end = this.#startOf(row + 1);
    let at = this.#startOf(row) + HEADER_BYTES;
    for (let cell = 0; cell < this.#keyCells; cell += 1) at = endOfCell(this.#bytes, at, end);
    return at;
  }
}

/** Several times what is to be listed at once: a table has rows of all lengths. */
const MOST_BYTES = 8_388_608;

/** So many rows are compared at once. */
const BLOCK_ROWS = 16;

const endOfCell = (bytes: Buffer, at: number, limit: number): number => {
  const first = bytes[at] ?? 0;
  if (at < limit && first === NULL_CELL) return at + 1;
  const { end, value } = readLength(bytes, at, limit);
  if (end + value > limit) throw longCellError();
  return end + value;
};

import {
  LONGEST_PACKET,
  MOST_CELL_BYTES,
  NULL_CELL,
  cellCountError,
  lengthBytes,
  longCellError,
  readLength,
} from '../../protocol/packets.js';
import type { RowSink } from '../wire/row-sink.js';

/** Passes the cells of a row that is whole. @throws MalformedReply when they are not so many, or end elsewhere */
export const passCells = (
  chunk: Buffer,
  start: number,
  end: number,
  columns: number,
  sink: RowSink,
): void => {
  let at = start;
  let cells = 0;
  while (at < end) {
    cells += 1;
    if (cells > columns) throw cellCountError(cells);
    const first = chunk[at] as number;
    if (first < NULL_CELL) {
      const to = at + 1 + first;
      if (to > end) throw longCellError();
      sink.cell(chunk, at, at + 1, to);
      at = to;
    } else if (first === NULL_CELL) {
      sink.nullCell();
      at += 1;
    } else {
      const length = readLength(chunk, at, end);
      const to = length.end + length.value;
      if (to > end) throw longCellError();
      sink.cell(chunk, at, length.end, to);
      at = to;
    }
  }
  if (cells !== columns) throw cellCountError(cells);
  sink.endRow();
};

/** A row that comes in parts, over one packet or many. */
export class LargeRow {
  /** What is missing of the packet in flight. */
  packetBytes = 0;
  isContinued = false;
  readonly #sink: RowSink | undefined;
  readonly #prefix = Buffer.alloc(9);
  readonly #columns: number;
  #prefixBytes = 0;
  #cellBytes = 0;
  #cells = 0;

  constructor(columns: number, sink: RowSink | undefined) {
    this.#columns = columns;
    this.#sink = sink;
  }

  open(length: number): void {
    this.packetBytes = length;
    this.isContinued = length === LONGEST_PACKET;
  }

  feed(chunk: Buffer, start: number, end: number): void {
    this.packetBytes -= end - start;
    if (!this.#sink) return;
    let at = start;
    while (at < end)
      at =
        this.#cellBytes > 0
          ? this.#feedCell(this.#sink, chunk, at, end)
          : this.#feedPrefix(this.#sink, chunk[at] ?? 0, at);
  }

  /** @throws MalformedReply */
  end(): void {
    if (!this.#sink) return;
    if (this.#cellBytes > 0 || this.#prefixBytes > 0) throw longCellError();
    if (this.#cells !== this.#columns) throw cellCountError(this.#cells);
    this.#sink.endRow();
  }

  #feedCell(sink: RowSink, chunk: Buffer, at: number, end: number): number {
    const to = Math.min(end, at + this.#cellBytes);
    sink.part(chunk, at, to);
    this.#cellBytes -= to - at;
    if (this.#cellBytes === 0) sink.closeCell();
    return to;
  }

  #feedPrefix(sink: RowSink, byte: number, at: number): number {
    if (this.#prefixBytes === 0) {
      this.#cells += 1;
      if (this.#cells > this.#columns) throw cellCountError(this.#cells);
    }
    if (this.#prefixBytes === 0 && byte === NULL_CELL) {
      sink.nullCell();
      return at + 1;
    }
    this.#prefix[this.#prefixBytes] = byte;
    this.#prefixBytes += 1;
    if (this.#prefixBytes === lengthBytes(this.#prefix[0] ?? 0)) {
      this.#cellBytes = readLength(this.#prefix, 0, this.#prefixBytes).value;
      if (this.#cellBytes > MOST_CELL_BYTES) throw longCellError();
      sink.openCell(this.#prefix.subarray(0, this.#prefixBytes));
      this.#prefixBytes = 0;
      if (this.#cellBytes === 0) sink.closeCell();
    }
    return at + 1;
  }
}

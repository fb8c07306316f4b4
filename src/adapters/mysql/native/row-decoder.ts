import type { Hash } from 'node:crypto';
import {
  EOF,
  ERROR,
  HEADER_BYTES,
  LONGEST_PACKET,
  NULL_CELL,
  lengthBytes,
  readError,
  readLength,
} from './packets.js';
import { LARGE_ROW_BYTES, type RowSink, type RowWriter } from './row-sink.js';

const SHORTEST_ROW_AFTER_EOF_BYTE = 9;

/**
 * Reads what a server answers to one SELECT (text protocol, EOF packets) out of chunks that end anywhere, and passes
 * the cells on where they lie, without making a string or an object of any.
 */
export class RowDecoder {
  rows = 0;
  /** Of the rows' packets, headers included. */
  bytes = 0;
  isEnded = false;
  readonly #writer: RowWriter | undefined;
  readonly #hash: Hash | undefined;
  #isInRows = false;
  /** The start of a packet whose end has not come yet. */
  #carried: Buffer[] = [];
  #carriedBytes = 0;
  #large: LargeRow | undefined;
  /** What came after the row at which the writer had to stop. */
  #held: Buffer | undefined;

  /** Without a writer rows are counted and hashed only. The hash is of the rows' packets, in their order. */
  constructor(writer: RowWriter | undefined, hash?: Hash) {
    this.#writer = writer;
    this.#hash = hash;
  }

  /** Nothing of the chunk is kept. @throws the server's error */
  feed(chunk: Buffer): void {
    let at = this.#carriedBytes > 0 ? this.#feedCarried(chunk) : 0;
    let hashFrom = at;
    while (at < chunk.length && !this.isEnded) {
      if (this.#large && this.#large.packetBytes > 0) {
        at = this.#feedLarge(this.#large, chunk, at);
        continue;
      }
      if (chunk.length - at < HEADER_BYTES) break;
      const length = readPacketLength(chunk, at);
      if (this.#isLarge(length)) {
        this.#openLargePacket(length);
        at += HEADER_BYTES;
        continue;
      }
      const end = at + HEADER_BYTES + length;
      if (end > chunk.length) break;
      const isRow = this.#isInRows;
      if (this.#feedPacket(chunk, at + HEADER_BYTES, end) === 'end') break;
      at = end;
      if (!isRow) hashFrom = at;
      else if (this.#writer?.mustStop) break;
    }
    this.#count(chunk, hashFrom, at);
    if (at < chunk.length && !this.isEnded) this.#keep(chunk.subarray(at));
  }

  /** Goes on with what was held back when the writer had to stop. */
  resume(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.feed(held);
  }

  /** Completes the carried packet, and returns where in the chunk the next one begins. */
  #feedCarried(chunk: Buffer): number {
    const missing = this.#missingBytes(chunk);
    if (chunk.length < missing) {
      this.#carry(chunk);
      return chunk.length;
    }
    const packet = Buffer.concat([...this.#carried, chunk.subarray(0, missing)]);
    this.#carried = [];
    this.#carriedBytes = 0;
    this.feed(packet);
    return missing;
  }

  /** What completes the carried packet; of one that goes on its own, what completes the header. */
  #missingBytes(chunk: Buffer): number {
    const headerBytes = HEADER_BYTES - this.#carriedBytes;
    if (chunk.length < headerBytes) return headerBytes;
    const header = Buffer.concat([...this.#carried, chunk.subarray(0, HEADER_BYTES)], HEADER_BYTES);
    const length = readPacketLength(header, 0);
    return headerBytes + (this.#isLarge(length) ? 0 : length);
  }

  #isLarge(packetBytes: number): boolean {
    return this.#large !== undefined || (this.#isInRows && packetBytes > LARGE_ROW_BYTES);
  }

  #keep(rest: Buffer): void {
    if (this.#writer?.mustStop) this.#held = Buffer.from(rest);
    else this.#carry(rest);
  }

  #carry(rest: Buffer): void {
    this.#carried.push(Buffer.from(rest));
    this.#carriedBytes += rest.length;
  }

  #count(chunk: Buffer, from: number, to: number): void {
    if (to <= from || !this.#isInRows) return;
    this.bytes += to - from;
    this.#hash?.update(chunk.subarray(from, to));
  }

  #feedPacket(chunk: Buffer, from: number, to: number): 'more' | 'end' {
    const first = chunk[from];
    if (first === ERROR) throw readError(chunk.subarray(from, to));
    if (first === EOF && to - from < SHORTEST_ROW_AFTER_EOF_BYTE) {
      this.isEnded = this.#isInRows;
      this.#isInRows = true;
    } else if (this.#isInRows) {
      this.rows += 1;
      if (this.#writer) passCells(chunk, from, to, this.#writer.beginRow(to - from));
    }
    return this.isEnded ? 'end' : 'more';
  }

  #openLargePacket(length: number): void {
    this.#large ??= new LargeRow(this.#writer?.beginRow(length));
    this.#large.open(length);
    this.#closeLargeAtEnd(this.#large);
  }

  #feedLarge(large: LargeRow, chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + large.packetBytes);
    large.feed(chunk, at, end);
    this.#closeLargeAtEnd(large);
    return end;
  }

  #closeLargeAtEnd(large: LargeRow): void {
    if (large.packetBytes > 0 || large.isContinued) return;
    this.rows += 1;
    large.end();
    this.#large = undefined;
  }
}

const readPacketLength = (chunk: Buffer, at: number): number =>
  (chunk[at] ?? 0) | ((chunk[at + 1] ?? 0) << 8) | ((chunk[at + 2] ?? 0) << 16);

const passCells = (chunk: Buffer, start: number, end: number, sink: RowSink): void => {
  let at = start;
  while (at < end) {
    const first = chunk[at] as number;
    if (first < NULL_CELL) {
      const to = at + 1 + first;
      sink.cell(chunk, at, at + 1, to);
      at = to;
    } else if (first === NULL_CELL) {
      sink.nullCell();
      at += 1;
    } else {
      const length = readLength(chunk, at);
      const to = length.end + length.value;
      sink.cell(chunk, at, length.end, to);
      at = to;
    }
  }
  sink.endRow();
};

/** A row that comes in parts, over one packet or many. */
class LargeRow {
  /** What is missing of the packet in flight. */
  packetBytes = 0;
  isContinued = false;
  readonly #sink: RowSink | undefined;
  readonly #prefix = Buffer.alloc(9);
  #prefixBytes = 0;
  #cellBytes = 0;

  constructor(sink: RowSink | undefined) {
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

  end(): void {
    this.#sink?.endRow();
  }

  #feedCell(sink: RowSink, chunk: Buffer, at: number, end: number): number {
    const to = Math.min(end, at + this.#cellBytes);
    sink.part(chunk, at, to);
    this.#cellBytes -= to - at;
    if (this.#cellBytes === 0) sink.closeCell();
    return to;
  }

  #feedPrefix(sink: RowSink, byte: number, at: number): number {
    if (this.#prefixBytes === 0 && byte === NULL_CELL) {
      sink.nullCell();
      return at + 1;
    }
    this.#prefix[this.#prefixBytes] = byte;
    this.#prefixBytes += 1;
    if (this.#prefixBytes === lengthBytes(this.#prefix[0] ?? 0)) {
      sink.openCell(this.#prefix.subarray(0, this.#prefixBytes));
      this.#cellBytes = readLength(this.#prefix, 0).value;
      this.#prefixBytes = 0;
      if (this.#cellBytes === 0) sink.closeCell();
    }
    return at + 1;
  }
}

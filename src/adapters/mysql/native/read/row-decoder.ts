import { MalformedReply } from '../../protocol/malformed-reply.js';
import { CarriedPacket } from '../wire/carried-packet.js';
import {
  ERROR,
  HEADER_BYTES,
  isEof,
  readEof,
  readError,
  readPacketLength,
  sequenceError,
} from '../../protocol/packets.js';
import { MOST_HEAD_BYTES, ResultHead } from '../../protocol/result-head.js';
import type { CarriedSum } from './carried-sum.js';
import { LargeRow, passCells } from './row-cells.js';
import { LARGE_ROW_BYTES, type RowWriter } from '../wire/row-sink.js';

/** Gets the packets of rows, headers included, some at a time: a hash of them, or a list. Keeps nothing of the buffer. */
export interface PacketTaker {
  update(packets: Buffer): unknown;
}

/** The query was packet 0. */
const FIRST_SEQUENCE = 1;

/**
 * Reads what a server answers to one SELECT (text protocol, EOF packets) out of chunks that end anywhere, and passes
 * the cells on where they lie, without making a string or an object of any. What does not fit is refused before any of
 * it is used: a cell ends within its packet, a row has the cells that were asked for.
 */
export class RowDecoder {
  rows = 0;
  /** Of the rows' packets, headers included. */
  bytes = 0;
  isEnded = false;
  readonly #writer: RowWriter | undefined;
  readonly #packets: PacketTaker | undefined;
  readonly #sum: CarriedSum | undefined;
  readonly #columns: number;
  readonly #head: ResultHead;
  #isInRows = false;
  #sequence = FIRST_SEQUENCE;
  readonly #carried = new CarriedPacket();
  #large: LargeRow | undefined;
  /** What came after the row at which the writer had to stop. */
  #held: Buffer | undefined;

  /** Without a writer rows are counted only, and their packets handed on, in their order. */
  constructor(columns: number, writer?: RowWriter, packets?: PacketTaker, sum?: CarriedSum) {
    this.#columns = columns;
    this.#head = new ResultHead(columns);
    this.#writer = writer;
    this.#packets = packets;
    this.#sum = sum;
  }

  /** Nothing of the chunk is kept. @throws the server's error, MalformedReply */
  feed(chunk: Buffer): void {
    let at = this.#carried.isEmpty ? 0 : this.#feedCarried(chunk, 0);
    let takenTo = at;
    while (at < chunk.length && !this.isEnded) {
      if (this.#large && this.#large.packetBytes > 0) {
        at = this.#feedLarge(this.#large, chunk, at);
        continue;
      }
      if (chunk.length - at < HEADER_BYTES) break;
      const length = readPacketLength(chunk, at);
      if (this.#isLarge(length)) {
        this.#openLargePacket(length, chunk[at + 3] as number);
        at += HEADER_BYTES;
        continue;
      }
      const end = at + HEADER_BYTES + length;
      if (end > chunk.length) break;
      const isRow = this.#isInRows;
      if (this.#feedPacket(chunk, at, end) === 'end') this.#count(chunk, takenTo, at);
      at = end;
      if (!isRow) takenTo = at;
      else if (this.#writer?.mustStop) break;
    }
    if (this.isEnded) refuseMore(chunk, at);
    else {
      this.#count(chunk, takenTo, at);
      if (at < chunk.length) this.#keep(chunk, at);
    }
  }

  /** Goes on with what was held back when the writer had to stop. */
  resume(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.feed(held);
  }

  /** Adds to what is carried, feeds it when it is whole, and returns where in the chunk the rest begins. */
  #feedCarried(chunk: Buffer, at: number): number {
    // Of a large packet only the header is carried.
    const rest = this.#carried.add(chunk, at, (length) => (this.#isLarge(length) ? 0 : length));
    const packet = this.#carried.take();
    if (packet) this.feed(packet);
    return rest;
  }

  /** @throws MalformedReply for what is no row and larger than all else */
  #isLarge(packetBytes: number): boolean {
    if (this.#large !== undefined) return true;
    if (!this.#isInRows && packetBytes > MOST_HEAD_BYTES)
      throw new MalformedReply(`a packet of ${packetBytes} bytes before the first row`);
    return packetBytes > LARGE_ROW_BYTES;
  }

  #keep(chunk: Buffer, at: number): void {
    if (this.#writer?.mustStop) this.#held = Buffer.from(chunk.subarray(at));
    else this.#feedCarried(chunk, at);
  }

  #count(chunk: Buffer, from: number, to: number): void {
    if (to <= from || !this.#isInRows) return;
    this.bytes += to - from;
    this.#packets?.update(chunk.subarray(from, to));
  }

  #feedPacket(chunk: Buffer, start: number, to: number): 'more' | 'end' {
    const from = start + HEADER_BYTES;
    // A server that ends a session says why in a packet of any number.
    if (chunk[from] === ERROR && to > from) throw readError(chunk.subarray(from, to));
    this.#followSequence(chunk[start + 3] as number);
    if (!this.#isInRows) {
      this.#head.take(chunk, from, to);
      this.#isInRows = this.#head.isComplete;
    } else if (isEof(chunk, from, to)) {
      if (readEof(chunk, from, to).hasMoreResults) throw new MalformedReply('another result after the rows');
      this.isEnded = true;
    } else {
      this.rows += 1;
      this.#sum?.addRow(chunk, from, to);
      if (this.#writer) passCells(chunk, from, to, this.#columns, this.#writer.beginRow(to - from));
    }
    return this.isEnded ? 'end' : 'more';
  }

  #followSequence(sequence: number): void {
    if (sequence !== this.#sequence) throw sequenceError();
    this.#sequence = (sequence + 1) & 0xff;
  }

  #openLargePacket(length: number, sequence: number): void {
    this.#followSequence(sequence);
    this.#large ??= new LargeRow(this.#columns, this.#writer?.beginRow(length));
    this.#large.open(length);
    this.#closeLargeAtEnd(this.#large);
  }

  #feedLarge(large: LargeRow, chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + large.packetBytes);
    large.feed(chunk, at, end);
    this.#sum?.addPart(chunk, at, end);
    this.#closeLargeAtEnd(large);
    return end;
  }

  #closeLargeAtEnd(large: LargeRow): void {
    if (large.packetBytes > 0 || large.isContinued) return;
    this.rows += 1;
    large.end();
    this.#sum?.endParts();
    this.#large = undefined;
  }
}

const refuseMore = (chunk: Buffer, at: number): void => {
  if (at < chunk.length) throw new MalformedReply('more packets after the end of the rows');
};

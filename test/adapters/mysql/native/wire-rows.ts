import {
  HEADER_BYTES,
  LONGEST_PACKET,
  writeHeader,
} from '../../../../src/adapters/mysql/protocol/packets.js';
import type { OutputBuffer, RowEncoder } from '../../../../src/adapters/mysql/native/write/output-buffer.js';
import type { RowSink, RowWriter } from '../../../../src/adapters/mysql/native/wire/row-sink.js';

export type Cell = Buffer | null;

/** A length-encoded integer, written independently of the product. */
export const encodeLength = (length: number): Buffer => {
  if (length < 251) return Buffer.from([length]);
  if (length < 2 ** 16) return Buffer.from([0xfc, length & 0xff, length >> 8]);
  if (length < 2 ** 24) return Buffer.from([0xfd, length & 0xff, (length >> 8) & 0xff, length >> 16]);
  const bytes = Buffer.alloc(9, 0xfe);
  bytes.writeBigUInt64LE(BigInt(length), 1);
  return bytes;
};

const encodeCell = (cell: Cell): Buffer =>
  cell === null ? Buffer.from([0xfb]) : Buffer.concat([encodeLength(cell.length), cell]);

/** What the packets of a row carry. */
export const carry = (row: readonly Cell[]): Buffer => Buffer.concat(row.map(encodeCell));

/** A payload in as many packets as it takes. */
const toPackets = (payload: Buffer, firstSequence: number): readonly Buffer[] => {
  const packets: Buffer[] = [];
  for (let at = 0; ; at += LONGEST_PACKET) {
    const part = payload.subarray(at, at + LONGEST_PACKET);
    const header = Buffer.alloc(HEADER_BYTES);
    writeHeader(header, part.length, (firstSequence + packets.length / 2) & 0xff);
    packets.push(header, part);
    if (part.length < LONGEST_PACKET) return packets;
  }
};

const EOF_PACKET = Buffer.from([0xfe, 0, 0, 2, 0]);

/** What a server sends for a SELECT: column count, definitions, EOF, rows, and `last`. */
export const encodeResult = (
  columns: number,
  rows: readonly (readonly Cell[])[],
  last: Buffer = EOF_PACKET,
): Buffer => {
  const definition = Buffer.concat(
    ['def', 'shop', 't', 't', 'x'.repeat(40), 'x'.repeat(40), '\0'.repeat(12)].map((text) =>
      encodeCell(Buffer.from(text)),
    ),
  );
  const payloads = [
    encodeLength(columns),
    ...Array.from({ length: columns }, () => definition),
    EOF_PACKET,
    ...rows.map(carry),
    last,
  ];
  const packets: Buffer[] = [];
  for (const payload of payloads) packets.push(...toPackets(payload, packets.length / 2 + 1));
  return Buffer.concat(packets);
};

/** Cuts bytes at the given places. */
export const cut = (bytes: Buffer, places: readonly number[]): readonly Buffer[] => {
  const sorted = [0, ...new Set(places.filter((place) => place > 0 && place < bytes.length))].sort(
    (a, b) => a - b,
  );
  return sorted.map((from, index) => bytes.subarray(from, sorted[index + 1] ?? bytes.length));
};

/** Collects cells, whole or in parts. */
export class CellCollector implements RowWriter, RowSink {
  readonly rows: Cell[][] = [];
  readonly isFull = false;
  mustStop = false;
  #row: Cell[] = [];
  #parts: Buffer[] = [];

  beginRow(): RowSink {
    this.#row = [];
    return this;
  }

  async whenReady(): Promise<void> {
    // Never full.
  }

  nullCell(): void {
    this.#row.push(null);
  }

  cell(chunk: Buffer, _start: number, from: number, to: number): void {
    this.#row.push(Buffer.from(chunk.subarray(from, to)));
  }

  openCell(): void {
    this.#parts = [];
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#parts.push(Buffer.from(chunk.subarray(from, to)));
  }

  closeCell(): void {
    this.#row.push(Buffer.concat(this.#parts));
  }

  endRow(): void {
    this.rows.push(this.#row);
  }
}

/** An output buffer that only grows. */
export class GrowingBuffer implements OutputBuffer {
  bytes: Buffer = Buffer.alloc(16);
  at = 0;
  rows = 0;

  reserve(bytes: number): void {
    if (this.at + bytes > this.bytes.length) this.bytes = Buffer.concat([this.bytes], 2 * (this.at + bytes));
  }

  endRow(): void {
    this.rows += 1;
  }

  get written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }
}

/** Feeds one row to an encoder: `whole` as small rows come, `parts` as large ones do, byte by byte or more. */
export const encodeRow = (
  encoder: RowEncoder,
  out: OutputBuffer,
  row: readonly Cell[],
  form: 'whole' | 'parts',
): void => {
  const payload = Buffer.concat(row.map(encodeCell));
  if (form === 'whole') out.reserve(encoder.worstRowBytes(payload.length));
  let at = 0;
  for (const cell of row) {
    const start = at;
    at += encodeCell(cell).length;
    if (cell === null) encoder.nullCell();
    else if (form === 'whole') encoder.cell(payload, start, at - cell.length, at);
    else {
      encoder.openCell(encodeLength(cell.length));
      for (let from = 0; from < cell.length; from += 3)
        encoder.part(cell, from, Math.min(cell.length, from + 3));
      encoder.closeCell();
    }
  }
  encoder.endRow();
};

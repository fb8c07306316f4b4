import { copyBytes } from '../wire/lane-memory.js';
import type { RowSink } from '../wire/row-sink.js';

/** Bytes on their way to the target. After `reserve`, an encoder writes into `bytes` from `at` on and moves `at`. */
export interface OutputBuffer {
  bytes: Buffer;
  at: number;
  reserve(bytes: number): void;
  endRow(): void;
}

/** Writes cells into an output buffer, in the form that one kind of statement takes. */
export interface RowEncoder extends RowSink {
  /** What a row takes at most; `payloadBytes` are its cells with their length prefixes. */
  worstRowBytes(payloadBytes: number): number;
}

/** Copying by hand is faster below this length, measured on Node 20 and 24. */
const SHORT_BYTES = 24;

/** Appends bytes for which there is room. */
export const append = (out: OutputBuffer, chunk: Buffer, from: number, to: number): void => {
  const { bytes, at } = out;
  out.at = at + to - from;
  if (to - from < SHORT_BYTES)
    for (let index = from, place = at; index < to; index += 1) bytes[place++] = chunk[index] as number;
  else copyBytes(bytes, at, chunk, from, to);
};

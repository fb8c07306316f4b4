/** Where buffers of one size come from, and go when nobody reads them any more. */
export interface BufferPool {
  take(): Buffer;
  /** Buffers of other sizes are let go. */
  give(buffer: Buffer): void;
}

/** What lanes read and what they send lies in blocks of this size: a statement, and room for the row that ends it. */
export const BLOCK_BYTES = 589_824;
const MOST_BLOCKS = 112;

/**
 * Blocks of one piece of memory, so that cells can move from a read to a statement by `copyWithin`: on Node 20 that takes
 * a third of the time of `Buffer.copy`, which makes an object of every cell. Blocks beyond the piece are blocks like any
 * other, and only slower. The lanes of an engine share one.
 */
export class LaneMemory implements BufferPool {
  #arena: Buffer | undefined;
  readonly #free: Buffer[] = [];
  #blocksMade = 0;

  take(): Buffer {
    const known = this.#free.pop();
    if (known) return known;
    if (this.#blocksMade === MOST_BLOCKS) return Buffer.allocUnsafeSlow(BLOCK_BYTES);
    // Reserved at once; the system gives memory to the parts of it that are used.
    this.#arena ??= Buffer.allocUnsafeSlow(MOST_BLOCKS * BLOCK_BYTES);
    this.#blocksMade += 1;
    return this.#arena.subarray((this.#blocksMade - 1) * BLOCK_BYTES, this.#blocksMade * BLOCK_BYTES);
  }

  give(buffer: Buffer): void {
    if (buffer.length === BLOCK_BYTES) this.#free.push(buffer);
  }
}

const NOTHING = Buffer.alloc(0);

/** Remembered, because asking a buffer for its memory takes longer than a copy, and thousands of cells follow each other. */
class LastBuffer {
  memory: ArrayBufferLike = NOTHING.buffer;
  start = 0;
  #buffer: Buffer = NOTHING;

  look(buffer: Buffer): void {
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.memory = buffer.buffer;
    this.start = buffer.byteOffset;
  }
}

const source = new LastBuffer();
const target = new LastBuffer();
let whole: Uint8Array = NOTHING;

/** Copies `chunk` from `from` to `to` into `bytes` at `at`, where there is room. */
export const copyBytes = (bytes: Buffer, at: number, chunk: Buffer, from: number, to: number): void => {
  source.look(chunk);
  target.look(bytes);
  const { memory } = source;
  if (memory !== target.memory) {
    chunk.copy(bytes, at, from, to);
    return;
  }
  if (whole.buffer !== memory) whole = new Uint8Array(memory);
  whole.copyWithin(target.start + at, source.start + from, source.start + to);
};

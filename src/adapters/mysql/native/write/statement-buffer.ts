import type { BufferPool } from '../wire/lane-memory.js';
import type { OutputBuffer } from './output-buffer.js';
import { HEADER_BYTES, LONGEST_PACKET, writeHeader } from '../../protocol/packets.js';

/** A packet of the longest kind, and room to go on while it is sent. */
const LARGEST_BUFFER = HEADER_BYTES + LONGEST_PACKET + 262_144;

/**
 * One statement on its way: a command of any length, cut into packets of the longest kind and a shorter last one.
 * Packets that are full leave at once, so that it never holds much more than one. Those with which the command would
 * have `maxPacketBytes` are only counted: the server would close the connection at them, and not say why in time.
 */
export class StatementBuffer implements OutputBuffer {
  bytes: Buffer;
  at = HEADER_BYTES;
  /** Complete rows in this statement. */
  rows = 0;
  readonly #send: (packet: Buffer) => void;
  readonly #pool: BufferPool;
  readonly #maxPacketBytes: number;
  #sequence = 0;
  /** Of packets that left, or were counted. */
  #fullBytes = 0;

  /** `send` keeps what it is given until `recycle` gets it back. `maxPacketBytes`: `max_allowed_packet` of the server. */
  constructor(pool: BufferPool, maxPacketBytes: number, send: (packet: Buffer) => void) {
    this.#pool = pool;
    this.#maxPacketBytes = maxPacketBytes;
    this.#send = send;
    this.bytes = pool.take();
  }

  /** The command so far, in all its packets. */
  get commandBytes(): number {
    return this.#fullBytes + this.at - HEADER_BYTES;
  }

  /** It cannot be sent: some of its packets may have been left out. */
  get isTooLarge(): boolean {
    return this.commandBytes >= this.#maxPacketBytes;
  }

  reserve(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    while (this.at - HEADER_BYTES >= LONGEST_PACKET) this.#endFullPacket();
    if (this.at + bytes > this.bytes.length) this.#grow(this.at + bytes);
  }

  append(text: Buffer): void {
    this.reserve(text.length);
    this.at += text.copy(this.bytes, this.at);
  }

  endRow(): void {
    this.rows += 1;
  }

  /** Sends the last packet, and begins the next statement. Returns what was sent, to be recycled after the answer. */
  finish(): Buffer {
    while (this.at - HEADER_BYTES >= LONGEST_PACKET) this.#endFullPacket();
    const sent = this.bytes;
    writeHeader(sent, this.at - HEADER_BYTES, this.#sequence);
    this.#send(sent.subarray(0, this.at));
    this.bytes = this.#pool.take();
    this.at = HEADER_BYTES;
    this.#sequence = 0;
    this.#fullBytes = 0;
    this.rows = 0;
    return sent;
  }

  /** The server has answered, so nobody reads these bytes any more. */
  recycle(bytes: Buffer): void {
    this.#pool.give(bytes);
  }

  /** There will be no other statement. */
  close(): void {
    this.#pool.give(this.bytes);
  }

  #endFullPacket(): void {
    const end = HEADER_BYTES + LONGEST_PACKET;
    const full = this.bytes;
    writeHeader(full, LONGEST_PACKET, this.#sequence);
    this.bytes = Buffer.allocUnsafeSlow(full.length);
    const restBytes = full.copy(this.bytes, HEADER_BYTES, end, this.at);
    this.#fullBytes += LONGEST_PACKET;
    if (this.#fullBytes < this.#maxPacketBytes) this.#send(full.subarray(0, end));
    this.at = HEADER_BYTES + restBytes;
    this.#sequence = (this.#sequence + 1) & 0xff;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(2 * this.bytes.length, LARGEST_BUFFER)));
    this.bytes.copy(larger, 0, 0, this.at);
    this.#pool.give(this.bytes);
    this.bytes = larger;
  }
}

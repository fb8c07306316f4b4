import { HEADER_BYTES, readPacketLength } from '../../protocol/packets.js';
import type { PacketTaker } from './row-decoder.js';

const HASH_BYTES = 8;

/** The header of a packet, the length of its only cell, and the cell. */
const PACKET_BYTES = HEADER_BYTES + 1 + HASH_BYTES;

/** Rows of one cell of eight bytes, as numbers: eight bytes of memory a row, allocated at once. */
export class HashList implements PacketTaker {
  readonly #hashes: BigUint64Array;
  readonly #packet = Buffer.alloc(PACKET_BYTES);
  #filled = 0;
  #count = 0;
  #isOther = false;

  /** @param rows so many are expected */
  constructor(rows: number) {
    this.#hashes = new BigUint64Array(rows);
  }

  update(packets: Buffer): void {
    for (let at = 0; at < packets.length && !this.#isOther;) {
      const bytes = packets.copy(this.#packet, this.#filled, at);
      at += bytes;
      this.#filled += bytes;
      if (this.#filled === PACKET_BYTES) this.#takePacket();
    }
  }

  #takePacket(): void {
    this.#filled = 0;
    const isHash =
      readPacketLength(this.#packet, 0) === 1 + HASH_BYTES && this.#packet[HEADER_BYTES] === HASH_BYTES;
    this.#isOther = !isHash || this.#count === this.#hashes.length;
    if (this.#isOther) return;
    this.#hashes[this.#count] = this.#packet.readBigUInt64BE(HEADER_BYTES + 1);
    this.#count += 1;
  }

  /** From the lowest to the highest; undefined where other rows came, or not as many. */
  sort(): BigUint64Array | undefined {
    const isWhole = !this.#isOther && this.#filled === 0 && this.#count === this.#hashes.length;
    return isWhole ? this.#hashes.sort() : undefined;
  }
}

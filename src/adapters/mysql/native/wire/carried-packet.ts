import { HEADER_BYTES, readPacketLength } from '../../protocol/packets.js';

/** A packet whose end has not come yet: there is room for its header, and then for all of it. */
export class CarriedPacket {
  #bytes = Buffer.alloc(HEADER_BYTES);
  #filled = 0;

  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  /**
   * Adds what the chunk has of it from `from` on, and returns where the rest begins. `admit` gets the length that the
   * header claims, and gives how many bytes of the payload belong to what is carried; it throws for more than can be.
   */
  add(chunk: Buffer, from: number, admit: (length: number) => number): number {
    const at = this.#copy(chunk, from);
    if (this.#filled !== HEADER_BYTES || this.#bytes.length !== HEADER_BYTES) return at;
    const payloadBytes = admit(readPacketLength(this.#bytes, 0));
    if (payloadBytes === 0) return at;
    const packet = Buffer.allocUnsafe(HEADER_BYTES + payloadBytes);
    this.#bytes.copy(packet);
    this.#bytes = packet;
    return this.#copy(chunk, at);
  }

  /** The packet, once it is whole; then the next one is carried. */
  take(): Buffer | undefined {
    if (this.#filled < this.#bytes.length) return undefined;
    const packet = this.#bytes;
    this.#bytes = Buffer.alloc(HEADER_BYTES);
    this.#filled = 0;
    return packet;
  }

  #copy(chunk: Buffer, from: number): number {
    const copied = chunk.copy(this.#bytes, this.#filled, from);
    this.#filled += copied;
    return from + copied;
  }
}

/** A packet of the MySQL protocol: its length in three bytes, its number in the exchange, and what it holds. */
export const framePacket = (sequence: number, payload: Buffer): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence, 3);
  return Buffer.concat([header, payload]);
};

/** Puts packets together, however their bytes arrive. */
export class PacketReader {
  readonly #onPacket: (sequence: number, payload: Buffer) => void;
  #held: Buffer = Buffer.alloc(0);

  constructor(onPacket: (sequence: number, payload: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  read(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= 4) {
      const end = 4 + this.#held.readUIntLE(0, 3);
      if (this.#held.length < end) return;
      const sequence = this.#held[3] ?? 0;
      const payload = this.#held.subarray(4, end);
      this.#held = this.#held.subarray(end);
      this.#onPacket(sequence, payload);
    }
  }
}

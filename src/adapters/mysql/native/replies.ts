import { HEADER_BYTES, type Reply, readReply } from './packets.js';
import type { WireListener } from './wire.js';

/**
 * What a server answers to statements that give no rows, one packet each, in the order in which they were sent.
 * The first failure ends it all: what comes after is passed over.
 */
export class Replies implements WireListener {
  readonly #expected: ((reply: Reply) => void)[] = [];
  #partial: Buffer = Buffer.alloc(0);
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  /** `check` gets the reply to the statement that is about to be sent, and throws when it is not what it should be. */
  expect(check: (reply: Reply) => void): void {
    this.#expected.push(check);
  }

  get pending(): number {
    return this.#failure ? 0 : this.#expected.length;
  }

  /** Resolves when at most so many replies are still to come. @throws the first failure */
  async settle(pending: number): Promise<void> {
    while (this.pending > pending) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#failure) throw this.#failure;
  }

  receive(chunk: Buffer): void {
    let rest = this.#partial.length > 0 ? Buffer.concat([this.#partial, chunk]) : chunk;
    while (rest.length >= HEADER_BYTES && rest.length >= HEADER_BYTES + rest.readUIntLE(0, 3)) {
      const end = HEADER_BYTES + rest.readUIntLE(0, 3);
      this.#take(rest.subarray(HEADER_BYTES, end));
      rest = rest.subarray(end);
    }
    this.#partial = Buffer.from(rest);
  }

  lose(reason: Error): void {
    this.#failure ??= reason;
    this.#wake();
  }

  #take(payload: Buffer): void {
    const check = this.#expected.shift();
    try {
      const reply = readReply(payload);
      if (!this.#failure) check?.(reply);
    } catch (error) {
      this.#failure ??= error as Error;
    }
    this.#wake();
  }
}

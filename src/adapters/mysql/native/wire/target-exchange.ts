import { renderQuery } from '../../protocol/packets.js';
import { Replies } from './replies.js';
import type { Wire } from './wire.js';

/** So much may wait in this process for the network, or so many statements for their answers, before reading pauses. */
const MOST_UNSENT_BYTES = 2_097_152;
const MOST_PENDING_REPLIES = 2;

/** What is sent to the target below mysql2, and what it answers. */
export class TargetExchange extends Replies {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    super();
    this.#wire = wire;
    wire.listen(this);
  }

  /** `sent` is called when the packet has left this process, and its memory may be used again. */
  write(packet: Buffer, sent?: () => void): void {
    this.#wire.write(packet, sent);
  }

  get isBehind(): boolean {
    return this.pending > MOST_PENDING_REPLIES || this.#wire.unsentBytes > MOST_UNSENT_BYTES;
  }

  /** @throws what the target refused */
  async catchUp(): Promise<void> {
    await this.#wire.drained();
    await this.settle(MOST_PENDING_REPLIES);
  }

  /** Everything up to the commit is one transaction. */
  begin(): void {
    this.expect(() => undefined);
    this.write(renderQuery('BEGIN'));
  }

  /** Only after every statement before it was answered as it should be. */
  async commit(): Promise<void> {
    await this.settle(0);
    this.expect(() => undefined);
    this.write(renderQuery('COMMIT'));
    await this.settle(0);
  }

  /** Gives the connection back to mysql2. */
  close(): void {
    this.#wire.release();
  }
}

import { MalformedReply } from '../../protocol/malformed-reply.js';
import { CarriedPacket } from './carried-packet.js';
import { type Done, ERROR, HEADER_BYTES, readReply, sequenceError } from '../../protocol/packets.js';
import type { WireListener } from './wire.js';

/** What servers say of a statement is short; longest are the transaction identifiers of a cluster. */
const MOST_REPLY_BYTES = 1_048_576;
/** Of the answer to a statement of one packet, which is packet 0. */
const FIRST_SEQUENCE = 1;

type Expected = { readonly sequence: number } & (
  | { readonly kind: 'done'; readonly check: (reply: Done) => void }
  | { readonly kind: 'wants-file'; readonly name: string; readonly send: () => void }
);

/**
 * What a server answers to statements that give no rows, one packet each, in the order in which they were sent.
 * The first failure ends it all: what comes after is passed over.
 */
export class Replies implements WireListener {
  readonly #expected: Expected[] = [];
  readonly #carried = new CarriedPacket();
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  /**
   * `check` gets the reply to the statement that is about to be sent, and throws when it is not what it should be.
   * `sequence` is the number of its packet.
   */
  expect(check: (reply: Done) => void, sequence = FIRST_SEQUENCE): void {
    this.#expected.push({ kind: 'done', check, sequence });
  }

  /** The statement that is about to be sent makes the server ask for the file of this name, and for no other. */
  expectRequest(name: string, send: () => void): void {
    this.#expected.push({ kind: 'wants-file', name, send, sequence: FIRST_SEQUENCE });
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
    try {
      for (let at = 0; at < chunk.length && !this.#failure;) {
        at = this.#carried.add(chunk, at, admitReply);
        const packet = this.#carried.take();
        if (packet) this.#take(packet);
      }
    } catch (error) {
      this.lose(error as Error);
    }
  }

  lose(reason: Error): void {
    this.#failure ??= reason;
    this.#wake();
  }

  #take(packet: Buffer): void {
    const expected = this.#expected.shift();
    // A server that ends a session says why at any time, in a packet of any number.
    const isError = packet[HEADER_BYTES] === ERROR;
    if (!expected && !isError) throw new MalformedReply('an answer to nothing');
    if (!isError && packet[HEADER_BYTES - 1] !== expected?.sequence) throw sequenceError();
    const reply = readReply(packet.subarray(HEADER_BYTES));
    if (expected?.kind === 'done' && reply.kind === 'done') expected.check(reply);
    else if (expected?.kind === 'wants-file' && reply.kind === 'wants-file' && reply.name === expected.name)
      expected.send();
    else throw new MalformedReply(describeMisfit(reply.kind));
    this.#wake();
  }
}

const describeMisfit = (kind: 'done' | 'wants-file'): string =>
  kind === 'done' ? 'LOAD DATA ended without the rows' : 'it asked for a file that it was not offered';

const admitReply = (length: number): number => {
  if (length > MOST_REPLY_BYTES) throw new MalformedReply(`an answer of ${length} bytes`);
  return length;
};

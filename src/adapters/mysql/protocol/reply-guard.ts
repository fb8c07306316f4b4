import type { Socket } from 'node:net';
import type mysql from 'mysql2';
import { BugError } from '../../../core/errors.js';
import { MalformedReply } from './malformed-reply.js';
import { findOtherProtocol } from './other-protocol.js';
import { HEADER_BYTES, LONGEST_PACKET, readPacketLength } from './packets.js';
import { type Packet, ReplyCheck } from './reply-check.js';

/** What is used of mysql2's insides here. Its version is pinned, and a test fails when they are not there. */
interface ConnectionInsides {
  readonly stream: Socket;
  /** The number that the next packet must have. */
  readonly sequenceId: number;
  readonly _command: object | null | undefined;
  packetParser: { execute(chunk: Buffer): void };
  /** Called for each packet that is whole, and without one when a command begins. */
  handlePacket(packet?: Packet): void;
}

/** No step of a login is longer, and what is no database server at all is known by it. */
const MOST_LOGIN_BYTES = 65_536;
/** One row of what is asked for above the lanes: names, numbers, and at most the text of a program. */
const MOST_PACKET_BYTES = 67_108_864;

/**
 * Stands between the socket and mysql2, which believes every length and count, and makes room for them. What no server
 * sends ends the connection with one MalformedReply before mysql2 sees it. To be called before anything arrives.
 */
export const guardReplies = (connection: mysql.Connection): void => {
  const insides = checkInsides(connection);
  const parser = insides.packetParser;
  const handle = insides.handlePacket.bind(connection);
  const check = new ReplyCheck();
  const framing = new Framing();
  let isBroken = false;
  let hasBegun = false;
  const unlessBroken = (step: () => void, pass: () => void): void => {
    if (isBroken) return;
    try {
      step();
    } catch (error) {
      isBroken = true;
      insides.stream.destroy(error as Error);
      return;
    }
    pass();
  };
  insides.packetParser = {
    execute: (chunk) =>
      unlessBroken(
        () => {
          if (!hasBegun) refuseOtherProtocol(chunk);
          hasBegun = true;
          framing.follow(chunk, check.isLoggedIn ? MOST_PACKET_BYTES : MOST_LOGIN_BYTES);
        },
        () => parser.execute(chunk),
      ),
  };
  insides.handlePacket = (packet) =>
    unlessBroken(
      () => {
        if (packet) check.take(packet, insides.sequenceId);
        else check.begin(insides._command?.constructor.name);
      },
      () => handle(packet),
    );
};

/** @throws OtherProtocol */
const refuseOtherProtocol = (firstBytes: Buffer): void => {
  // In smaller pieces a packet is judged by its length alone.
  const other = firstBytes.length > HEADER_BYTES ? findOtherProtocol(firstBytes) : undefined;
  if (other) throw other;
};

/** How long the packets are, by their headers. One of the longest kind is continued by the next one. */
class Framing {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #packetBytes = 0;
  /** Of a packet and those that it continues. */
  #bytes = 0;

  /** @throws MalformedReply */
  follow(chunk: Buffer, most: number): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#packetBytes > 0) {
        const passed = Math.min(this.#packetBytes, chunk.length - at);
        this.#packetBytes -= passed;
        at += passed;
        continue;
      }
      const copied = chunk.copy(this.#header, this.#headerBytes, at);
      at += copied;
      this.#headerBytes += copied;
      if (this.#headerBytes === HEADER_BYTES) this.#open(readPacketLength(this.#header, 0), most);
    }
  }

  #open(length: number, most: number): void {
    this.#headerBytes = 0;
    this.#packetBytes = length;
    this.#bytes += length;
    if (this.#bytes > most) throw new MalformedReply(`a packet of ${this.#bytes} bytes`);
    if (length < LONGEST_PACKET) this.#bytes = 0;
  }
}

const checkInsides = (connection: mysql.Connection): ConnectionInsides => {
  const insides = connection as unknown as Partial<ConnectionInsides>;
  const areThere =
    typeof insides.packetParser?.execute === 'function' &&
    typeof insides.handlePacket === 'function' &&
    typeof insides.sequenceId === 'number' &&
    insides._command?.constructor.name === 'ClientHandshake';
  if (!areThere) throw new BugError('this version of mysql2 reads packets in another way');
  return insides as ConnectionInsides;
};

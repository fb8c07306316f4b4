import { MalformedReply } from './malformed-reply.js';
import {
  ERROR,
  checkCells,
  checkTracked,
  isEof,
  offersSessionTracking,
  readEof,
  readReply,
  sequenceError,
} from './packets.js';
import { DEFINITION_CELLS, ResultHead } from './result-head.js';

/** A packet as mysql2 passes it: the payload is `buffer` from `offset` to `end`. */
export interface Packet {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly end: number;
  sequenceId: number;
}

/** A login takes some steps to and fro; a server could go on with them for ever. */
const MOST_LOGIN_PACKETS = 32;
/** Of the answer to a statement that gives a prepared one. */
const PREPARED_BYTES = 12;

/** About what mysql2 makes of rows takes: their bytes, something for each cell, and more for each row. */
const MOST_WEIGHT = 536_870_912;
const CELL_WEIGHT = 16;
const ROW_WEIGHT = 64;

/** Whether the packets of one reply after another are what servers answer to the commands that mysql2 sends. */
export class ReplyCheck {
  #command: string | undefined = 'ClientHandshake';
  #packets = 0;
  #weight = 0;
  #head = new ResultHead();
  #tracksSession = false;

  get isLoggedIn(): boolean {
    return this.#command !== 'ClientHandshake';
  }

  /** mysql2 begins a command of its own name. */
  begin(command: string | undefined): void {
    this.#command = command;
    this.#packets = 0;
    this.#weight = 0;
    this.#head = new ResultHead();
  }

  /** @throws MalformedReply when this is no packet that may come next */
  take(packet: Packet, sequence: number): void {
    const { buffer, offset, end } = packet;
    this.#packets += 1;
    if (end > offset && buffer[offset] === ERROR) {
      // A server that ends a session says why in a packet of any number, at which mysql2 would complain on stderr.
      packet.sequenceId = sequence;
      if (end - offset < 3) throw new MalformedReply('an error without a number');
      return;
    }
    if (packet.sequenceId !== sequence) throw sequenceError();
    if (end === offset) throw new MalformedReply('an empty packet');
    if (!this.isLoggedIn) this.#takeLogin(buffer, offset, end);
    else if (this.#command === 'Query') this.#takeResult(buffer, offset, end);
    else if (this.#command === 'Prepare') this.#takePrepared(buffer, offset, end);
    else if (this.#command === 'ResetConnection' || this.#command === 'Execute')
      this.#takeDone(buffer.subarray(offset, end));
    else throw new MalformedReply('an answer to nothing');
  }

  #takeLogin(bytes: Buffer, from: number, to: number): void {
    if (this.#packets === 1) this.#tracksSession = offersSessionTracking(bytes, from, to);
    if (this.#packets > MOST_LOGIN_PACKETS) throw new MalformedReply('a login without an end');
  }

  #takeResult(bytes: Buffer, from: number, to: number): void {
    const head = this.#head;
    this.#add(to - from);
    if (head.isComplete && isEof(bytes, from, to)) {
      if (readEof(bytes, from, to).hasMoreResults) this.#head = new ResultHead();
    } else if (head.isComplete) {
      checkCells(bytes, from, to, head.columns);
      this.#add(ROW_WEIGHT + CELL_WEIGHT * head.columns);
    } else if (head.columns === 0 && bytes[from] === 0) this.#takeDone(bytes.subarray(from, to));
    else head.take(bytes, from, to);
  }

  #takeDone(payload: Buffer): void {
    const reply = readReply(payload);
    if (reply.kind !== 'done') throw new MalformedReply('it asked for a file that it was not offered');
    if (this.#tracksSession) checkTracked(payload, reply.textAt, payload.length);
  }

  #takePrepared(bytes: Buffer, from: number, to: number): void {
    this.#add(to - from);
    if (this.#packets > 1) {
      if (!isEof(bytes, from, to)) checkCells(bytes, from, to, DEFINITION_CELLS, DEFINITION_CELLS + 1);
    } else if (bytes[from] !== 0 || to - from < PREPARED_BYTES)
      throw new MalformedReply('something other than the number of a prepared statement');
  }

  #add(weight: number): void {
    this.#weight += weight;
    if (this.#weight > MOST_WEIGHT) throw new MalformedReply('more rows than this tool asks for');
  }
}

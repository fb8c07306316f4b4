import type { Socket } from 'node:net';
import type mysql from 'mysql2';
import { BugError } from '../../../../core/errors.js';
import { keepReads, lendReads } from './lane-socket.js';

/** What is used of mysql2's insides: its socket, encrypted or not, and the parser that gets what arrives there. */
interface ConnectionInsides {
  readonly stream: Socket;
  packetParser: { execute(chunk: Buffer): void };
}

/** Who gets the bytes of one exchange. */
export interface WireListener {
  /** The chunk is good until this returns: what is needed longer is copied. */
  receive(chunk: Buffer): void;
  /** The connection is gone; nothing comes after this. */
  lose(reason: Error): void;
}

/**
 * The bytes of a logged-in connection. mysql2 makes an object of every row, which costs more than all the rest of a
 * copy; while somebody listens here, it sees none of them, and runs no statement of its own.
 */
export class Wire {
  readonly #insides: ConnectionInsides;
  readonly #ownParser: ConnectionInsides['packetParser'];
  #listener: WireListener | undefined;
  #lost: Error | undefined;
  #reportLoss: (reason: Error) => void = () => undefined;

  constructor(connection: mysql.Connection) {
    this.#insides = checkInsides(connection);
    this.#ownParser = this.#insides.packetParser;
    connection.on('error', (error: Error) => this.#lose(error));
    this.#insides.stream.on('close', () => this.#lose(closedError()));
  }

  listen(listener: WireListener): void {
    this.#listener = listener;
    this.#insides.packetParser = { execute: (chunk) => listener.receive(chunk) };
    lendReads(this.#insides.stream);
    if (this.#lost) listener.lose(this.#lost);
  }

  /** From here on mysql2 gets the bytes again. */
  release(): void {
    this.#listener = undefined;
    this.#insides.packetParser = this.#ownParser;
    keepReads(this.#insides.stream);
    // The last bytes may have come while the listener had no room.
    this.#insides.stream.resume();
  }

  /** Calls once with the reason, when the connection is lost. */
  onLoss(report: (reason: Error) => void): void {
    this.#reportLoss = report;
    if (this.#lost) report(this.#lost);
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** The buffer must not be changed before `sent` is called, or the server has answered. */
  write(bytes: Buffer, sent?: () => void): void {
    if (!this.#lost) this.#insides.stream.write(bytes, sent);
  }

  /** A server that does not close its side, frozen for example, does not keep this process. */
  waitNoLonger(): void {
    this.#insides.stream.unref();
  }

  /** What waits in this process for the network. */
  get unsentBytes(): number {
    return this.#insides.stream.writableLength;
  }

  /** Resolves when nothing waits any more, or the connection is lost. */
  async drained(): Promise<void> {
    const { stream } = this.#insides;
    if (!stream.writableNeedDrain || this.#lost) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        stream.off('drain', end).off('close', end);
        resolve();
      };
      stream.on('drain', end).on('close', end);
    });
  }

  pause(): void {
    this.#insides.stream.pause();
  }

  resume(): void {
    this.#insides.stream.resume();
  }

  /** Closes the socket at once. The server rolls back what was not committed. */
  destroy(reason: Error): void {
    this.#lose(reason);
    this.#insides.stream.destroy();
  }

  #lose(reason: Error): void {
    if (this.#lost) return;
    this.#lost = reason;
    this.#listener?.lose(reason);
    this.#reportLoss(reason);
  }
}

const closedError = (): Error =>
  Object.assign(new Error('the server closed the connection'), { code: 'PROTOCOL_CONNECTION_LOST' });

const checkInsides = (connection: mysql.Connection): ConnectionInsides => {
  const insides = connection as unknown as Partial<ConnectionInsides>;
  if (typeof insides.packetParser?.execute !== 'function' || typeof insides.stream?.write !== 'function')
    throw new BugError('this version of mysql2 keeps its socket or its parser elsewhere');
  return insides as ConnectionInsides;
};

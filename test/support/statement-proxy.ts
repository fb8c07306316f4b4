import { type Socket, connect, createServer } from 'node:net';
import { PacketReader, framePacket } from './packet-frames.js';

/** The cells of a row as text. */
export type TextRow = readonly (string | null)[];

/** What a lying server says in place of the truth. */
export interface Lie {
  /** The statements whose answers are altered. */
  readonly about: RegExp;
  readonly tell: (row: TextRow) => TextRow;
}

/** Stands between the product and a real server, without TLS; alters the text rows of single answers, and holds single statements back. */
export interface StatementProxy {
  readonly port: number;
  /** From now on, and nothing else. */
  tell(...lies: readonly Lie[]): void;
  /** How many rows were altered since. */
  readonly told: number;
  /** Resolves when such a statement has arrived; the server hears of it when it is released. */
  hold(statement: RegExp): Promise<() => void>;
  stop(): Promise<void>;
}

const COM_QUERY = 3;
const CLIENT_SSL = 0x0800;
const CLIENT_DEPRECATE_EOF = 1 << 24;

export const startStatementProxy = async (serverPort: number): Promise<StatementProxy> => {
  const sockets = new Set<Socket>();
  let lies: readonly Lie[] = [];
  let told = 0;
  let held: { readonly statement: RegExp; readonly resolve: (release: () => void) => void } | undefined;
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // Packets leave one by one: with Nagle's algorithm each would wait for an acknowledgement.
      socket.setNoDelay();
      socket.on('error', () => undefined).once('close', () => (sockets.delete(socket), other.destroy()));
    }
    /** Statements may come before those ahead of them are answered. */
    let answers: AnswerReader[] = [];
    let endsRowsByEof = true;
    let backlog: Buffer[] | undefined;
    const pass = (packet: Buffer): void => {
      if (backlog) backlog.push(packet);
      else upstream.write(packet);
    };
    const requests = new PacketReader((sequence, payload) => {
      if (sequence === 1) endsRowsByEof = (payload.readUInt32LE(0) & CLIENT_DEPRECATE_EOF) === 0;
      if (sequence === 0) {
        // MySQL's clients send the number of parameters first: none, in one set.
        const sql =
          payload[0] === COM_QUERY
            ? payload.toString('utf8', payload[1] === 0 && payload[2] === 1 ? 3 : 1)
            : '';
        if (held?.statement.test(sql)) {
          backlog = [];
          held.resolve(() => {
            const waiting = backlog ?? [];
            backlog = undefined;
            for (const packet of waiting) upstream.write(packet);
          });
          held = undefined;
        }
        const lie = lies.find(({ about }) => about.test(sql));
        // Where an end cannot be told, nothing is sent before it.
        answers = sql === '' || !endsRowsByEof ? [] : answers.filter(({ isOver }) => !isOver);
        if (sql !== '') answers.push(new AnswerReader(lie?.tell, () => (told += 1)));
      }
      pass(framePacket(sequence, payload));
    });
    let isGreeted = false;
    const replies = new PacketReader((sequence, payload) => {
      const answer = answers.find(({ isOver }) => !isOver);
      const said = isGreeted ? (answer?.alter(payload) ?? payload) : withoutTls(payload);
      isGreeted = true;
      client.write(framePacket(sequence, said));
    });
    client.on('data', (chunk: Buffer) => requests.read(chunk));
    upstream.on('data', (chunk: Buffer) => replies.read(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    tell: (...told_) => {
      lies = told_;
      told = 0;
    },
    get told() {
      return told;
    },
    hold: (statement) => new Promise((resolve) => (held = { statement, resolve })),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** The server's greeting without the offer of TLS. */
const withoutTls = (greeting: Buffer): Buffer => {
  const capabilities = greeting.indexOf(0, 1) + 1 + 4 + 8 + 1;
  const copy = Buffer.from(greeting);
  copy.writeUInt16LE(copy.readUInt16LE(capabilities) & ~CLIENT_SSL, capabilities);
  return copy;
};

/** Follows one result set: the number of columns, the columns, their end where there is one, and the rows. */
class AnswerReader {
  isOver = false;
  readonly #tell: Lie['tell'] | undefined;
  readonly #onTold: () => void;
  #columns: number | undefined;
  #ends = 0;

  constructor(tell: Lie['tell'] | undefined, onTold: () => void) {
    this.#tell = tell;
    this.#onTold = onTold;
  }

  alter(payload: Buffer): Buffer {
    if (this.#columns === undefined) {
      this.#columns = payload[0] ?? 0;
      // An OK, an error, or a file: no rows.
      this.isOver = [0, 0xfb, 0xff].includes(this.#columns);
      return payload;
    }
    if (this.#columns > 0) {
      this.#columns -= 1;
      return payload;
    }
    const isEnd = (payload[0] === 0xfe || payload[0] === 0xff) && payload.length < 0xffff;
    if (isEnd) {
      this.#ends += 1;
      this.isOver = payload[0] === 0xff || this.#ends === 2;
      return payload;
    }
    if (!this.#tell) return payload;
    const row = readRow(payload);
    const told = this.#tell(row);
    if (told === row) return payload;
    this.#onTold();
    return writeRow(told);
  }
}

const readRow = (payload: Buffer): TextRow => {
  const cells: (string | null)[] = [];
  for (let at = 0; at < payload.length;) {
    const first = payload[at] ?? 0;
    if (first === 0xfb) {
      cells.push(null);
      at += 1;
      continue;
    }
    const size = first < 0xfb ? 0 : first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
    const length =
      size === 0
        ? first
        : size === 8
          ? Number(payload.readBigUInt64LE(at + 1))
          : payload.readUIntLE(at + 1, size);
    at += 1 + size;
    cells.push(payload.toString('latin1', at, at + length));
    at += length;
  }
  return cells;
};

/** Cells are bytes, one a character. */
const writeRow = (cells: TextRow): Buffer =>
  Buffer.concat(
    cells.flatMap((cell) => {
      if (cell === null) return [Buffer.of(0xfb)];
      const bytes = Buffer.from(cell, 'latin1');
      const head = Buffer.alloc(4);
      head.writeUInt8(0xfd, 0);
      head.writeUIntLE(bytes.length, 1, 3);
      return [head, bytes];
    }),
  );

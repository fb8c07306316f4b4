import { type Server, type Socket, createServer } from 'node:net';

/** A server that speaks the protocol as far as its script goes, and then sends whatever the script says. */
export interface FakeServer {
  readonly port: number;
  /** Everything that clients have sent, as text of one byte a character. */
  readonly received: string;
  /** How many bytes it could send, with what waits in its own buffers. */
  readonly sentBytes: number;
  stop(): Promise<void>;
}

export interface FakeScript {
  /** Sent at once, instead of a handshake. */
  readonly greet?: (socket: Socket) => void;
  /** Sent in answer to the login, instead of an OK. */
  readonly logIn?: (socket: Socket) => void;
  /** Sent in answer to a statement; undefined for an OK. */
  readonly answer?: (sql: string) => ((socket: Socket) => void) | undefined;
}

/** A payload in a packet of its own. Text is one byte a character. */
export const toPacket = (payload: Buffer | string, sequence: number): Buffer => {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const header = Buffer.alloc(4);
  header.writeUIntLE(bytes.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, bytes]);
};

export const OK = '\0\0\0\x02\0\0\0';
export const EOF = '\xfe\0\0\x02\0';
const QUERY = 0x03;

/** PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, TRANSACTIONS, MULTI_RESULTS, LONG_PASSWORD. No TLS. */
const HANDSHAKE = [
  '\x0a8.0.40\0',
  '\x07\0\0\0',
  'saltsalt\0',
  '\x01\xa2',
  '\x2d\x02\0',
  '\x0a\0',
  '\x15',
  '\0'.repeat(10),
  'saltsaltsalt\0',
  'mysql_native_password\0',
].join('');

export const startFakeServer = async ({
  greet = (socket) => socket.write(toPacket(HANDSHAKE, 0)),
  logIn = (socket) => socket.write(toPacket(OK, 2)),
  answer = () => undefined,
}: FakeScript): Promise<FakeServer> => {
  const sockets = new Set<Socket>();
  let received = '';
  let sentBytes = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    let isLoggedIn = false;
    socket
      .on('error', () => undefined)
      .once('close', () => {
        sockets.delete(socket);
        sentBytes += socket.bytesWritten;
      });
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
        const payload = rest.subarray(4, 4 + rest.readUIntLE(0, 3));
        rest = rest.subarray(4 + payload.length);
        if (!isLoggedIn) {
          isLoggedIn = true;
          logIn(socket);
        } else if (payload[0] === QUERY) {
          const reply = answer(payload.toString('utf8', 1));
          if (reply) reply(socket);
          else socket.write(toPacket(OK, 1));
        }
      }
    });
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get received() {
      return received;
    },
    get sentBytes() {
      return sentBytes;
    },
    stop: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** Sends the same bytes as long as the client takes them. */
export const flood =
  (first: Buffer, next: (index: number) => Buffer) =>
  (socket: Socket): void => {
    let index = 0;
    const pump = (): void => {
      if (!socket.destroyed && socket.write(next((index += 1)))) setImmediate(pump);
    };
    socket.write(first);
    socket.on('drain', pump);
    pump();
  };

import { type KeyObject, constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { type Server, type Socket, createServer } from 'node:net';

/** Ways to ask a client for its password. The first byte of MariaDB's `dialog` is the kind of the question. */
export const TRICKS = ['caching_sha2_password', 'sha256_password', 'mysql_clear_password', 'dialog'] as const;
export type Trick = (typeof TRICKS)[number];

/** A server without TLS that wants nothing but the password of who logs in. */
export interface LoginTrap {
  readonly port: number;
  /** How often somebody began to log in. */
  readonly logins: number;
  /** Did it get this password, in clear or under its own key? */
  knows(password: string): boolean;
  stop(): Promise<void>;
}

const SCRAMBLE = Buffer.from('abcdefghijklmnopqrst');

export const startLoginTrap = async (trick: Trick): Promise<LoginTrap> => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const heard: Buffer[] = [];
  let logins = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    socket.write(packet(0, handshake()));
    let step = 0;
    socket.on('data', (chunk) => {
      for (const { sequence, payload } of splitPackets(chunk)) {
        heard.push(payload);
        if (step === 0) logins += 1;
        socket.write(packet(sequence + 1, answer(trick, step, payload, pem)));
        step += 1;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get logins() {
      return logins;
    },
    knows: (password) =>
      Buffer.concat(heard).includes(password) ||
      heard.some((payload) => unwrap(payload, privateKey)?.includes(password)),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

const packet = (sequence: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([payload.length & 255, payload.length >> 8, 0, sequence & 255]), payload]);

function* splitPackets(chunk: Buffer): Generator<{ readonly sequence: number; readonly payload: Buffer }> {
  for (let at = 0; at + 4 <= chunk.length;) {
    const length = chunk.readUIntLE(at, 3);
    yield { sequence: chunk[at + 3] ?? 0, payload: chunk.subarray(at + 4, at + 4 + length) };
    at += 4 + length;
  }
}

/** PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH and what every client wants; no SSL. */
const CAPABILITIES = 0x000fa28f & ~0x0800;

const handshake = (): Buffer => {
  const capabilities = Buffer.alloc(4);
  capabilities.writeUInt32LE(CAPABILITIES);
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.36\0'),
    Buffer.from([1, 0, 0, 0]),
    SCRAMBLE.subarray(0, 8),
    Buffer.from([0]),
    capabilities.subarray(0, 2),
    Buffer.from([45, 2, 0]),
    capabilities.subarray(2),
    Buffer.from([21]),
    Buffer.alloc(10),
    SCRAMBLE.subarray(8),
    Buffer.from('\0mysql_native_password\0'),
  ]);
};

const answer = (trick: Trick, step: number, payload: Buffer, pem: string): Buffer => {
  if (step === 0) {
    const data =
      trick === 'dialog' ? Buffer.from('\x04Password: ') : Buffer.concat([SCRAMBLE, Buffer.alloc(1)]);
    return Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${trick}\0`), data]);
  }
  const wantsKey = payload.length === 1 && (payload[0] === 1 || payload[0] === 2);
  if (wantsKey) return Buffer.concat([Buffer.from([1]), Buffer.from(pem)]);
  if (trick === 'caching_sha2_password' && step === 1) return Buffer.from([1, 4]);
  return Buffer.from(`\xff\x15\x04#28000Access denied`, 'latin1');
};

/** What an RSA-wrapped password was, or undefined when this is none. */
const unwrap = (payload: Buffer, key: KeyObject): Buffer | undefined => {
  if (payload.length !== 256) return undefined;
  try {
    const { RSA_PKCS1_OAEP_PADDING: padding } = constants;
    const wrapped = privateDecrypt({ key, padding, oaepHash: 'sha1' }, payload);
    return Buffer.from(wrapped.map((byte, at) => byte ^ (SCRAMBLE[at % SCRAMBLE.length] ?? 0)));
  } catch {
    return undefined;
  }
};

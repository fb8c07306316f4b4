import { type Socket, connect, createServer } from 'node:net';
import type mysql from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import { readFirstColumn } from '../../../../src/adapters/mysql/connection/rows.js';
import { together } from '../../../../src/adapters/mysql/connection/together.js';
import { availableFlavors } from '../../../support/flavors.js';
import { PacketReader, framePacket } from '../../../support/packet-frames.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

/** Stands between, and writes down what passes. */
interface Tap {
  readonly port: number;
  /** Statements as they are sent, and an `answer` for each packet of the server that begins one. */
  readonly log: string[];
  /** Answers are kept back until `release`. */
  keep(): void;
  release(): void;
  /** Resolves when so many statements have been sent since the log was emptied. */
  sent(statements: number): Promise<void>;
  cut(): void;
  stop(): Promise<void>;
}

const startTap = async (port: number, { tracksSessions = true } = {}): Promise<Tap> => {
  const log: string[] = [];
  const sockets = new Set<Socket>();
  let kept: (() => void)[] | undefined;
  let onSent: () => void = () => undefined;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket.setNoDelay());
      socket.on('error', () => undefined).once('close', () => (sockets.delete(socket), other.destroy()));
    }
    const requests = new PacketReader((sequence, payload) => {
      if (sequence === 0) {
        // MySQL's clients send the number of parameters first: none, in one set.
        log.push(payload.toString('utf8', payload[1] === 0 && payload[2] === 1 ? 3 : 1));
        onSent();
      }
      upstream.write(framePacket(sequence, payload));
    });
    let isGreeted = false;
    const answers = new PacketReader((sequence, payload) => {
      if (isGreeted && sequence === 1) log.push('answer');
      const packet = framePacket(sequence, isGreeted ? payload : alterGreeting(payload, tracksSessions));
      isGreeted = true;
      if (kept) kept.push(() => client.write(packet));
      else client.write(packet);
    });
    client.on('data', (chunk: Buffer) => requests.read(chunk));
    upstream.on('data', (chunk: Buffer) => answers.read(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    log,
    keep: () => (kept = []),
    release: () => {
      const waiting = kept ?? [];
      kept = undefined;
      for (const write of waiting) write();
    },
    sent: (statements) =>
      new Promise((resolve) => {
        onSent = () => {
          if (log.filter((line) => line !== 'answer').length >= statements) resolve();
        };
        onSent();
      }),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};

const CLIENT_SSL = 0x0800;
/** In the upper half. */
const SESSION_TRACK = 0x80;

/** Without the offer of TLS; and, as proxies do, without that of telling changes of the session. */
const alterGreeting = (greeting: Buffer, tracksSessions: boolean): Buffer => {
  const at = greeting.indexOf(0, 1) + 1 + 4 + 8 + 1;
  const copy = Buffer.from(greeting);
  copy.writeUInt16LE(copy.readUInt16LE(at) & ~CLIENT_SSL, at);
  const upper = at + 2 + 1 + 2;
  if (!tracksSessions) copy.writeUInt16LE(copy.readUInt16LE(upper) & ~SESSION_TRACK, upper);
  return copy;
};

describe.each(
  availableFlavors()
    .filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7')
    .map((flavor) => [flavor.id, flavor] as const),
)('statements to %s', (_id, flavor) => {
  let server: TestServer;
  const open: (() => unknown)[] = [];
  const openThrough = async (tap: Tap, { isPipelined = true } = {}): Promise<mysql.Connection> => {
    const connection = await openConnection({ ...endpointOf(tap), tls: { mode: 'disabled' }, isPipelined });
    open.push(() => connection.destroy());
    tap.log.length = 0;
    return connection;
  };
  const tapIt = async (options?: { readonly tracksSessions: boolean }): Promise<Tap> => {
    const tap = await startTap(server.port, options);
    open.push(() => tap.stop());
    return tap;
  };

  beforeAll(async () => {
    server = await flavor.start();
  });
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });
  afterAll(() => server.stop());

  test('are sent before those ahead of them are answered, and their answers are told apart', async () => {
    const tap = await tapIt();
    const connection = await openThrough(tap);
    tap.keep();
    const answers = [1, 2, 3].map((number) => readFirstColumn(connection, `SELECT ${number}`));
    await tap.sent(3);
    tap.release();
    expect(await Promise.all(answers)).toEqual([['1'], ['2'], ['3']]);
    // The connection is as good as before.
    expect(await readFirstColumn(connection, 'SELECT 4')).toEqual(['4']);
  });

  test('one that fails is told by its own error, and those behind it have run', async () => {
    const tap = await tapIt();
    const connection = await openThrough(tap);
    tap.keep();
    const answers = Promise.allSettled([
      connection.query('SET @a = 1'),
      connection.query('SELECT * FROM nowhere.to_be_found'),
      readFirstColumn(connection, 'SELECT @a'),
    ]);
    await tap.sent(3);
    tap.release();
    expect(await answers).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { message: expect.stringContaining('nowhere') as string } },
      { status: 'fulfilled', value: ['1'] },
    ]);
  });

  test('of several that fail the first one is thrown, when all are answered', async () => {
    const connection = await openThrough(await tapIt());
    const run = (name: string): Promise<unknown> => connection.query(`SELECT ${name}`);
    let isAnswered = false;
    const last = connection.query('SELECT 1').then(() => (isAnswered = true));
    await expect(together([run('first'), run('second'), last])).rejects.toThrow('first');
    expect(isAnswered).toBe(true);
  });

  test('wait behind a statement that is prepared, and keep their order', async () => {
    const tap = await tapIt();
    const connection = await openThrough(tap);
    const [before, prepared, after, last] = await Promise.all([
      readFirstColumn(connection, "SELECT 'before'"),
      connection.prepare("SELECT 'prepared'"),
      readFirstColumn(connection, "SELECT 'after'"),
      readFirstColumn(connection, "SELECT 'last'"),
    ]);
    expect([before, after, last]).toEqual([['before'], ['after'], ['last']]);
    expect(prepared).toBeDefined();
  });

  test('all fail when the connection is lost', async () => {
    const tap = await tapIt();
    const connection = await openThrough(tap);
    tap.keep();
    const answers = Promise.allSettled([1, 2, 3].map((number) => connection.query(`SELECT ${number}`)));
    await tap.sent(3);
    tap.cut();
    expect(await answers).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
  });

  const ONE_BY_ONE = ['SELECT 1', 'answer', 'SELECT 2', 'answer', 'SELECT 3', 'answer'];

  test('go one by one where the person says so', async () => {
    const tap = await tapIt();
    const connection = await openThrough(tap, { isPipelined: false });
    await Promise.all([1, 2, 3].map((number) => connection.query(`SELECT ${number}`)));
    expect(tap.log).toEqual(ONE_BY_ONE);
  });

  test('go one by one where something stands between that does not tell what a statement set', async () => {
    const tap = await tapIt({ tracksSessions: false });
    const connection = await openThrough(tap);
    await Promise.all([1, 2, 3].map((number) => connection.query(`SELECT ${number}`)));
    expect(tap.log).toEqual(ONE_BY_ONE);
  });
});

import { connect, createServer } from 'node:net';
import fc from 'fast-check';
import type { TestServer } from './servers.js';

/** What a server sent, one chunk for each time that the client had spoken; the greeting comes first. */
export type Turns = readonly Buffer[];

export interface TrafficRecorder {
  readonly port: number;
  /** Of the connections that were opened since the last call. */
  take(): Turns;
  stop(): Promise<void>;
}

/** Stands between a client and a server and keeps what the server says. One connection at a time. */
export const recordTraffic = async ({ port }: Pick<TestServer, 'port'>): Promise<TrafficRecorder> => {
  let turns: Buffer[][] = [];
  const proxy = createServer((client) => {
    turns.push([]);
    const upstream = connect(port, '127.0.0.1');
    client.on('data', (chunk: Buffer) => {
      turns.push([]);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      turns.at(-1)?.push(chunk);
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on('error', () => undefined).once('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    take: () => {
      const taken = turns.map((chunks) => Buffer.concat(chunks)).filter(({ length }) => length > 0);
      turns = [];
      return taken;
    },
    stop: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
};

/** One change to a turn; every number is taken modulo what there is. */
type Mutation = (turn: Buffer, at: number, value: number, other: Buffer) => Buffer;

const replace = (turn: Buffer, from: number, to: number, ...by: readonly Buffer[]): Buffer =>
  Buffer.concat([turn.subarray(0, from), ...by, turn.subarray(to)]);

/** The packet of this number: where its header begins, and where it ends. */
const findPacket = (turn: Buffer, number: number): { readonly from: number; readonly to: number } => {
  const starts: number[] = [];
  for (let at = 0; at + 4 <= turn.length; at += 4 + turn.readUIntLE(at, 3)) starts.push(at);
  const from = starts[number % Math.max(1, starts.length)] ?? 0;
  const length = turn.length >= from + 4 ? turn.readUIntLE(from, 3) : 0;
  return { from, to: Math.min(turn.length, from + 4 + length) };
};

/** Changes a packet and makes its header fit, so that the change is what is read. */
const withinPacket =
  (change: (payload: Buffer, value: number, other: Buffer) => Buffer): Mutation =>
  (turn, at, value, other) => {
    const { from, to } = findPacket(turn, at);
    if (to - from < 4) return turn;
    const payload = change(turn.subarray(from + 4, to), value, other);
    const header = Buffer.from(turn.subarray(from, from + 4));
    header.writeUIntLE(payload.length, 0, 3);
    return replace(turn, from, to, header, payload);
  };

const LENGTHS = [0, 1, 2, 3, 4, 5, 8, 250, 251, 252, 255, 65_535, 65_536, 1_048_577, 0xff_ff_fe, 0xff_ff_ff];
const PREFIXES = [
  '\0',
  '\xfa',
  '\xfb',
  '\xfc\xff\xff',
  '\xfd\xff\xff\xff',
  '\xfe\xff\xff\xff\xff\xff\xff\xff\xff',
  '\xfe\0\0\0\0\0\0\x10\0',
  '\xff',
  '\xff\0\0#HY000',
].map((text) => Buffer.from(text, 'latin1'));

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flip: (turn, at, value) => {
    const copy = Buffer.from(turn);
    const index = at % turn.length;
    copy.writeUInt8(copy.readUInt8(index) ^ (1 << (value % 8)), index);
    return copy;
  },
  set: (turn, at, value) => replace(turn, at % turn.length, (at % turn.length) + 1, Buffer.of(value & 0xff)),
  truncate: (turn, at) => turn.subarray(0, at % turn.length),
  cutOut: (turn, at, value) => replace(turn, at % turn.length, (at % turn.length) + 1 + (value % 16)),
  splice: (turn, at, value, other) =>
    replace(turn, at % turn.length, at % turn.length, other.subarray(value % other.length)),
  packetLength: (turn, at, value) => {
    const { from } = findPacket(turn, at);
    if (turn.length < from + 4) return turn;
    const copy = Buffer.from(turn);
    copy.writeUIntLE(LENGTHS[value % LENGTHS.length] ?? 0, from, 3);
    return copy;
  },
  packetNumber: (turn, at, value) => {
    const { from } = findPacket(turn, at);
    return turn.length < from + 4 ? turn : replace(turn, from + 3, from + 4, Buffer.of(value & 0xff));
  },
  duplicate: (turn, at) => {
    const { from, to } = findPacket(turn, at);
    return replace(turn, to, to, turn.subarray(from, to));
  },
  drop: (turn, at) => {
    const { from, to } = findPacket(turn, at);
    return replace(turn, from, to);
  },
  shorten: withinPacket((payload, value) => payload.subarray(0, value % (payload.length + 1))),
  lengthen: withinPacket((payload, value, other) =>
    Buffer.concat([payload, other.subarray(value % other.length)]),
  ),
  prefix: withinPacket((payload, value) => {
    const prefix = PREFIXES[value % PREFIXES.length] ?? Buffer.alloc(0);
    const at = (value >> 4) % (payload.length + 1);
    return replace(payload, at, Math.min(payload.length, at + 1), prefix);
  }),
};

/** Sent to the client: turns after some changes, cut into chunks at these places. */
export interface HostileTraffic {
  /** Which of the recordings it comes from. */
  readonly recording: number;
  readonly turns: readonly Buffer[];
  readonly cuts: readonly number[];
}

/** The same as fast-check prints it, to be kept. */
export interface KeptTraffic {
  readonly recording: number;
  /** In base64. */
  readonly turns: readonly string[];
  readonly cuts: readonly number[];
}

const asPrinted = ({ recording, turns, cuts }: HostileTraffic): HostileTraffic & fc.WithToStringMethod => ({
  recording,
  turns,
  cuts,
  [fc.toStringMethod]: () =>
    JSON.stringify({ recording, turns: turns.map((turn) => turn.toString('base64')), cuts }),
});

export const toTraffic = ({ recording, turns, cuts }: KeptTraffic): HostileTraffic =>
  asPrinted({ recording, turns: turns.map((text) => Buffer.from(text, 'base64')), cuts });

/** Real traffic after one to four changes. */
export const hostileTraffic = (recordings: readonly Turns[]): fc.Arbitrary<HostileTraffic> => {
  const all = recordings.flat();
  const mutation = fc.record({
    turn: fc.nat(),
    change: fc.constantFrom(...Object.keys(MUTATIONS)),
    at: fc.nat(),
    value: fc.nat({ max: 65_535 }),
    other: fc.nat({ max: all.length - 1 }),
  });
  return fc
    .record({
      recording: fc.nat({ max: recordings.length - 1 }),
      mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
      cuts: fc.array(fc.nat({ max: 4_096 }), { maxLength: 12 }),
    })
    .map(({ recording, mutations, cuts }) => {
      const turns = [...(recordings[recording] ?? [])];
      for (const { turn, change, at, value, other } of mutations) {
        const index = turn % turns.length;
        const bytes = turns[index];
        const spliced = all[other];
        if (bytes && spliced && bytes.length > 0)
          turns[index] = MUTATIONS[change]?.(bytes, at, value, spliced) ?? bytes;
      }
      return asPrinted({ recording, turns, cuts });
    });
};

export const toChunks = ({ turns, cuts }: HostileTraffic): readonly Buffer[] =>
  turns.flatMap((turn) => {
    const places = [...new Set([0, ...cuts.filter((place) => place < turn.length)])].sort((a, b) => a - b);
    return places.map((from, index) => turn.subarray(from, places[index + 1] ?? turn.length));
  });

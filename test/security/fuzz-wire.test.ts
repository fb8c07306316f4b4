import { Duplex } from 'node:stream';
import fc from 'fast-check';
import mysql from 'mysql2';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  isConnectionLost,
  isMalformedReply,
  toConnectError,
  toServerError,
} from '../../src/adapters/mysql/connection/errors.js';
import { MalformedReply } from '../../src/adapters/mysql/protocol/malformed-reply.js';
import { Replies } from '../../src/adapters/mysql/native/wire/replies.js';
import { RowDecoder } from '../../src/adapters/mysql/native/read/row-decoder.js';
import type { RowSink, RowWriter } from '../../src/adapters/mysql/native/wire/row-sink.js';
import { guardReplies } from '../../src/adapters/mysql/protocol/reply-guard.js';
import { anEndpoint } from '../support/inventory.js';
import { measureKeptBytes } from '../support/kept-bytes.js';
import { ROOT, startServer } from '../support/servers.js';
import {
  type HostileTraffic,
  type KeptTraffic,
  type Turns,
  hostileTraffic,
  recordTraffic,
  toChunks,
  toTraffic,
} from '../support/wire-traffic.js';

/** Real traffic, altered: everything that reads it ends, in bounds, with an error of ours. More: bench/fuzz-wire.mjs. */

/** Seconds for each reader and the seed; the suite runs a number of cases instead. */
const { MYSQL_SYNC_FUZZ_SECONDS: wantedSeconds, MYSQL_SYNC_FUZZ_SEED: wantedSeed } = process.env;
const SEED = Number(wantedSeed ?? 20_260_101);
const CASES = { rows: 4_000, replies: 4_000, guard: 1_000 } as const;
/** A reader gets this long, or what was asked for, and something to begin and to end. */
vi.setConfig({ testTimeout: 1_000 * Number(wantedSeconds ?? 0) + 60_000 });

/** What failed once, as the test printed it. */
const KEPT: Readonly<Record<'rows' | 'replies' | 'guard', readonly KeptTraffic[]>> = {
  rows: [],
  replies: [],
  guard: [
    // An error that answers nothing: its number stands where codes are words.
    {
      recording: 4,
      turns: [
        'ZAAAAAo1LjUuNS0xMC4xMS4xOS1NYXJpYURCLTArZGViMTJ1MQAKAAAANUlSPyU7OUkA/vcIAgD/gRUAAAAAAAAdAAAAR2ZONFhAc0dEYkBYAG15c3FsX25hdGl2ZV9wYXNzd29yZAA=',
        'BwAAAgAAAAIAAAA=',
        'HQAAAf8WBCMzRDAwME5vIGRhdGFiYXNlIHNlbGVjdGVkHQAAAf8WBCMzRDAwME5vIGRhdGFiYXNlIHNlbGVjdGVk',
      ],
      cuts: [],
    },
    // An OK whose text has no length: mysql2 printed where it was.
    {
      recording: 0,
      turns: [
        'ZAAAAAo1LjUuNS0xMC4xMS4xOS1NYXJpYURCLTArZGViMTJ1MQAKAAAANUlSPyU7OUkA/vcIAgD/gRUAAAAAAAAdAAAAR2ZONFhAc0dEYkBYAG15c3FsX25hdGl2ZV9wYXNzd29yZAA=',
        'BwAAAgAAAAIAAAA=',
        'CAAAAQAAAAIAAAD/',
      ],
      cuts: [],
    },
    // A column of no character set that there is.
    {
      recording: 0,
      turns: [
        'bAAAAAs1LjUuNS0xMC4xMS4xOS1NYXJpYURCLTArZGViMTJ1/gAAAAAAABAAAAYAAABgcj57c05tWgD+9wgCAP+BFQAAAAAAAB0AAABaNjxoek9YT19yPyIAbXlzcWxfbmF0aXZlX3Bhc3N3b3JkAA==',
        'BwAAAgAAAAIAAAA=',
        'AQAAAQEYAAACA2RlZgAAAAExAAAMPwABAAAAA4EAAAAABQAAA/4AAAIAAgAABAExBQAABf4AAAIA',
      ],
      cuts: [],
    },
  ],
};

const QUERIES: readonly (readonly [columns: number, sql: string])[] = [
  [1, 'SELECT 1'],
  [3, "SELECT 1, NULL, 'text' UNION ALL SELECT 2, 'x', REPEAT('y', 300)"],
  [2, "SELECT REPEAT('a', 70000), 1.5e10"],
  [1, 'SELECT 1 WHERE 0'],
  [4, 'SELECT seq, MD5(seq), NULL, UNHEX(SHA2(seq, 256)) FROM seq_1_to_60'],
  [1, "SELECT REPEAT('z', 1100000)"],
  [1, 'SELECT nothing FROM nowhere'],
];
const STATEMENTS = [
  'SET @a = 1',
  'CREATE TEMPORARY TABLE d.t (a INT)',
  'INSERT INTO d.t VALUES (1), (2)',
  'INSERT INTO d.t',
];

/** Each question on a connection of its own: greeting, login, answer. */
let conversations: readonly (readonly [sql: string, turns: Turns])[] = [];

beforeAll(async () => {
  const server = await startServer();
  const recorder = await recordTraffic(server);
  try {
    await server.query('CREATE DATABASE d');
    const ask = async (...questions: readonly string[]): Promise<Turns> => {
      const connection = mysql.createConnection({
        host: '127.0.0.1',
        port: recorder.port,
        user: ROOT.user,
        password: ROOT.password,
      });
      for (const sql of questions)
        await new Promise<void>((resolve) => connection.query(sql, () => resolve()));
      connection.destroy();
      return recorder.take();
    };
    const asked: [string, Turns][] = [];
    for (const [, sql] of QUERIES) asked.push([sql, await ask(sql)]);
    asked.push([STATEMENTS.join(';'), await ask(...STATEMENTS)]);
    conversations = asked;
  } finally {
    await recorder.stop();
    await server.stop();
  }
});

const outcomes: string[] = [];
afterAll(() => {
  vi.resetConfig();
  process.stdout.write(outcomes.map((line) => `${line}\n`).join(''));
});

/** Runs the cases, then says in one line how many there were, how long they took, and by which seed they come again. */
const fuzz = async (
  reader: keyof typeof KEPT,
  recordings: readonly Turns[],
  tryOne: (traffic: HostileTraffic) => Promise<void> | void,
): Promise<void> => {
  const before = measureKeptBytes();
  const start = performance.now();
  let cases = 0;
  await fc.assert(
    fc.asyncProperty(hostileTraffic(recordings), async (traffic) => {
      cases += 1;
      await tryOne(traffic);
    }),
    {
      seed: SEED,
      examples: KEPT[reader].map((kept) => [toTraffic(kept)]),
      ...(wantedSeconds === undefined
        ? { numRuns: CASES[reader] }
        : { numRuns: Infinity, interruptAfterTimeLimit: 1_000 * Number(wantedSeconds) }),
    },
  );
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  const grown = measureKeptBytes() - before;
  outcomes.push(`fuzzed ${reader}: ${cases} cases in ${seconds} s, seed ${SEED}`);
  expect(cases).toBeGreaterThan(0);
  // A case has up to 1 MB, so that keeping them would be gigabytes.
  expect(grown).toBeLessThan(50_000_000);
};

/** Counts what a decoder passes on. */
class Accountant implements RowWriter, RowSink {
  readonly isFull = false;
  readonly mustStop = false;
  steps = 0;
  passedBytes = 0;

  beginRow(): RowSink {
    this.steps += 1;
    return this;
  }

  async whenReady(): Promise<void> {
    // Never full.
  }

  nullCell(): void {
    this.steps += 1;
  }

  cell(chunk: Buffer, start: number, from: number, to: number): void {
    this.#pass(chunk, start, from, to);
  }

  openCell(): void {
    this.steps += 1;
  }

  part(chunk: Buffer, from: number, to: number): void {
    this.#pass(chunk, from, from, to);
  }

  closeCell(): void {
    this.steps += 1;
  }

  endRow(): void {
    this.steps += 1;
  }

  #pass(chunk: Buffer, start: number, from: number, to: number): void {
    this.steps += 1;
    this.passedBytes += to - start;
    if (!(0 <= start && start <= from && from <= to && to <= chunk.length))
      throw new Error(`read from ${start} to ${to} of ${chunk.length} bytes`);
  }
}

const isServersOwn = (error: unknown): boolean => error instanceof Error && 'sqlState' in error;

test('altered answers with rows: their reader ends in bounds, with an error of its own at most', async () => {
  const answers = conversations.slice(0, QUERIES.length).map(([, turns]) => turns.slice(2));
  await fuzz('rows', answers, (traffic) => {
    const accountant = new Accountant();
    const decoder = new RowDecoder(QUERIES[traffic.recording]?.[0] ?? 1, accountant);
    let given = 0;
    try {
      for (const chunk of toChunks(traffic)) {
        given += chunk.length;
        // A lane reads into one buffer: what it handed out is gone after it returns.
        const lent = Buffer.from(chunk);
        decoder.feed(lent);
        lent.fill(0xee);
        if (decoder.isEnded) break;
      }
    } catch (error) {
      if (!(error instanceof MalformedReply) && !isServersOwn(error)) throw error;
    }
    expect(accountant.passedBytes).toBeLessThanOrEqual(given);
    expect(accountant.steps).toBeLessThanOrEqual(4 * given);
    expect(decoder.bytes).toBeLessThanOrEqual(given);
  });
});

test('altered answers without rows: their reader ends with an error of its own at most', async () => {
  const [, turns = []] = conversations.at(-1) ?? [];
  const answers = turns.slice(2);
  await fuzz(
    'replies',
    answers.map((answer) => [answer]),
    async (traffic) => {
      const replies = new Replies();
      replies.expect(() => undefined);
      for (const chunk of toChunks(traffic)) replies.receive(Buffer.from(chunk));
      replies.lose(new MalformedReply('the end'));
      await replies.settle(0).catch((error: unknown) => {
        if (!(error instanceof MalformedReply) && !isServersOwn(error)) throw error;
      });
    },
  );
});

/** A socket whose other end is the test. */
const openDeaf = (): Duplex =>
  new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });

const endpoint = anEndpoint('source', 'prod');

/** What becomes of a login and of a question, once all has arrived and the connection is lost. */
const converse = async (sql: readonly string[], traffic: HostileTraffic): Promise<readonly Error[]> => {
  const errors: Error[] = [];
  const stream = openDeaf();
  const connection = mysql.createConnection({
    user: ROOT.user,
    password: ROOT.password,
    stream: () => stream as never,
    connectTimeout: 0,
    disableEval: true,
    flags: ['-LOCAL_FILES'],
  });
  guardReplies(connection);
  connection.on('error', (error: Error) => errors.push(error));
  const answered = sql.map(
    (question) =>
      new Promise<void>((resolve) => {
        connection.query(question, (error) => {
          if (error) errors.push(error);
          resolve();
        });
      }),
  );
  // As a socket does, so that what is thrown is thrown here: in the product it would end the process.
  for (const chunk of toChunks(traffic)) if (!stream.destroyed) stream.emit('data', Buffer.from(chunk));
  stream.destroy();
  await Promise.all(answered);
  return errors;
};

test('altered logins and answers before mysql2: every statement ends, with an error that is no bug, and it prints nothing', async () => {
  const prints = (['trace', 'warn', 'error', 'log'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => undefined),
  );
  onTestFinished(() => prints.forEach((print) => print.mockRestore()));
  // mysql2 makes objects of all, so a long row takes longer than it tells.
  const short = conversations.filter(([, turns]) => Buffer.concat(turns).length < 100_000);
  await fuzz(
    'guard',
    short.map(([, turns]) => turns),
    async (traffic) => {
      const [sql = ''] = short[traffic.recording] ?? [];
      for (const error of await converse(sql.split(';'), traffic)) {
        const isKnown =
          isMalformedReply(error) || isConnectionLost(error) || isServersOwn(error) || 'code' in error;
        expect(isKnown, `${error.name}: ${error.message}`).toBe(true);
        expect(toServerError(error, endpoint, 'ask').code).not.toBe('BUG');
        expect(toConnectError(error, endpoint).code).not.toBe('BUG');
      }
      for (const print of prints) expect(print).not.toHaveBeenCalled();
    },
  );
});

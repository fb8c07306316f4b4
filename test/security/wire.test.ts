import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type LaneConnection,
  openLaneConnection,
} from '../../src/adapters/mysql/native/lanes/lane-connection.js';
import { SOURCE_SETTINGS } from '../../src/adapters/mysql/native/lanes/lane-session.js';
import { Lane } from '../../src/adapters/mysql/native/lanes/lanes.js';
import { restoreJsonTypes } from '../../src/adapters/mysql/native/tables/restore-json-types.js';
import { WHOLE_TABLE, listKeyColumns } from '../../src/adapters/mysql/rows/split-key.js';
import { listTransferColumns } from '../../src/adapters/mysql/native/statements/transfer-columns.js';
import { onOwnConnection } from '../../src/adapters/mysql/connection/own-connection.js';
import { readRows } from '../../src/adapters/mysql/connection/rows.js';
import type { Endpoint } from '../../src/core/server/connection.js';
import { SyncError } from '../../src/core/errors.js';
import { toConnectionName, toDatabaseName } from '../../src/core/names.js';
import { spawnCli } from '../support/cli.js';
import {
  EOF,
  type FakeScript,
  type FakeServer,
  flood,
  startFakeServer,
  toPacket,
} from '../support/fake-server.js';
import { type Home, makeHome } from '../support/home.js';
import { aTable } from '../support/inventory.js';
import { saveUnused } from '../support/saved-home.js';
import { LaneMemory } from '../../src/adapters/mysql/native/wire/lane-memory.js';

/** The wire protocol reader trusts no length: the built command line against servers that send what no server sends. */

let home: Home;
let server: FakeServer | undefined;
beforeEach(() => {
  home = makeHome();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  home.close();
});

const start = async (script: FakeScript): Promise<FakeServer> => {
  server = await startFakeServer(script);
  await saveUnused(home, 'evil', server.port);
  return server;
};

const send =
  (...packets: readonly Buffer[]) =>
  (socket: Socket): void => {
    socket.write(Buffer.concat(packets));
  };
const isQuestion = (sql: string): boolean => /^\s*(SELECT|SHOW)/i.test(sql);
/** Answers all that is asked, once the login and the settings are done. */
const toQuestions = (reply: (socket: Socket) => void): FakeScript => ({
  answer: (sql) => (isQuestion(sql) ? reply : undefined),
});

/** A script's answer that says nothing, and when it was called for. */
const awaitQuestion = (): { readonly question: () => void; readonly asked: Promise<void> } => {
  let question: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (question = resolve));
  return { question: () => question(), asked };
};

const definition = (name: string): string =>
  ['def', '', '', '', name, name, '\x2d\0\xff\0\0\0\xfd\0\0\0\0\0']
    .map((text) => String.fromCharCode(text.length) + text)
    .join('');
/** Of one column; the next packet is number 4. */
const HEAD = Buffer.concat([toPacket('\x01', 1), toPacket(definition('a'), 2), toPacket(EOF, 3)]);
const PIECE = toPacket(Buffer.alloc(0xff_ff_ff, 'a'), 0);
const pieces =
  (first: number) =>
  (index: number): Buffer => {
    PIECE[3] = (first + index) & 0xff;
    return Buffer.from(PIECE);
  };

const NASTY: readonly (readonly [attack: string, script: FakeScript, says: RegExp])[] = [
  [
    'a result of billions of columns',
    toQuestions(send(toPacket('\xfe\xff\xff\xff\xff\x01\0\0\0', 1))),
    /broke the protocol: a result of 8589934591 columns/,
  ],
  [
    'a packet of 4 GB in pieces of 16 MB',
    toQuestions(flood(HEAD, pieces(3))),
    /broke the protocol: a packet of \d{8} bytes/,
  ],
  [
    'a request for /etc/passwd in answer to a question',
    toQuestions(send(toPacket('\xfb/etc/passwd', 1))),
    /broke the protocol: it asked for a file that it was not offered/,
  ],
  [
    'a request for /etc/passwd in answer to a setting',
    { answer: () => send(toPacket('\xfb/etc/passwd', 1)) },
    /broke the protocol/,
  ],
  [
    'a cell longer than its packet',
    toQuestions(send(HEAD, toPacket('\xfd\xff\xff\xffa', 4))),
    /broke the protocol: a cell is longer than its packet/,
  ],
  [
    'a packet of another number',
    toQuestions(send(HEAD, toPacket('\x01a', 9))),
    /broke the protocol: a packet out of sequence/,
  ],
  [
    'more cells than columns',
    toQuestions(send(HEAD, toPacket('\x01a\x01b', 4))),
    /broke the protocol: 2 cells in a row/,
  ],
  [
    'a column definition cut short',
    toQuestions(send(toPacket('\x01', 1), toPacket('\x03de', 2))),
    /broke the protocol: a cell is longer than its packet/,
  ],
  ['an error without a number', toQuestions(send(toPacket('\xff', 1))), /an error without a number/],
  [
    'the end of the connection in the middle of a row',
    toQuestions((socket) => socket.end(Buffer.concat([HEAD, toPacket('\x05abcde', 4).subarray(0, 6)]))),
    /closed the connection|Connection lost/i,
  ],
  [
    'another protocol',
    { greet: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n') },
    /an SSH server listens there: it said "SSH-2\.0-OpenSSH_9\.2"/,
  ],
  [
    'a handshake cut short',
    { greet: send(toPacket('\x0a8.0.40\0\x07\0', 0)) },
    /broke the protocol|outside buffer|out of range/,
  ],
  ['no handshake but an OK', { greet: send(toPacket('', 0)) }, /broke the protocol: an empty packet/],
  [
    'a login without an end',
    {
      logIn: flood(Buffer.alloc(0), (index) => toPacket('\x01\x03', (index + 1) & 0xff)),
    },
    /broke the protocol|unexpected data|AuthMoreData|plugin/i,
  ],
  [
    'a switch to a login that sends the password as it is',
    { logIn: send(toPacket('\xfemysql_clear_password\0', 2)) },
    /cleartext|clear/i,
  ],
  [
    'a switch to a login that nobody knows',
    { logIn: send(toPacket('\xfeno_such_plugin\0salt', 2)) },
    /no_such_plugin/,
  ],
];

const endpointAt = (port: number): Endpoint => ({
  name: toConnectionName('evil'),
  role: 'target',
  address: { kind: 'tcp', host: '127.0.0.1', port },
  user: 'u',
  tls: { mode: 'disabled' },
  access: 'read-write',
  isProtected: false,
  timeoutMilliseconds: 20_000,
  isPipelined: true,
});

describe('a question', () => {
  test.each(NASTY)('%s: one error, in time, and no file leaves', async (_, script, says) => {
    const fake = await start(script);
    const asking = onOwnConnection(endpointAt(fake.port), 'ask', (connection) =>
      readRows(connection, 'SELECT 1'),
    );
    await expect(asking).rejects.toThrow(says);
    await expect(asking).rejects.toBeInstanceOf(SyncError);
    expect(fake.received).not.toContain('root:');
  });

  test('a packet of 4 GB: little more than the limit of 64 MiB is ever taken', async () => {
    const fake = await start(toQuestions(flood(HEAD, pieces(3))));
    const asking = onOwnConnection(endpointAt(fake.port), 'ask', (connection) =>
      readRows(connection, 'SELECT 1'),
    );
    await expect(asking).rejects.toThrow(/a packet of \d{8} bytes/);
    await fake.stop();
    expect(fake.sentBytes).toBeLessThan(200_000_000);
  });
});

describe('a question of a lane', () => {
  test.each(NASTY)('%s: one error, in time', async (_, script, says) => {
    const { port } = await start(script);
    const ask = async (): Promise<unknown> => {
      const lane = await openLaneConnection(endpointAt(port), 'mysql', SOURCE_SETTINGS, new LaneMemory());
      try {
        return await lane.queryRows('SELECT 1');
      } finally {
        lane.destroy(new Error('the test is over'));
      }
    };
    await expect(ask()).rejects.toThrow(says);
  });
});

/** A source says which rows have which values in their documents, and from that statements for the target are made. */
describe('documents of a source that lies', () => {
  const DOCUMENT = { name: 'doc', dataType: 'json', columnType: 'json', isGenerated: false } as const;
  const ID = { name: 'id', dataType: 'int', columnType: 'int', isGenerated: false } as const;
  const rest = { charset: undefined, collation: undefined } as const;
  const keyed = [
    { ...ID, ...rest, primaryKeyPosition: 1 },
    { ...DOCUMENT, ...rest, primaryKeyPosition: undefined },
  ];
  const EVIL = '1) OR (1=1';

  test.each([
    ['the key of a row', keyed, [EVIL, '$.a', 'DECIMAL', '1.5'], /gave no number for a key column/],
    ['the digest of a row', keyed.slice(1), [EVIL, '$.a', 'DECIMAL', '1.5'], /gave no number for the digest/],
    ['a decimal', keyed, ['1', '$.a', 'DECIMAL', EVIL], /no statement writes the DECIMAL/],
    ['a type', keyed, ['1', '$.a', `DATE) ${EVIL}`, '2024-01-01'], /no statement writes the DATE/],
    ['bytes', keyed, ['1', '$.a', 'BLOB', `base64:type252:AA'${EVIL}`], /no statement writes the BLOB/],
  ] as const)('SQL in %s: no statement is made of it', async (_, columns, cells, says) => {
    const row = cells.map((cell) => String.fromCharCode(cell.length) + cell).join('');
    const head = [
      toPacket('\x04', 1),
      ...cells.map((__, at) => toPacket(definition('a'), at + 2)),
      toPacket(EOF, 6),
    ];
    const fake = await start({
      answer: (sql) =>
        sql.startsWith('WITH RECURSIVE') ? send(...head, toPacket(row, 7), toPacket(EOF, 8)) : undefined,
    });
    const sides = await Promise.all(
      [0, 1].map(() => openLaneConnection(endpointAt(fake.port), 'mysql', SOURCE_SETTINGS, new LaneMemory())),
    );
    const [source, target] = sides as [LaneConnection, LaneConnection];
    const table = aTable('t', { columns });
    const sql = {
      entry: { table, where: null },
      columns: listTransferColumns(table, { enums: 'labels' }),
      key: listKeyColumns(table),
    };
    const place = { database: toDatabaseName('shop'), table: table.name };
    await expect(
      restoreJsonTypes(new Lane(source, target), sql, { from: place, into: place }, WHOLE_TABLE),
    ).rejects.toThrow(says);
    for (const side of sides) side.destroy(new Error('the test is over'));
    expect(fake.received).not.toContain('1=1');
    expect(fake.received).not.toContain('REPLACE');
  });
});

describe.each([['plan'], ['apply', '--no-input']])('%s', (...argv) => {
  const writePlan = (port: number): string => {
    const path = join(home.folder, 'sync.yaml');
    const side = (name: string): string =>
      `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: u, access: read-write, tls: {mode: disabled}}`;
    writeFileSync(
      path,
      `version: 1\nsource: ${side('one')}\ntarget: ${side('two')}\ndatabases: [{name: shop}]\n`,
    );
    return path;
  };

  test.each(NASTY.slice(1, 3))('%s: one error, in time', async (_, script, says) => {
    const { port } = await start(script);
    const [command = '', ...flags] = argv;
    const { code, stdout, stderr } = await home.run([command, writePlan(port), ...flags]);
    expect(`${stdout}${stderr}`).toMatch(says);
    expect([3, 4]).toContain(code);
  });

  test('a server that never answers: SIGTERM ends it', async () => {
    const { question, asked } = awaitQuestion();
    const fake = await start(toQuestions(question));
    const [command = '', ...flags] = argv;
    const { child, ended } = spawnCli([command, writePlan(fake.port), ...flags], { home: home.folder });
    await asked;
    child.kill('SIGTERM');
    const { code, signal } = await ended;
    expect(code ?? signal).not.toBe(0);
  });

  test('a server whose rows never end: SIGTERM ends it while they are read', async () => {
    const { question, asked } = awaitQuestion();
    // As many as there are numbers of packets, so that the next ones are the same.
    const rows = Buffer.concat(
      Array.from({ length: 25_600 }, (__, index) => toPacket('\x05abcde', (index + 4) & 0xff)),
    );
    const sendRows = flood(HEAD, () => rows);
    const fake = await start(
      toQuestions((socket) => {
        question();
        sendRows(socket);
      }),
    );
    const [command = '', ...flags] = argv;
    const { child, ended } = spawnCli([command, writePlan(fake.port), ...flags], { home: home.folder });
    await asked;
    child.kill('SIGTERM');
    const { code, signal } = await ended;
    expect(code ?? signal).not.toBe(0);
  });
});

test('connections test of a server that never answers: SIGTERM ends it', async () => {
  const { question, asked } = awaitQuestion();
  await start(toQuestions(question));
  const { child, ended } = spawnCli(['connections', 'test', 'evil'], { home: home.folder });
  await asked;
  child.kill('SIGTERM');
  const { code, signal } = await ended;
  expect(code ?? signal).not.toBe(0);
});

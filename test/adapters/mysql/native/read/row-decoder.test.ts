import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CarriedSum } from '../../../../../src/adapters/mysql/native/read/carried-sum.js';
import { RowDecoder } from '../../../../../src/adapters/mysql/native/read/row-decoder.js';
import { LARGE_ROW_BYTES } from '../../../../../src/adapters/mysql/native/wire/row-sink.js';
import { type Cell, CellCollector, cut, encodeResult, carry } from '../wire-rows.js';

const decode = (
  columns: number,
  chunks: readonly Buffer[],
): {
  readonly rows: readonly (readonly Cell[])[];
  readonly decoder: RowDecoder;
  readonly hash: string;
  readonly sum: string;
} => {
  const collector = new CellCollector();
  const hash = createHash('sha256');
  const sum = new CarriedSum();
  const decoder = new RowDecoder(columns, collector, hash, sum);
  for (const chunk of chunks) {
    // A lane reads into one buffer: what it handed out is gone after it returns.
    const lent = Buffer.from(chunk);
    decoder.feed(lent);
    lent.fill(0xee);
  }
  return { rows: collector.rows, decoder, hash: hash.digest('hex'), sum: String(sum) };
};

/** In plain arithmetic: the first 26 hexadecimal digits of the SHA-256 of each row, each of them as two decimal ones. */
const addUp = (rows: readonly (readonly Cell[])[]): string => {
  const numbers = rows.map((row) => {
    const digits = createHash('sha256').update(carry(row)).digest('hex').slice(0, 26);
    return BigInt(Buffer.from(digits).toString('hex'));
  });
  return String(numbers.reduce((sum, number) => sum + number, 0n));
};

/** Fast to compare, also where cells are long. */
const toTexts = (rows: readonly (readonly Cell[])[]): readonly (readonly (string | undefined)[])[] =>
  rows.map((row) => row.map((one) => one?.toString('latin1')));

const cell = fc.option(
  fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.constantFrom(new Uint8Array(0), new Uint8Array(250), new Uint8Array(251), new Uint8Array(70_000)),
  ),
  { freq: 5 },
);

test('rows come out of chunks that end anywhere, and hash and add up the same', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }).chain((columns) =>
        fc.record({
          columns: fc.constant(columns),
          rows: fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 8 }),
          cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }),
        }),
      ),
      ({ columns, rows, cuts }) => {
        const cells = rows.map((row) => row.map((bytes) => (bytes === null ? null : Buffer.from(bytes))));
        const bytes = encodeResult(columns, cells);
        const chunks = cut(
          bytes,
          cuts.map((place) => Math.floor(place * bytes.length)),
        );
        const { rows: found, decoder, hash, sum } = decode(columns, chunks);
        expect(toTexts(found)).toEqual(toTexts(cells));
        expect(decoder).toMatchObject({ isEnded: true, rows: rows.length });
        expect(hash).toBe(decode(columns, [bytes]).hash);
        expect(sum).toBe(addUp(cells));
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test('byte by byte', () => {
  const rows = [
    [Buffer.from('a'), null],
    [Buffer.alloc(0), Buffer.alloc(300, 1)],
  ];
  const bytes = encodeResult(2, rows);
  expect(
    decode(
      2,
      [...bytes].map((byte) => Buffer.from([byte])),
    ).rows,
  ).toEqual(rows);
});

describe('rows larger than what is held', () => {
  const big = (length: number, seed: number): Buffer => Buffer.alloc(length, `${seed}-pattern`);
  test.each([
    ['just over the limit', [[big(LARGE_ROW_BYTES, 1), Buffer.from('x')]]],
    ['more than a packet', [[Buffer.from('1'), big(20_000_000, 2), null, Buffer.alloc(0), big(5, 3)]]],
    ['exactly a packet, so that an empty one follows', [[big(0xff_ff_ff - 4, 4)]]],
    [
      'between small ones',
      [[Buffer.from('a')], [big(2_000_000, 5)], [Buffer.from('b')], [big(3_000_000, 6)]],
    ],
    ['a length prefix over a packet border', [[big(0xff_ff_ff - 6, 7), big(300, 8)]]],
  ])('%s', (_, rows: readonly (readonly Cell[])[]) => {
    const bytes = encodeResult(rows[0]?.length ?? 1, rows);
    const places = Array.from(
      { length: Math.ceil(bytes.length / 65_536) },
      (__, index) => index * 65_536 + 3,
    );
    const columns = rows[0]?.length ?? 1;
    const { rows: found, decoder, hash, sum } = decode(columns, cut(bytes, places));
    expect(decoder.isEnded).toBe(true);
    expect(toTexts(found)).toEqual(toTexts(rows));
    expect(hash).toBe(decode(columns, cut(bytes, [100, 5_000, 1_100_000])).hash);
    expect(sum).toBe(addUp(rows));
  });
});

test('hash and sum tell values that changed places, rows that are missing, and NULL from nothing', () => {
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];
  const hashes = [
    [[a, b]],
    [[b, a]],
    [
      [a, b],
      [a, b],
    ],
    [[a, null]],
    [[a, Buffer.alloc(0)]],
    [],
  ].map((rows) => decode(2, [encodeResult(2, rows)]));
  for (const kind of ['hash', 'sum'] as const)
    expect(new Set(hashes.map((result) => result[kind])).size).toBe(hashes.length);
});

test("an error instead of rows, or after some, is the server's own", () => {
  const error = Buffer.from('\xff\x84\x05#HY000Table definition has changed', 'latin1');
  const rows = [[Buffer.from('a')]];
  expect(() => decode(1, [encodeResult(1, rows, error)])).toThrow(
    expect.objectContaining({ errno: 1412, sqlState: 'HY000', message: 'Table definition has changed' }),
  );
  const alone = Buffer.concat([Buffer.from([error.length, 0, 0, 1]), error]);
  expect(() => decode(1, [alone])).toThrow('Table definition has changed');
});

test('without its end a result is not ended', () => {
  const bytes = encodeResult(1, [[Buffer.from('a')]]);
  expect(decode(1, [bytes.subarray(0, -1)]).decoder.isEnded).toBe(false);
});

describe('what no server sends', () => {
  const packet = (payload: string, sequence: number): Buffer => {
    const bytes = Buffer.from(payload, 'latin1');
    return Buffer.concat([Buffer.from([bytes.length & 0xff, bytes.length >> 8, 0, sequence]), bytes]);
  };
  /** Head of a result of one column; what comes next is packet 4. */
  const head = encodeResult(1, [], Buffer.alloc(0)).subarray(0, -4);
  const after = (payload: string, sequence = 4): Buffer => Buffer.concat([head, packet(payload, sequence)]);
  const ENDED = '\xfe\0\0\x02\0';
  test.each([
    ['billions of columns', packet('\xfe\xff\xff\xff\xff\xff\0\0\0', 1), 'a result of'],
    ['4,097 columns', packet('\xfc\x01\x10', 1), 'a result of 4097 columns'],
    ['other columns than asked for', packet('\x02', 1), '2 columns where 1 were asked for'],
    ['no rows at all', packet('\0\0\0\x02\0\0\0', 1), 'no rows in answer to a query'],
    ['a request for a file', packet('\xfb/etc/passwd', 1), 'it asked for a file that it was not offered'],
    ['nothing', packet('', 1), 'a packet ends in the middle of a length'],
    [
      'a definition that ends early',
      Buffer.concat([packet('\x01', 1), packet('\x03def', 2)]),
      '1 cells in a row',
    ],
    [
      'a definition of 16 MB',
      Buffer.concat([packet('\x01', 1), Buffer.from([0xff, 0xff, 0xff, 2])]),
      'a packet of 16777215 bytes before the first row',
    ],
    [
      'a row where the definitions end',
      Buffer.concat([head.subarray(0, -9), packet('\x01a', 3)]),
      'a packet where EOF must be',
    ],
    ['a cell longer than its packet', after('\x05a'), 'a cell is longer than its packet'],
    ['a long cell longer than its packet', after('\xfd\xff\xff\xffa'), 'a cell is longer than its packet'],
    ['a cell of more than 2^53 bytes', after(`\xfe${'\xff'.repeat(8)}a`), 'a cell is longer than its packet'],
    ['a length without its end', after('\xfc\x01'), 'a packet ends in the middle of a length'],
    ['a cell too many', after('\x01a\x01b'), '2 cells in a row with a different number of columns'],
    ['a row without cells', after(''), '0 cells in a row with a different number of columns'],
    ['a packet of another number', after('\x01a', 5), 'a packet out of sequence'],
    [
      'more packets after the end',
      Buffer.concat([after(ENDED), packet('\x01a', 5)]),
      'more packets after the end of the rows',
    ],
    ['another result after the rows', after('\xfe\0\0\x08\0'), 'another result after the rows'],
    ['an end that is too long', after('\xfe\0\0\0\0\0'), 'a packet where EOF must be'],
  ] as const)('%s', (_, bytes, what) => {
    for (const places of [[], Array.from(bytes.keys())]) {
      const collector = new CellCollector();
      const decoder = new RowDecoder(1, collector);
      const feed = (): void => cut(bytes, places).forEach((chunk) => decoder.feed(chunk));
      expect(feed).toThrow(what);
      expect(collector.rows.length).toBeLessThanOrEqual(1);
    }
  });

  test('a large row whose last cell does not end, or that has cells too many', () => {
    const [cells, tooMany] = [1, 3].map((count) =>
      encodeResult(2, [Array.from({ length: count }, () => Buffer.alloc(LARGE_ROW_BYTES, 'a'))]),
    );
    expect(() => decode(2, [cells as Buffer])).toThrow('1 cells in a row');
    expect(() => decode(2, [tooMany as Buffer])).toThrow('3 cells in a row');
    const short = encodeResult(1, [[Buffer.alloc(LARGE_ROW_BYTES, 'a')]]);
    // The length of the cell, behind the header and its own first byte.
    short.writeUIntLE(LARGE_ROW_BYTES + 1, head.length + 5, 3);
    expect(() => decode(1, [short])).toThrow('a cell is longer than its packet');
  });

  test('a packet that comes byte by byte takes as many steps as bytes', () => {
    const row = encodeResult(1, [[Buffer.alloc(LARGE_ROW_BYTES - 100, 'a')]]);
    const decoder = new RowDecoder(1, new CellCollector());
    const before = process.cpuUsage();
    for (let at = 0; at < row.length; at += 1) decoder.feed(row.subarray(at, at + 1));
    expect(decoder.isEnded).toBe(true);
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});

test('a writer that must stop gets no further row before it is resumed', () => {
  const collector = new CellCollector();
  const decoder = new RowDecoder(1, collector);
  collector.mustStop = true;
  decoder.feed(encodeResult(1, [[Buffer.from('a')], [Buffer.from('b')], [Buffer.from('c')]]));
  expect(collector.rows).toHaveLength(1);
  decoder.resume();
  expect(collector.rows).toHaveLength(2);
  collector.mustStop = false;
  decoder.resume();
  expect(collector.rows.flat().join('')).toBe('abc');
  expect(decoder.isEnded).toBe(true);
});

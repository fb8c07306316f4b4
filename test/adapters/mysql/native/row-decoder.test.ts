import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RowDecoder } from '../../../../src/adapters/mysql/native/row-decoder.js';
import { LARGE_ROW_BYTES } from '../../../../src/adapters/mysql/native/row-sink.js';
import { type Cell, CellCollector, cut, encodeResult } from './wire-rows.js';

const decode = (
  chunks: readonly Buffer[],
): { readonly rows: readonly (readonly Cell[])[]; readonly decoder: RowDecoder; readonly hash: string } => {
  const collector = new CellCollector();
  const hash = createHash('sha256');
  const decoder = new RowDecoder(collector, hash);
  for (const chunk of chunks) {
    // A lane reads into one buffer: what it handed out is gone after it returns.
    const lent = Buffer.from(chunk);
    decoder.feed(lent);
    lent.fill(0xee);
  }
  return { rows: collector.rows, decoder, hash: hash.digest('hex') };
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

test('rows come out of chunks that end anywhere, and hash the same', () => {
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
        const { rows: found, decoder, hash } = decode(chunks);
        expect(toTexts(found)).toEqual(toTexts(cells));
        expect(decoder).toMatchObject({ isEnded: true, rows: rows.length });
        expect(hash).toBe(decode([bytes]).hash);
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
  expect(decode([...bytes].map((byte) => Buffer.from([byte]))).rows).toEqual(rows);
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
    const { rows: found, decoder, hash } = decode(cut(bytes, places));
    expect(decoder.isEnded).toBe(true);
    expect(toTexts(found)).toEqual(toTexts(rows));
    expect(hash).toBe(decode(cut(bytes, [100, 5_000, 1_100_000])).hash);
  });
});

test('the hash tells values that changed places, rows that are missing, and NULL from nothing', () => {
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
    [[a], [b]],
    [],
  ].map((rows) => decode([encodeResult(2, rows)]).hash);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("an error instead of rows, or after some, is the server's own", () => {
  const error = Buffer.from('\xff\x84\x05#HY000Table definition has changed', 'latin1');
  const rows = [[Buffer.from('a')]];
  expect(() => decode([encodeResult(1, rows, error)])).toThrow(
    expect.objectContaining({ errno: 1412, sqlState: 'HY000', message: 'Table definition has changed' }),
  );
  const alone = Buffer.concat([Buffer.from([error.length, 0, 0, 1]), error]);
  expect(() => decode([alone])).toThrow('Table definition has changed');
});

test('without its end a result is not ended', () => {
  const bytes = encodeResult(1, [[Buffer.from('a')]]);
  expect(decode([bytes.subarray(0, -1)]).decoder.isEnded).toBe(false);
});

test('a writer that must stop gets no further row before it is resumed', () => {
  const collector = new CellCollector();
  const decoder = new RowDecoder(collector);
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

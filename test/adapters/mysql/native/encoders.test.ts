import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BulkEncoder } from '../../../../src/adapters/mysql/native/write/bulk-encoder.js';
import type { OutputBuffer, RowEncoder } from '../../../../src/adapters/mysql/native/write/output-buffer.js';
import { TsvEncoder } from '../../../../src/adapters/mysql/native/write/tsv-encoder.js';
import {
  type LiteralColumn,
  ValuesEncoder,
} from '../../../../src/adapters/mysql/native/write/values-encoder.js';
import type { LiteralKind } from '../../../../src/core/sql/column-types.js';
import { type Cell, GrowingBuffer, encodeLength, encodeRow } from './wire-rows.js';

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const FORMS = ['whole', 'parts'] as const;

const encode = (
  makeEncoder: (out: OutputBuffer) => RowEncoder,
  rows: readonly (readonly Cell[])[],
  form: (typeof FORMS)[number],
): Buffer => {
  const out = new GrowingBuffer();
  const encoder = makeEncoder(out);
  for (const row of rows) encodeRow(encoder, out, row, form);
  expect(out.rows).toBe(rows.length);
  return out.written;
};

const toColumns = (kinds: readonly LiteralKind[]): readonly LiteralColumn[] =>
  kinds.map((literal, index) => ({ name: `c${index}`, literal }));

/** Any bytes, or a longer text with many that mean something to a parser. */
const someBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .array(fc.constantFrom(...Buffer.from('abc\t\n\\N')), { maxLength: 200 })
    .map((bytes) => Uint8Array.from(bytes)),
);
const someRows = fc.array(fc.array(fc.option(someBytes), { minLength: 3, maxLength: 3 }), { maxLength: 6 });
const toCells = (rows: readonly (readonly (Uint8Array | null)[])[]): readonly (readonly Cell[])[] =>
  rows.map((row) => row.map((bytes) => (bytes === null ? null : Buffer.from(bytes))));

/** Reads what LOAD DATA reads, by its manual: tab, newline and backslash mean something, `\N` alone is NULL. */
const parseTsv = (text: Buffer): readonly (readonly Cell[])[] => {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let bytes: number[] = [];
  let isNull = false;
  const endCell = (): void => {
    row.push(isNull ? null : Buffer.from(bytes));
    [bytes, isNull] = [[], false];
  };
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === 0x5c) {
      at += 1;
      isNull = text[at] === 0x4e;
      if (!isNull) bytes.push(text[at] ?? 0);
    } else if (byte === 0x09) endCell();
    else if (byte === 0x0a) {
      endCell();
      rows.push(row);
      row = [];
    } else bytes.push(byte);
  }
  expect([row, bytes]).toEqual([[], []]);
  return rows;
};

describe.each(FORMS)('cells that come as %s', (form) => {
  test('lines for LOAD DATA say every byte', () => {
    const cells = [...EVERY_BYTE].map((byte) => Buffer.from([byte, 0x4e]));
    const rows = [cells, [EVERY_BYTE], [null], [Buffer.from('\\N')], [Buffer.from('N')], [Buffer.alloc(0)]];
    expect(parseTsv(encode((out) => new TsvEncoder(out, 256), rows, form))).toEqual(rows);
  });

  test('lines for LOAD DATA, any rows', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const text = encode((out) => new TsvEncoder(out, 3), toCells(rows), form);
        expect(parseTsv(text)).toEqual(toCells(rows));
      }),
      { seed: 11 },
    );
  });

  test('bulk parameters: a byte, then the cell with its length', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const expected = toCells(rows)
          .flat()
          .map((one) =>
            one ? Buffer.concat([Buffer.from([0]), encodeLength(one.length), one]) : Buffer.from([1]),
          );
        expect(encode((out) => new BulkEncoder(out, 3), toCells(rows), form)).toEqual(
          Buffer.concat(expected),
        );
      }),
      { seed: 12 },
    );
  });

  test.each([
    ['integer', Buffer.from('-12'), '-12'],
    ['integer', Buffer.from('0000000042'), '0000000042'],
    ['decimal', Buffer.from('-12.50'), '-12.50'],
    ['decimal', Buffer.from('-0'), '-0'],
    ['float', Buffer.from('-0'), "'-0'"],
    ['float', Buffer.from('1.5e-308'), "'1.5e-308'"],
    ['float', Buffer.from('-1e20'), "'-1e20'"],
    ['bytes', EVERY_BYTE, `0x${EVERY_BYTE.toString('hex')}`],
    ['bytes', Buffer.alloc(0), "''"],
    [
      'text',
      Buffer.from('{"a": "é"}'),
      `CONVERT(0x${Buffer.from('{"a": "é"}').toString('hex')} USING utf8mb4)`,
    ],
    ['text', Buffer.alloc(0), "''"],
    ['bytes', null, 'NULL'],
  ] as const)('a literal of kind %s', (kind, cell, literal) => {
    const rows = [[Buffer.from('7'), cell, null]];
    const text = encode((out) => new ValuesEncoder(out, toColumns(['integer', kind, 'bytes'])), rows, form);
    expect(text.toString('latin1')).toBe(`7,${literal},NULL`);
  });

  test.each([
    ['integer', '', 'an integer'],
    ['integer', '-', 'an integer'],
    ['integer', '1.0', 'an integer'],
    ['integer', '1e3', 'an integer'],
    ['integer', '+1', 'an integer'],
    ['integer', ' 1', 'an integer'],
    ['integer', '1 ', 'an integer'],
    ['integer', '0x10', 'an integer'],
    ['integer', '1-1', 'an integer'],
    ['integer', '--1', 'an integer'],
    ['integer', '(SELECT 1)', 'an integer'],
    ['integer', '1),(2', 'an integer'],
    ['integer', '1\0', 'an integer'],
    ['decimal', '1.', 'a decimal number'],
    ['decimal', '.5', 'a decimal number'],
    ['decimal', '1e3', 'a decimal number'],
    ['decimal', '1.5.5', 'a decimal number'],
    ['float', 'nan', 'a floating point number'],
    ['float', '1e', 'a floating point number'],
    ['float', '1e+', 'a floating point number'],
    ['float', "1'),('2", 'a floating point number'],
    ['float', '1\\', 'a floating point number'],
  ] as const)('what is no %s is refused: %j', (literal, text, what) => {
    const rows = [[Buffer.from('7'), Buffer.from(text)]];
    const columns = [
      { name: 'id', literal: 'integer' },
      { name: 'price', literal },
    ] as const;
    expect(() => encode((out) => new ValuesEncoder(out, columns), rows, form)).toThrow(
      `column price: the source sent something other than ${what}`,
    );
  });

  test('only numbers get into a statement as they came', () => {
    const grammars = {
      integer: /^-?\d+$/,
      decimal: /^-?\d+(\.\d+)?$/,
      float: /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/,
    };
    const nearlyNumber = fc.array(fc.constantFrom(...Buffer.from('0179.-+eE \'"')), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom('integer', 'decimal', 'float'), nearlyNumber, (literal, bytes) => {
        const text = Buffer.from(bytes).toString();
        const encodeCell = (): Buffer =>
          encode((out) => new ValuesEncoder(out, toColumns([literal])), [[Buffer.from(text)]], form);
        if (grammars[literal].test(text))
          expect(encodeCell().toString('latin1')).toBe(literal === 'float' ? `'${text}'` : text);
        else expect(encodeCell).toThrow('something other');
      }),
      { seed: 14, numRuns: 2_000 },
    );
  });

  test('room for a whole row is never too small', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const columns = toColumns(['text', 'text', 'text']);
        for (const row of toCells(rows)) {
          const out = new ExactBuffer();
          encodeRow(new ValuesEncoder(out, columns), out, row, 'whole');
          encodeRow(new TsvEncoder(out, 3), out, row, 'whole');
          encodeRow(new BulkEncoder(out, 3), out, row, 'whole');
        }
      }),
      { seed: 13 },
    );
  });
});

/** Has room for what was reserved before and not for one byte more. */
class ExactBuffer implements OutputBuffer {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;

  reserve(bytes: number): void {
    if (this.at > this.bytes.length)
      throw new Error(`${this.at} bytes were written into ${this.bytes.length}`);
    if (this.at + bytes > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.at + bytes);
  }

  endRow(): void {
    this.reserve(0);
  }
}

import { expect, test } from 'vitest';
import { RowList } from '../../../../../src/adapters/mysql/native/read/row-list.js';
import { compareListed } from '../../../../../src/adapters/mysql/native/tables/compare-listed.js';

/** Rows of a key and a value, as a server sends them. */
type Row = readonly [key: string, value: string | null];

const carry = ([key, value]: Row, number: number): Buffer => {
  const cells = [key, value].map((cell) =>
    cell === null ? Buffer.from([0xfb]) : Buffer.concat([Buffer.from([cell.length]), Buffer.from(cell)]),
  );
  const payload = Buffer.concat(cells);
  return Buffer.concat([Buffer.from([payload.length, 0, 0, number & 0xff]), payload]);
};

/** Split where chunks of a socket may end. */
const list = (rows: readonly Row[], cut = 7): RowList => {
  const packets = Buffer.concat(rows.map((row, at) => carry(row, at + 5)));
  const made = new RowList();
  made.clear(1);
  for (let at = 0; at < packets.length; at += cut) made.update(packets.subarray(at, at + cut));
  made.findRows(rows.length);
  return made;
};

const compare = (here: readonly Row[], there: readonly Row[]): Record<'onlyHere' | 'onlyThere', Row[]> => {
  const { onlyHere, onlyThere } = compareListed(list(here), list(there, 1_000));
  const pick = (rows: readonly Row[], numbers: readonly number[]): Row[] =>
    [...numbers].sort((a, b) => a - b).flatMap((number) => (rows[number] ? [rows[number]] : []));
  return { onlyHere: pick(here, onlyHere), onlyThere: pick(there, onlyThere) };
};

const ROWS = Array.from({ length: 500 }, (_, at): Row => [`k${String(at)}`, `value ${String(at % 7)}`]);
const without = (from: number, to: number): readonly Row[] => [...ROWS.slice(0, from), ...ROWS.slice(to)];

test('rows that change, come and go, one or many', () => {
  expect(compare(ROWS, ROWS)).toEqual({ onlyHere: [], onlyThere: [] });
  for (const [from, to] of [
    [0, 1],
    [100, 102],
    [200, 260],
    [499, 500],
    [0, 500],
  ] as const) {
    expect(compare(without(from, to), ROWS)).toEqual({ onlyHere: [], onlyThere: ROWS.slice(from, to) });
    expect(compare(ROWS, without(from, to))).toEqual({ onlyHere: ROWS.slice(from, to), onlyThere: [] });
    const changed = ROWS.map(([key, value], at): Row => [key, at >= from && at < to ? 'new' : value]);
    expect(compare(changed, ROWS)).toEqual({
      onlyHere: changed.slice(from, to),
      onlyThere: ROWS.slice(from, to),
    });
  }
});

test('rows in another order are the same rows', () => {
  expect(compare([...ROWS].reverse(), ROWS)).toEqual({ onlyHere: [], onlyThere: [] });
  const moved = [...ROWS.slice(300), ...ROWS.slice(0, 300)];
  expect(compare(moved, ROWS)).toEqual({ onlyHere: [], onlyThere: [] });
});

test('values that rows exchange, NULL and nothing, bytes that move from one cell to the next', () => {
  const pairs: readonly (readonly [Row[], Row[]])[] = [
    [
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [
        ['a', '2'],
        ['b', '1'],
      ],
    ],
    [[['a', null]], [['a', '']]],
    [[['ab', 'c']], [['a', 'bc']]],
  ];
  for (const [here, there] of pairs)
    expect(compare(here, there)).toEqual({ onlyHere: here, onlyThere: there });
});

test('lists of the same rows have the same packets, and keys are read as they came', () => {
  const [here, there] = [list(ROWS), list(ROWS, 64)];
  expect(here.hasSamePackets(there)).toBe(true);
  expect(here.hasSamePackets(list(ROWS.slice(1)))).toBe(false);
  expect(here.hash()).toBe(there.hash());
  expect(here.readKey(499)).toEqual([Buffer.from('k499')]);
  here.clear(1);
  here.update(carry(['again', null], 5));
  here.findRows(1);
  expect([here.rows, here.readKey(0)]).toEqual([1, [Buffer.from('again')]]);
});

test('what is no row, or has no key, is refused', () => {
  const short = new RowList();
  short.clear(1);
  short.update(carry(['a', 'b'], 5));
  expect(() => short.findRows(2)).toThrow('larger than its table allows');
  short.clear(1);
  short.update(carry(['a', 'b'], 5).subarray(0, 7));
  expect(() => short.findRows(1)).toThrow('larger than its table allows');
  const cut = new RowList();
  cut.clear(1);
  cut.update(Buffer.from([2, 0, 0, 5, 200, 65]));
  cut.findRows(1);
  expect(() => cut.readKey(0)).toThrow();
});

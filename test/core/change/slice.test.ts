import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatabaseChange } from '../../../src/core/change/change-set.js';
import { diffInventories } from '../../../src/core/change/diff.js';
import { listSlice } from '../../../src/core/change/slice.js';
import { toDatabaseName } from '../../../src/core/names.js';
import { NOTHING_LEFT, aDatabase, aPlan, aTable, someFacts, someRules } from '../../support/inventory.js';

interface Given {
  readonly megabytes: number;
  readonly reads: readonly number[];
}

const plan = (databases: readonly Given[]): { readonly databases: readonly DatabaseChange[] } => {
  const source = databases.map(({ megabytes, reads }, index) =>
    aDatabase(`d${String(index)}`, [aTable('t', { dataBytes: megabytes * 2 ** 20 })], {
      reads: reads.map((other) => toDatabaseName(`d${String(other)}`)),
    }),
  );
  return diffInventories(
    aPlan(),
    source.map(({ name }) => ({ from: name, to: name, rules: someRules() })),
    { server: someFacts('a'), databases: source },
    { server: someFacts('b'), databases: [] },
    NOTHING_LEFT,
  );
};

const slicesOf = (changeSet: ReturnType<typeof plan>, count: number): readonly (readonly string[])[] =>
  Array.from({ length: count }, (_, index) => [...listSlice(changeSet, { index: index + 1, count })]);

const sized = (...megabytes: readonly number[]) =>
  plan(megabytes.map((one) => ({ megabytes: one, reads: [] })));

test('the largest are dealt out first, each to the slice that has least', () => {
  expect(slicesOf(sized(100, 900, 500, 400, 50), 2)).toEqual([
    ['d1', 'd0'],
    ['d2', 'd3', 'd4'],
  ]);
});

test('empty databases are dealt out too', () => {
  expect(slicesOf(sized(0, 0, 0, 0), 2)).toEqual([
    ['d0', 'd2'],
    ['d1', 'd3'],
  ]);
});

test('slices beyond the last database are empty, also many', () => {
  expect(slicesOf(sized(1, 1), 3)).toEqual([['d0'], ['d1'], []]);
  expect(listSlice(sized(1), { index: 999_999_999, count: 999_999_999 })).toEqual(new Set());
});

test('each database is in one slice, and what reads each other in the same', () => {
  const given = fc.array(
    fc.record({ megabytes: fc.nat(5000), reads: fc.array(fc.nat(30), { maxLength: 2 }) }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(given, fc.integer({ min: 1, max: 8 }), (databases, count) => {
      const changeSet = plan(databases);
      const slices = slicesOf(changeSet, count);
      expect(slices.flat().toSorted()).toEqual(changeSet.databases.map(({ to }) => to).toSorted());
      for (const { to, reads = [] } of changeSet.databases) {
        const own = slices.find((names) => names.includes(to));
        for (const other of reads) expect(own).toContain(other);
      }
    }),
  );
});

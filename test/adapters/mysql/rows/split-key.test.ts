import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type KeyColumn,
  type KeyPoint,
  listKeyColumns,
  rangesBetween,
  renderKeyValue,
  renderRange,
  spreadIntegers,
} from '../../../../src/adapters/mysql/rows/split-key.js';
import type { ColumnInventory } from '../../../../src/core/server/inventory.js';
import { aTable } from '../../../support/inventory.js';

const column = (name: string, dataType: string, position: number | undefined): ColumnInventory => ({
  name,
  dataType,
  columnType: dataType,
  charset: dataType.includes('char') ? 'latin1' : undefined,
  collation: dataType.includes('char') ? 'latin1_german1_ci' : undefined,
  isGenerated: false,
  primaryKeyPosition: position,
});

const key = (dataType: string): KeyColumn => {
  const [found] = listKeyColumns(aTable('t', { columns: [column('k', dataType, 1)] }));
  if (!found) throw new Error(`${dataType} is no key`);
  return found;
};

describe('columns to cut a table by', () => {
  test.each([
    [['int'], ['c0']],
    [
      ['bigint', 'varchar', 'decimal', 'varbinary', 'timestamp'],
      ['c0', 'c1', 'c2', 'c3', 'c4'],
    ],
    [['int', 'enum', 'int'], ['c0']],
    [['float', 'int'], []],
    [['text'], []],
    [[], []],
  ])('primary key of %j', (types, expected) => {
    const columns = types.map((type, index) => column(`c${index}`, type, index + 1)).reverse();
    const names = listKeyColumns(aTable('t', { columns: [...columns, column('other', 'int', undefined)] }));
    expect(names.map(({ name }) => name)).toEqual(expected);
  });

  test.each([
    { charset: "utf8mb4 0x61 OR SLEEP(1) OR ''" },
    { collation: 'utf8mb4_bin UNION SELECT 1' },
    { charset: undefined },
  ])('not by text whose source says %o of it', (said) => {
    const columns = [{ ...column('k', 'varchar', 1), ...said }];
    expect(listKeyColumns(aTable('t', { columns }))).toEqual([]);
  });
});

describe('values of keys as SQL', () => {
  test.each([
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['bigint', '18446744073709551615', '18446744073709551615'],
    ['decimal', '-1.0000000001', '-1.0000000001'],
    ['datetime', '2026-10-25 00:30:00.000001', `'2026-10-25 00:30:00.000001'`],
    ['date', '0000-00-00', `'0000-00-00'`],
    ['varchar', "é\\'", '_latin1 0xe95c27 COLLATE latin1_german1_ci'],
    ['varchar', '', "_latin1 '' COLLATE latin1_german1_ci"],
    ['varbinary', '\xff\x00', '0xff00'],
    ['varbinary', '', "''"],
  ])('%s %j', (type, value, sql) => {
    expect(renderKeyValue(key(type), Buffer.from(value, 'latin1'))).toBe(sql);
  });

  test.each([
    ['int', '1 OR 1=1'],
    ['int', ''],
    ['int', '1e5'],
    ['datetime', "2026-01-01' OR '1"],
  ])('%s %j is none', (type, value) => {
    expect(() => renderKeyValue(key(type), Buffer.from(value))).toThrow(
      /^the server gave no (?:number|date) for a key column/,
    );
  });
});

test('a range over several columns looks the first one up in the index', () => {
  const columns = ['a', 'b', 'c'].map((name) => ({ ...key('int'), name }));
  expect(renderRange(columns, {})).toBeUndefined();
  expect(renderRange(columns.slice(0, 1), { after: ['1'], upTo: ['9'] })).toBe('(`a` > 1) AND (`a` <= 9)');
  expect(renderRange(columns, { after: ['1', '2', '3'] })).toBe(
    '(`a` >= 1 AND (`a` > 1 OR (`b` >= 2 AND (`b` > 2 OR (`c` > 3)))))',
  );
  expect(renderRange(columns.slice(0, 2), { upTo: ['1', '2'] })).toBe(
    '(`a` <= 1 AND (`a` < 1 OR (`b` <= 2)))',
  );
});

/** What the condition means, without a server. */
const isWithin = (
  row: readonly number[],
  { after, upTo }: { after?: KeyPoint; upTo?: KeyPoint },
): boolean => {
  const compare = (point: KeyPoint): number => {
    const index = row.findIndex((value, at) => value !== Number(point[at]));
    return index === -1 ? 0 : (row[index] ?? 0) - Number(point[index]);
  };
  return (!after || compare(after) > 0) && (!upTo || compare(upTo) <= 0);
};

test('ranges between points have every row once', () => {
  const digit = fc.integer({ min: 0, max: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(digit, digit), { maxLength: 6 }), fc.tuple(digit, digit), (points, row) => {
      const sorted = [...new Set(points.map(([a, b]) => a * 10 + b))].sort((a, b) => a - b);
      const ranges = rangesBetween(
        sorted.map((point) => [String(Math.floor(point / 10)), String(point % 10)]),
      );
      expect(ranges.filter((range) => isWithin(row, range))).toHaveLength(1);
    }),
    { seed: 5, numRuns: 500 },
  );
});

describe('integers are spread evenly', () => {
  const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });
  test('boundaries go up inside the ends, and no range is much wider than another', () => {
    fc.assert(
      fc.property(big, big, fc.integer({ min: 1, max: 200 }), (a, b, parts) => {
        const [min, max] = a < b ? [a, b] : [b, a];
        const boundaries = spreadIntegers(min, max, parts);
        expect(boundaries.length).toBeLessThan(parts);
        const ends = [min - 1n, ...boundaries, max];
        const widths = ends.slice(1).map((end, index) => end - (ends[index] ?? 0n));
        expect(widths.every((width) => width > 0n)).toBe(true);
        const widest = widths.reduce((wide, width) => (width > wide ? width : wide), 0n);
        expect(widest * BigInt(boundaries.length + 1)).toBeLessThanOrEqual(2n * (max - min + 1n));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test.each([
    [1n, 10n, 2, [5n]],
    [-5n, 5n, 3, [-3n, 1n]],
    [7n, 7n, 4, []],
    [1n, 2n, 5, [1n]],
    [0n, 18446744073709551615n, 2, [9223372036854775807n]],
  ])('%s to %s in %s', (min, max, parts, expected) => {
    expect(spreadIntegers(min, max, parts)).toEqual(expected);
  });
});

import { expect, test } from 'vitest';
import type { DatabaseComparison } from '../../src/core/change/comparison.js';
import { toDatabaseName, toTableName } from '../../src/core/names.js';
import { renderComparison } from '../../src/render/comparison.js';

const compared = (name: string, differences: number): DatabaseComparison => ({
  from: toDatabaseName(name),
  to: toDatabaseName(`${name}_copy`),
  tables: 3,
  rows: 1500,
  compared: [
    { table: toTableName('people'), isSame: true, source: 1, target: 1 },
    { table: toTableName('orders'), isSame: false, source: 1499, target: 9 },
  ],
  by: 'digest',
  differences: Array.from({ length: differences }, (_, index) => ({
    kind: 'table',
    name: `t${String(index)}`,
    what: 'is missing on the target',
  })),
});

const TERMINAL = { isTerminal: true, hasColor: false, columns: 80 };

test('on a terminal the first differences are shown, and all with detail', () => {
  const lines = renderComparison([compared('shop', 7), compared('crm', 0)], TERMINAL, 'summary');
  expect(lines.join('\n')).toMatch(
    /^result +database +on target +tables +rows +differences\nDIFFERENT +shop/,
  );
  expect(lines.slice(-10)).toEqual([
    '',
    'shop_copy:',
    ...[0, 1, 2, 3, 4].map((index) => `  table t${String(index)} is missing on the target`),
    '  and 2 more: --detail lists all',
    '',
    'Verified: 1 the same, 1 different.',
  ]);
  const all = renderComparison([compared('shop', 7)], TERMINAL, 'detail');
  expect(all).toContain('  table t6 is missing on the target');
  expect(all.join('\n')).not.toContain('--detail');
});

test('detail lists what was compared also where nothing differs', () => {
  const lines = renderComparison([compared('crm', 0)], TERMINAL, 'detail');
  expect(lines.slice(2, 5)).toEqual(['', 'crm_copy:', '  table people is the same: 1 row by digest']);
  expect(renderComparison([compared('crm', 0)], TERMINAL, 'summary')).toHaveLength(4);
});

test('in a pipe differences come with detail only', () => {
  const pipe = { ...TERMINAL, isTerminal: false };
  expect(renderComparison([compared('shop', 1)], pipe, 'summary')).toEqual([
    'different\tshop\tshop_copy\t3\t1500\t1',
  ]);
  expect(renderComparison([compared('shop', 1)], pipe, 'detail').slice(1)).toEqual([
    'difference\tshop_copy\ttable\tt0\tis missing on the target',
    'rows\tshop_copy\tpeople\tsame\t1\t1',
    'rows\tshop_copy\torders\tdifferent\t1499\t9',
  ]);
});

test('rows that differ are told below their database, with what is left out', () => {
  const differing = {
    missing: 1,
    extra: 0,
    changed: 12,
    keyColumns: ['id', 'day'],
    keys: [{ is: 'changed' as const, key: ['7', '2026-01-\u202e'] }],
  };
  const rows = [
    { table: toTableName('orders'), isSame: false, source: 9, target: 9, differing },
    {
      table: toTableName('notes'),
      isSame: false,
      source: 1,
      target: 2,
      differing: { untold: 'it has no key that tells its rows' },
    },
  ];
  const lines = renderComparison([{ ...compared('shop', 1), compared: rows }], TERMINAL, 'summary');
  expect(lines.slice(2, -2)).toEqual([
    '',
    'shop_copy:',
    '  table t0 is missing on the target',
    '  rows of orders: 1 missing on the target, 0 extra, 12 changed',
    '    changed  id = 7, day = 2026-01-\\u202e',
    '    and 12 more: --rows says how many are told',
    '  rows of notes: which ones differ is not known (it has no key that tells its rows)',
  ]);
});

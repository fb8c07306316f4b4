import { expect, test } from 'vitest';
import { findNearest, suggestNearest } from '../../src/core/nearest.js';

const KEYS = ['version', 'name', 'source', 'target', 'defaults', 'databases', 'options'];

test.each([
  ['databses', KEYS, 'did you mean "databases"?'],
  ['Databases', KEYS, 'did you mean "databases"?'],
  ['soruce', KEYS, 'did you mean "source"?'],
  ['option', KEYS, 'did you mean "options"?'],
  ['prdo', ['prod', 'staging'], 'did you mean "prod"?'],
  ['on_exists', ['on_existing', 'name'], 'did you mean "on_existing"?'],
  ['overwite', ['overwrite', 'skip', 'fail'], 'did you mean "overwrite"?'],
  ['zzz', KEYS, undefined],
  ['', KEYS, undefined],
  ['x', ['y'], undefined],
  ['shop', [], undefined],
])('%j among %j', (word, candidates, expected) => {
  expect(suggestNearest(word, candidates)).toBe(expected);
});

test('the nearest comes first, equally near ones in the order given, no more than asked for', () => {
  expect(findNearest('shop_a', ['shop_bb', 'shop_c', 'shop_b', 'shop_a1', 'other'])).toEqual([
    'shop_c',
    'shop_b',
    'shop_a1',
  ]);
  expect(findNearest('shop', ['shop1', 'shop2', 'shop3'], 2)).toEqual(['shop1', 'shop2']);
});

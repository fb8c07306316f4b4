import { expect, test } from 'vitest';
import { toDatabaseName } from '../../../src/core/names.js';
import { groupByReading } from '../../../src/core/change/reading-order.js';

/** `a>b,c` has views that await b and c, `a~b,c` has keys to both, or views for which the target has all that they read. */
const parse = (text: string) => {
  const [, name = '', views = '', others = ''] = /^(\w+)(?:>([\w,]+))?(?:~([\w,]+))?$/.exec(text) ?? [];
  const listNames = (list: string) => (list === '' ? [] : list.split(',').map(toDatabaseName));
  const awaits = listNames(views);
  return { to: toDatabaseName(name), reads: [...awaits, ...listNames(others)], awaits };
};

const group = (...databases: readonly string[]): string =>
  groupByReading(databases.map(parse))
    .map((unit) => unit.map(({ to }) => to).join('+'))
    .join(' ');

test.each([
  [['b', 'a'], 'b a'],
  [['a>b', 'b'], 'b a'],
  [['a~b', 'b'], 'b a'],
  [['a>c', 'b', 'c>d', 'd'], 'd c a b'],
  [['a>elsewhere', 'b'], 'a b'],
  [['a>a', 'b'], 'a b'],
  [['a>b,c', 'c', 'b>c'], 'c b a'],
])('%j in the order %s', (databases, expected) => {
  expect(group(...databases)).toBe(expected);
});

test.each([
  ['views both ways', ['a>b', 'b>a'], 'a+b'],
  ['views and foreign keys both ways', ['a>b~b', 'b>a~a'], 'a+b'],
  ['a view on a unit, and what the unit reads', ['c>a', 'a>b', 'b>a,d', 'd'], 'd a+b c'],
  ['a longer circle', ['a>b', 'x', 'b>c', 'c>a'], 'a+b+c x'],
  ['two circles', ['a>b', 'c>d', 'b>a', 'd>c'], 'a+b c+d'],
])('one unit for %s', (_, databases, expected) => {
  expect(group(...databases)).toBe(expected);
});

test.each([
  ['a foreign key back', ['b~a', 'a>b'], 'b a'],
  ['a foreign key back, the other first', ['a>b', 'b~a'], 'b a'],
  ['foreign keys both ways', ['a~b', 'b~a'], 'a b'],
  ['a longer circle with a key', ['a>b', 'b>c', 'c~a'], 'c b a'],
])('no unit for a circle that is opened by %s', (_, databases, expected) => {
  expect(group(...databases)).toBe(expected);
});

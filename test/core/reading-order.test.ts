import { expect, test } from 'vitest';
import { toDatabaseName } from '../../src/core/names.js';
import { orderByReading } from '../../src/core/reading-order.js';

/** `a>b,c` reads b and c. */
const order = (...databases: readonly string[]): string =>
  orderByReading(
    databases.map((text) => {
      const [name = '', reads = ''] = text.split('>');
      return { to: toDatabaseName(name), reads: reads === '' ? [] : reads.split(',').map(toDatabaseName) };
    }),
  )
    .map(({ to }) => to)
    .join(' ');

test.each([
  [['b', 'a'], 'b a'],
  [['a>b', 'b'], 'b a'],
  [['a>c', 'b', 'c>d', 'd'], 'd c a b'],
  [['a>elsewhere', 'b'], 'a b'],
  [['a>a', 'b'], 'a b'],
  [['a>b', 'b>a'], 'b a'],
  [['a>b,c', 'c', 'b>c'], 'c b a'],
])('%j in the order %s', (databases, expected) => {
  expect(order(...databases)).toBe(expected);
});

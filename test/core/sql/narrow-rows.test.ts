import { expect, test } from 'vitest';
import { narrowRows } from '../../../src/core/sql/narrow-rows.js';

test.each([
  [null, null, null],
  ['a = 1', null, 'a = 1'],
  [null, 'b = 1', 'b = 1'],
  ['a = 1 OR c = 2 -- a comment', 'b = 1 OR d = 2', '(a = 1 OR c = 2 -- a comment\n) AND (b = 1 OR d = 2)'],
])('%j and %j', (where, condition, both) => {
  expect(narrowRows(where, condition)).toBe(both);
});

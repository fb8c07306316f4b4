import { expect, test } from 'vitest';
import { hasLookalikes } from '../../../src/core/sql/enum-members.js';

test.each([
  ["enum('a','b')", false],
  ["enum('a','b','a')", true],
  ["enum('a','A')", true],
  ["set('é','e')", true],
  ["set('s','ß')", true],
  ["enum('a','a ')", true],
  ["enum('?','?')", true],
  ["enum('it''s','its')", false],
  ["enum('a,b','a','b')", false],
  ['varchar(3)', false],
])('%s: %s', (columnType, expected) => {
  expect(hasLookalikes(columnType)).toBe(expected);
});

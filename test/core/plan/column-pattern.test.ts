import { expect, test } from 'vitest';
import {
  isColumnMatch,
  nameColumn,
  parseColumnPattern,
  parseTablePattern,
} from '../../../src/core/plan/column-pattern.js';

test.each([
  ['email', { column: 'email' }],
  ['users.email', { table: 'users', column: 'email' }],
  ['shop.users.*', { database: 'shop', table: 'users', column: '*' }],
  ['a\\.b.c', { table: 'a\\.b', column: 'c' }],
  ['a\\\\.b', { table: 'a\\\\', column: 'b' }],
  ['tail\\', { column: 'tail\\' }],
  ['a.b.c.d', undefined],
  ['.a', undefined],
  ['a.', undefined],
  ['', undefined],
])('the pattern of columns %j', (text, parts) => {
  expect(parseColumnPattern(text)).toEqual(parts);
});

test.each([
  ['users', { table: 'users' }],
  ['shop.users', { database: 'shop', table: 'users' }],
  ['a.b.c', undefined],
  ['', undefined],
])('the pattern of tables %j', (text, parts) => {
  expect(parseTablePattern(text)).toEqual(parts);
});

test.each([
  ['EMAIL', true],
  ['*mail', true],
  ['users.*', true],
  ['USERS.email', false],
  ['sh?p.users.email', true],
  ['crm.users.email', false],
])('%j matches shop.users.Email: %s', (text, matches) => {
  const pattern = parseColumnPattern(text);
  expect(pattern && isColumnMatch(pattern, { database: 'shop', table: 'users', column: 'Email' })).toBe(
    matches,
  );
});

test('the name of a column is a pattern of that column only', () => {
  const of = { database: 's*op', table: 'a.b', column: 'c\\d?' };
  const pattern = parseColumnPattern(nameColumn(of.database, of.table, of.column));
  expect(pattern && isColumnMatch(pattern, of)).toBe(true);
  expect(pattern && isColumnMatch(pattern, { ...of, database: 'shop' })).toBe(false);
  expect(pattern && isColumnMatch(pattern, { ...of, column: 'c\\dx' })).toBe(false);
});

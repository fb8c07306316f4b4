import { expect, test } from 'vitest';
import { chooseUtf8Name, renameUtf8, renameUtf8InSql } from '../../../src/core/sql/utf8-name.js';

test.each([
  [['utf8mb3_bin', 'utf8mb4_bin'], 'utf8mb3'],
  [['utf8_bin', 'utf8mb4_bin'], 'utf8'],
])('a server with %j says %s', (collations, name) => {
  expect(chooseUtf8Name(new Set(collations))).toBe(name);
});

test.each([
  ['utf8', 'utf8mb3', 'utf8mb3'],
  ['utf8_bin', 'utf8mb3', 'utf8mb3_bin'],
  ['utf8mb3_bin', 'utf8mb3', 'utf8mb3_bin'],
  ['utf8mb3_bin', 'utf8', 'utf8_bin'],
  ['utf8mb4_bin', 'utf8', 'utf8mb4_bin'],
  ['latin1_bin', 'utf8', 'latin1_bin'],
] as const)('%s for a server that says %s is %s', (name, utf8, expected) => {
  expect(renameUtf8(name, utf8)).toBe(expected);
});

test('in SQL only words are names of character sets', () => {
  expect(
    renameUtf8InSql(
      "`utf8` char(1) CHARACTER SET utf8 COLLATE utf8_bin DEFAULT _utf8'utf8', utf8mb4",
      'utf8mb3',
    ),
  ).toBe("`utf8` char(1) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin DEFAULT _utf8mb3'utf8', utf8mb4");
});

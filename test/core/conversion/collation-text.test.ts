import { expect, test } from 'vitest';
import { convertCollationsIn } from '../../../src/core/conversion/collation-text.js';

const convert = (name: string): string =>
  name === 'utf8mb4_new' || name === 'utf8mb4_uca1400_x' ? 'old' : name;

test.each([
  ['a word, in any case', 'a collate UTF8MB4_NEW', '', 'a collate old'],
  ['an option', 'DEFAULT COLLATE = utf8mb4_new', '', 'DEFAULT COLLATE = old'],
  ['a text', "a COLLATE 'utf8mb4_new'", '', "a COLLATE 'old'"],
  ['a quoted name', 'a COLLATE `utf8mb4_new`', '', 'a COLLATE `old`'],
  ['a name without its character set', 'a COLLATE uca1400_x', '', 'a COLLATE old'],
  ['a live comment', 'a /*!50100 COLLATE utf8mb4_new */', '', 'a /*!50100 COLLATE old */'],
  ['a comment between', 'a COLLATE /* x */ utf8mb4_new', '', 'a COLLATE /* x */ old'],
  ['not within a text', "'COLLATE utf8mb4_new'", '', "'COLLATE utf8mb4_new'"],
  ['not within a comment', '-- COLLATE utf8mb4_new', '', '-- COLLATE utf8mb4_new'],
  ['not within a quoted name', '"COLLATE utf8mb4_new"', 'ANSI_QUOTES', '"COLLATE utf8mb4_new"'],
  ['not the default', 'COLLATE DEFAULT', '', 'COLLATE DEFAULT'],
  ['nothing behind it', 'COLLATE', '', 'COLLATE'],
])('%s', (_, statement, sqlMode, expected) => {
  expect(convertCollationsIn(statement, sqlMode, 'utf8mb4', convert)).toBe(expected);
});

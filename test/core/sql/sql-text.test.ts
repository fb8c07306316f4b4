import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinTokens, nameOf, tokenizeSql } from '../../../src/core/sql/sql-text.js';

const summarize = (sql: string, sqlMode?: string): readonly string[] =>
  tokenizeSql(sql, sqlMode)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, text }) => `${kind} ${text}`);

test.each([
  ['names', 'a `b``c`.`d`', '', ['word a', 'name `b``c`', 'symbol .', 'name `d`']],
  ['strings', `'a''b' "c\\"d"`, '', [`string 'a''b'`, `string "c\\"d"`]],
  ['a backtick in a string', "'`x`.y'", '', ["string '`x`.y'"]],
  ['ansi quotes', `"a""b"."c"`, 'ANSI_QUOTES', ['name "a""b"', 'symbol .', 'name "c"']],
  ['no backslash escapes', `'a\\' 'b'`, 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', [`string 'a\\'`, `string 'b'`]],
  ['backslash escapes', `'a\\' 'b'`, '', [`string 'a\\' '`, 'word b', "symbol '"]],
  [
    'comments',
    'a/* `x`. */b -- `y`\n# `z`\nc--1',
    '',
    [
      'word a',
      'comment /* `x`. */',
      'word b',
      'comment -- `y`',
      'comment # `z`',
      'word c',
      'symbol -',
      'symbol -',
      'word 1',
    ],
  ],
  [
    'live comments',
    `/*!50100 PARTITION 'a*/b' */ /*M!100301 COMPRESSED*/`,
    '',
    [
      'symbol /*!50100',
      'word PARTITION',
      `string 'a*/b'`,
      'symbol */',
      'symbol /*M!100301',
      'word COMPRESSED',
      'symbol */',
    ],
  ],
  ['unicode', 'größe 日本', '', ['word größe', 'word 日本']],
])('%s', (_, sql, sqlMode, tokens) => {
  expect(summarize(sql, sqlMode)).toEqual(tokens);
});

test('names are read without their quotes, numbers are no names', () => {
  const names = tokenizeSql('`a``b` "c""d" shop 2024 1e5 2shop', 'ANSI_QUOTES')
    .map(nameOf)
    .filter((name) => name !== undefined);
  expect(names).toEqual(['a`b', 'c"d', 'shop', '2shop']);
});

test('the tokens of any text make the text again', () => {
  const pieces = fc.array(
    fc.constantFrom(
      "'",
      '"',
      '`',
      '\\',
      '/*',
      '*/',
      '/*!',
      '--',
      '#',
      '\n',
      ' ',
      '.',
      'a',
      '1',
      'é',
      '🚀',
      '\0',
    ),
  );
  fc.assert(
    fc.property(pieces, fc.constantFrom('', 'ANSI_QUOTES', 'NO_BACKSLASH_ESCAPES'), (parts, sqlMode) => {
      const sql = parts.join('');
      return joinTokens(tokenizeSql(sql, sqlMode)) === sql;
    }),
  );
});

test('a literal of a megabyte is one token', () => {
  const literal = `'${`it''s \\' `.repeat(100_000)}'`;
  expect(tokenizeSql(`select ${literal}`).at(-1)).toEqual({ kind: 'string', text: literal });
});

import { describe, expect, test } from 'vitest';
import type { Flavor } from '../../../src/core/flavor.js';
import { readPrintedSequence, readPrintedTable } from '../../../src/core/sql/printed-table.js';

const MARIADB: Flavor = { vendor: 'mariadb', version: [10, 11, 19] };
const MYSQL: Flavor = { vendor: 'mysql', version: [9, 7, 0] };

const read = (text: string, flavor: Flavor = MYSQL) => readPrintedTable(text, 't', flavor);
const table = (body: string, tail = ' ENGINE=InnoDB'): string => `CREATE TABLE \`t\` (\n  ${body}\n)${tail}`;

describe('version comments are read as the server does that gets them', () => {
  test.each([
    [MYSQL, '/*!80023 INVISIBLE */', '  INVISIBLE  '],
    [{ ...MYSQL, version: [5, 7, 44] } as const, '/*!80023 INVISIBLE */', '    '],
    [MARIADB, '/*!80023 INVISIBLE */', '    '],
    [MARIADB, '/*!50606 INVISIBLE */', '  INVISIBLE  '],
    [MARIADB, '/*!100301 COMPRESSED*/', '  COMPRESSED '],
    [MARIADB, '/*M!100301 COMPRESSED*/', '  COMPRESSED '],
    [MARIADB, '/*M!110000 COMPRESSED*/', '   '],
    [MYSQL, '/*M!100301 COMPRESSED*/', '   '],
    [MYSQL, '/* `unknown`=1 */', ' '],
  ])('%o %s', (flavor, comment, opened) => {
    const squeeze = (text: string): string => text.replaceAll(/ +/g, ' ');
    expect(squeeze(read(table(`\`a\` int ${comment}`), flavor).sql)).toBe(
      squeeze(table(`\`a\` int ${opened}`)),
    );
  });

  test.each(['/*!50100 a /*!50611 b */ c */', '/*!50100 a', 'a */', '/*!123 a */'])(
    'none is like %s',
    (comment) => {
      expect(() => read(table('`a` int', ` ENGINE=InnoDB ${comment}`))).toThrow(
        /where none belongs|does not end/,
      );
    },
  );

  test('what a comment divides stays divided', () => {
    expect(read(table('`a` int DEFAULT (1 -/**/- 1)')).sql).toContain('1 - - 1');
  });
});

describe('text that looks like an end of statement is text', () => {
  test.each([
    "`a;` int COMMENT 'it''s; \\'; DROP DATABASE x; -- '",
    '`a``; DROP` int',
    "`a` enum('a;b','c\\\\')",
    "`a` int CHECK (`a` <> ';')",
  ])('%s', (body) => {
    expect(read(table(body)).sql).toBe(table(body));
  });
});

test.each([
  ['a quote that nothing closes', table("`a` int COMMENT 'x"), /matches?|where none belongs|do not match/],
  ['a space that servers take for a part of a name', table('`a`\u00a0int'), /where none belongs/],
  ['a zero byte', table('`a`\0int'), /where none belongs/],
  ['parentheses that do not match', `${table('`a` int')})`, /do not match/],
  ['a column that is not quoted', table('a int'), /it has "a" where/],
  ['an option without a value', table('`a` int', ' ENGINE=InnoDB COMMENT'), /ends too early/],
  ['two values of an option', table('`a` int', " COMMENT='a' 'b'"), /it has '\.\.\.' where/],
  ['a query in an option', table('`a` int', ' UNION=(SELECT 1)'), /it has "SELECT" where/],
  ['a query in a default', table('`a` int DEFAULT (SELECT 1)'), /it has "SELECT" where/],
  ['nothing', '', /not a CREATE TABLE/],
])('refused: %s', (_, text, reason) => {
  expect(() => read(text)).toThrow(reason);
});

describe('by what a table would open data elsewhere', () => {
  test.each([
    [' ENGINE=InnoDB', []],
    [" ENGINE = 'feder\\ated'", ['ENGINE=federated']],
    [' ENGINE=merge UNION=(`a`,`b`.`c`)', ['ENGINE=merge']],
    [" ENGINE=MyISAM DATA DIRECTORY='/a/' INDEX DIRECTORY='/b/'", ['DATA DIRECTORY', 'INDEX DIRECTORY']],
    [' PARTITION BY HASH (`a`) (PARTITION p0 ENGINE = SPIDER)', ['ENGINE=SPIDER']],
    [" COMMENT='ENGINE=SPIDER'", []],
  ])('%s', (tail, external) => {
    expect(read(table('`a` int', tail)).external).toEqual(external);
  });
});

describe('sequences', () => {
  const SEQUENCE =
    'CREATE SEQUENCE `s` start with -1 minvalue -9 maxvalue -1 increment by -1 nocache cycle ENGINE=InnoDB';
  test.each([
    SEQUENCE,
    `${SEQUENCE} COMMENT='x;y'`,
    'CREATE SEQUENCE `s` as tinyint unsigned start with 1 ENGINE=Aria',
  ])('%s', (text) => {
    expect(readPrintedSequence(text, 's', MARIADB)).toEqual({ sql: text, external: [] });
  });
  test.each([`${SEQUENCE}; DROP DATABASE x`, SEQUENCE.replace('`s`', '`x`.`s`'), `${SEQUENCE} (SELECT 1)`])(
    'refused: %s',
    (text) => {
      expect(() => readPrintedSequence(text, 's', MARIADB)).toThrow();
    },
  );
});

import { expect, test } from 'vitest';
import { readCreateTable } from '../../../src/core/sql/create-table.js';
import {
  isOneUsualFile,
  splitCounter,
  withoutArchiveCounter,
  withoutAutoIncrement,
} from '../../../src/core/sql/table-statement.js';

const create = (...lines: readonly string[]): string =>
  `CREATE TABLE \`t\` (\n${lines.map((line) => `  ${line}`).join(',\n')}\n) ENGINE=InnoDB`;

const ID = '`id` int(11) NOT NULL AUTO_INCREMENT';

test.each([
  [true, create(ID, 'PRIMARY KEY (`id`)', 'UNIQUE KEY `directory` (`partition`)')],
  [false, create(ID, 'PRIMARY KEY (`id`)', 'FULLTEXT KEY `f` (`x`)')],
  [false, create(ID, 'PRIMARY KEY (`id`)', 'UNIQUE KEY `u` (`b`) USING HASH')],
  [false, create(ID, 'PRIMARY KEY (`id`)', 'SPATIAL KEY `s` (`x`)')],
  [false, `${create(ID, 'PRIMARY KEY (`id`)')} DATA DIRECTORY='/srv/fast/'`],
  [false, `${create(ID, 'PRIMARY KEY (`id`)')}\n PARTITION BY HASH (\`id\`)\nPARTITIONS 3`],
])('a table that is one usual file: %s', (expected, statement) => {
  expect(isOneUsualFile(readCreateTable(statement))).toBe(expected);
});

test.each([
  [ID, '`id` int(11) NOT NULL'],
  [
    "`id` bigint(20) AUTO_INCREMENT COMMENT 'no AUTO_INCREMENT=3'",
    "`id` bigint(20)  COMMENT 'no AUTO_INCREMENT=3'",
  ],
])('a column without its counter: %s', (column, expected) => {
  const table = readCreateTable(create('`AUTO_INCREMENT` int', column, 'PRIMARY KEY (`id`)'));
  const [, element] = table.elements;
  expect(element && withoutAutoIncrement(table, element)).toBe(expected);
});

test.each([
  [
    "CREATE TABLE `t` (`id` int COMMENT ' AUTO_INCREMENT=3') ENGINE=InnoDB",
    '',
    " COMMENT='AUTO_INCREMENT=9'",
    undefined,
  ],
  [
    "CREATE TABLE `t` (`id` int COMMENT ' AUTO_INCREMENT=3') ENGINE=InnoDB",
    ' AUTO_INCREMENT=7',
    " COMMENT='x'",
    '7',
  ],
  [
    'CREATE TABLE `t` (`id` int AUTO_INCREMENT) ENGINE=InnoDB',
    ' AUTO_INCREMENT=18446744073709551615',
    '',
    '18446744073709551615',
  ],
])('the counter of %s%s%s', (before, option, after, counter) => {
  expect(splitCounter(readCreateTable(before + option + after))).toEqual({ counter, rest: before + after });
});

test.each([
  [') ENGINE=ARCHIVE AUTO_INCREMENT=4 DEFAULT CHARSET=latin1', ') ENGINE=ARCHIVE DEFAULT CHARSET=latin1'],
  [
    ") ENGINE=InnoDB AUTO_INCREMENT=4 COMMENT='ENGINE=ARCHIVE'",
    ") ENGINE=InnoDB AUTO_INCREMENT=4 COMMENT='ENGINE=ARCHIVE'",
  ],
  [') ENGINE=ARCHIVE', ') ENGINE=ARCHIVE'],
])('only ARCHIVE is made without its counter: %s', (options, expected) => {
  const table = 'CREATE TABLE `t` (\n  `id` int AUTO_INCREMENT\n';
  expect(withoutArchiveCounter(table + options)).toBe(table + expected);
});

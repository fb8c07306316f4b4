import { expect, test } from 'vitest';
import { readCreateTable, textOfElement } from '../../../src/core/sql/create-table.js';

const STATEMENT = `CREATE TABLE \`odd, (name\` (
  \`a,b\` enum('x,y','(') NOT NULL COMMENT 'a, b) ENGINE=x' /*!80023 INVISIBLE */,
  \`n\` decimal(10,2) DEFAULT (round(1.5,1)),
  PRIMARY KEY (\`n\`),
  UNIQUE KEY \`u\` (\`n\`,\`a,b\`) USING BTREE COMMENT 'x' /*!80000 INVISIBLE */,
  FULLTEXT KEY \`f\` (\`a,b\`),
  SPATIAL KEY \`s\` (\`g\`),
  KEY \`k\` ((\`n\` + 1)),
  CONSTRAINT \`fk\` FOREIGN KEY (\`n\`) REFERENCES \`p\` (\`n\`) ON DELETE CASCADE,
  CONSTRAINT \`c\` CHECK (\`n\` in (1,2)),
  PERIOD FOR SYSTEM_TIME (\`a\`, \`b\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
/*!50100 PARTITION BY KEY (\`n\`) */`;

test('a printed table is cut into its elements, each with its own text', () => {
  const table = readCreateTable(STATEMENT);
  expect(table).toMatchObject({ isTable: true, name: 'odd, (name' });
  expect(table.elements.map(({ kind, name }) => [kind, name])).toEqual([
    ['column', 'a,b'],
    ['column', 'n'],
    ['primary', ''],
    ['unique', 'u'],
    ['fulltext', 'f'],
    ['spatial', 's'],
    ['plain', 'k'],
    ['foreign-key', 'fk'],
    ['check', 'c'],
    ['other', ''],
  ]);
  const lines = STATEMENT.split('\n').slice(1, -2);
  expect(table.elements.map((element) => textOfElement(table, element))).toEqual(
    lines.map((line) => line.trim().replace(/,$/, '')),
  );
  expect(table.tail.map(({ text }) => text).join(' ')).toBe(
    'ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 PARTITION BY KEY ( `n` )',
  );
});

test('every token stands where it says', () => {
  for (const { start, text } of readCreateTable(STATEMENT).tokens)
    expect(STATEMENT.slice(start, start + text.length)).toBe(text);
});

test.each([
  ['', { isTable: false, name: '', elements: 0 }],
  ['CREATE TABLE `t`', { isTable: true, name: 't', elements: 0 }],
  ['CREATE TABLE `t` ()', { isTable: true, name: 't', elements: 1 }],
  ['CREATE TABLE `t` (`a` int, `b', { isTable: true, name: 't', elements: 2 }],
  ['CREATE SEQUENCE `s` START WITH 1', { isTable: false, name: 'CREATE', elements: 0 }],
])('what is no whole table is read as far as it goes: %s', (statement, expected) => {
  const { isTable, name, elements } = readCreateTable(statement);
  expect({ isTable, name, elements: elements.length }).toEqual(expected);
});

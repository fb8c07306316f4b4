import { expect, test } from 'vitest';
import { toDatabaseName } from '../../src/core/names.js';
import { describeChosen, echoDatabases, renderDatabaseList } from '../../src/render/database-choice.js';

const database = (name: string, tables: number, bytes: number, isOnTarget: boolean) => ({
  name: toDatabaseName(name),
  tables,
  bytes,
  isOnTarget,
});
const LIST = [
  database('crm', 38, 1_288_490_189, false),
  database('shop', 1112, 10_522_669_875, true),
  database('tmp_\u001b[31m', 0, 0, false),
];

test('a numbered list with sizes, and what the target has', () => {
  const look = { isTerminal: true, hasColor: false, columns: 80 };
  expect(renderDatabaseList(LIST, 'staging', look)).toEqual([
    '#  DATABASE      TABLES     SIZE  ON staging',
    '1  crm               38  1.2 GiB',
    '2  shop           1 112  9.8 GiB  exists',
    '3  tmp_\\x1b[31m       0      0 B',
  ]);
});

test('in a narrow terminal the names are what can be read, and sizes where they leave room', () => {
  const look = { isTerminal: true, hasColor: false, columns: 40 };
  expect(renderDatabaseList(LIST, 'staging', look)[2]).toBe('2  shop           1 112  9.8 GiB  exists');
  const long = database('a_database_with_a_long_name', 1, 1, true);
  expect(renderDatabaseList([...LIST, long], 'staging', look)).toEqual([
    '#  DATABASE                     TARGET',
    '1  crm',
    '2  shop                         exists',
    '3  tmp_\\x1b[31m',
    '4  a_database_with_a_long_name  exists',
  ]);
});

test.each([
  ['', 'nothing selected yet'],
  ['1', '1 of 3, 1.2 GiB: crm'],
  ['2,crm', '2 of 3, 11.0 GiB: crm, shop'],
  ['all,^tmp_*', '2 of 3, 11.0 GiB: crm, shop'],
  ['3', '1 of 3, 0 B: tmp_\\x1b[31m'],
  ['3-1', '"3-1" runs backwards; did you mean 1-3?'],
  ['1-9', '"1-9" is out of range 1-3'],
  ['shpo', '"shpo" is not in the list; did you mean "shop"?'],
])('%j is echoed as %j', (typed, echo) => {
  expect(echoDatabases(typed, LIST)).toBe(echo);
});

test('what was chosen, in one line', () => {
  expect(describeChosen(LIST.slice(0, 2), 'staging')).toBe(
    '2 databases (1 150 tables, 11.0 GiB), 1 of them on staging already',
  );
  expect(describeChosen(LIST.slice(0, 1), 'staging')).toBe(
    '1 database (38 tables, 1.2 GiB), none of them on staging already',
  );
});

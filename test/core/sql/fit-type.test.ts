import { expect, test } from 'vitest';
import { type Fit, fitColumn } from '../../../src/core/sql/fit-type.js';

const column = (text: string) => {
  const [columnType = '', charset] = text.split(' / ');
  return { columnType, charset };
};

test.each<[string, string, Fit]>([
  ['int(11)', 'int', 'whole'],
  ['int', 'bigint', 'whole'],
  ['int unsigned', 'bigint', 'whole'],
  ['int', 'bigint unsigned', 'some'],
  ['int unsigned', 'int', 'some'],
  ['bigint', 'int', 'some'],
  ['year', 'int', 'changed'],
  ['year(4)', 'year', 'whole'],
  ['int', 'decimal(20,0)', 'changed'],
  ['decimal(9,2)', 'decimal(10,3)', 'whole'],
  ['decimal(9,2)', 'decimal(9,3)', 'some'],
  ['decimal(9,2)', 'decimal(9,1)', 'changed'],
  ['decimal(9,2)', 'decimal(9,2) unsigned', 'some'],
  ['float', 'double', 'changed'],
  ['double', 'double', 'whole'],
  ['bit(4)', 'bit(8)', 'whole'],
  ['bit(8)', 'bit(4)', 'some'],
  ['datetime', 'datetime(6)', 'whole'],
  ['datetime(6)', 'datetime', 'changed'],
  ['timestamp', 'timestamp(3)', 'changed'],
  ['timestamp', 'datetime', 'changed'],
  ['date', 'datetime', 'changed'],
  ['varchar(10) / utf8mb4', 'varchar(20) / utf8mb4', 'whole'],
  ['varchar(20) / utf8mb4', 'varchar(10) / utf8mb4', 'some'],
  ['varchar(20) / latin1', 'varchar(20) / utf8mb4', 'whole'],
  ['varchar(20) / utf8', 'varchar(20) / utf8mb3', 'whole'],
  ['varchar(20) / utf8mb4', 'varchar(20) / latin1', 'some'],
  ['varchar(20) / utf8mb4', 'text / utf8mb4', 'whole'],
  ['mediumtext / utf8mb4', 'text / utf8mb4', 'some'],
  ['char(20) / utf8mb4', 'varchar(20) / utf8mb4', 'whole'],
  ['varchar(20) / utf8mb4', 'char(20) / utf8mb4', 'changed'],
  ['varchar(20) / utf8mb4', 'varbinary(20)', 'changed'],
  ['varbinary(20)', 'blob', 'whole'],
  ['binary(4)', 'binary(8)', 'changed'],
  ['binary(4)', 'varbinary(8)', 'whole'],
  ["enum('a','b') / utf8mb4", "enum('b','c','a') / utf8mb4", 'whole'],
  ["enum('a','b') / utf8mb4", "enum('a') / utf8mb4", 'some'],
  ["enum('a','b') / utf8mb4", "enum('a','b','B') / utf8mb4", 'changed'],
  ["enum('a') / utf8mb4", "set('a') / utf8mb4", 'changed'],
  ["enum('unsigned') / utf8mb4", "enum('unsigned','it''s') / utf8mb4", 'whole'],
  ['json', 'json', 'whole'],
  ['json', 'longtext / utf8mb4', 'changed'],
  ['point', 'geometry', 'changed'],
  ['from_the_future(3)', 'from_the_future(3)', 'whole'],
])('%s into %s: %s', (from, to, fit) => {
  expect(fitColumn(column(from), column(to))).toBe(fit);
});

import { expect, test } from 'vitest';
import {
  listCallsOfView,
  listColumnsOfView,
  listTablesElsewhere,
  listTablesOfView,
  orderViews,
} from '../../../src/core/server/view-order.js';

const view = (name: string, ...reads: readonly string[]): { name: string; statement: string } => ({
  name,
  statement: `CREATE VIEW \`${name}\` AS select 1 AS \`1\` from ${reads.map((read) => `\`${read}\``).join(' join ')}`,
});

test('views come after the views they read, cycles and strangers are no trouble', () => {
  const views = [view('a', 'z', 't'), view('b', 'a'), view('z', 'm'), view('m', 'a'), view('q', 'q')];
  expect(orderViews(views, 'shop').map(({ name }) => name)).toEqual(['m', 'z', 'a', 'b', 'q']);
});

test('what a view reads', () => {
  const sql =
    'CREATE VIEW `shop`.`v` AS select `g`.`id` AS `x`,`f`(`shop`.`t`.`n`) AS `f` from (`shop`.`gone` `g` join `ot`.`p`) where exists(select 1 from `here`)';
  expect([...listTablesOfView(sql, 'shop')]).toEqual(['v', 'gone', 'here']);
  expect(listColumnsOfView(sql)).toEqual([
    { name: 'id', argumentOf: undefined },
    { name: 'n', argumentOf: undefined },
  ]);
});

test('a column is an argument of the innermost function', () => {
  const sql =
    'select st_x((`t`.`g`)) AS `x`,concat(`t`.`a`,st_astext(`t`.`p`),`t`.`b`) AS `c`,`f`(`t`.`d`) AS `d` from `gone` `t` where st_x((select `u`.`q` from `u`)) > 1';
  expect(listColumnsOfView(sql).map(({ name, argumentOf }) => [name, argumentOf])).toEqual([
    ['g', { call: 'st_x', position: 1 }],
    ['a', { call: 'concat', position: 1 }],
    ['p', { call: 'st_astext', position: 1 }],
    ['b', { call: 'concat', position: 3 }],
    ['d', undefined],
    ['q', undefined],
  ]);
});

test('what a view reads of other databases, and calls of its own', () => {
  const sql =
    'select `shop`.`t`.`id` AS `id`,`other`.`f`(1) AS `f` from ((`shop`.`t` join `other`.`t` on(`other`.`t`.`id` = 1)) join `third`.`v` `other`) where exists(select 1 from `other`.`t`)';
  expect(listTablesElsewhere(sql, 'shop')).toEqual([
    { database: 'other', name: 't' },
    { database: 'third', name: 'v' },
  ]);
  expect(
    listCallsOfView('select `f`(`shop`.`g`(1)),`other`.`h`(),`shop`.`p`.`i`(),count(1)', 'shop'),
  ).toEqual(['f', 'g']);
});

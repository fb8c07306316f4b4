import { expect, test } from 'vitest';
import { listColumnsOfView, listTablesOfView, orderViews } from '../../src/core/view-order.js';

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
  expect([...listColumnsOfView(sql)]).toEqual(['id', 'n']);
});

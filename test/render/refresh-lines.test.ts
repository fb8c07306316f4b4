import { expect, test } from 'vitest';
import type { RefreshBase } from '../../src/core/change/change-set.js';
import { diffInventories } from '../../src/core/change/diff.js';
import { listRefresh, pipeRefresh } from '../../src/render/refresh-lines.js';
import { NOTHING_LEFT, aDatabase, aPlan, aTable, someFacts, someRules } from '../support/inventory.js';

const BASES: Readonly<Record<string, RefreshBase>> = {
  kept: { base: 'previous', would: 'patch', reason: 'its rows differ', insert: 1, change: 2, delete: 3 },
  begun: { base: 'unfinished', would: 'patch', reason: 'its rows differ', insert: 4, change: 5, delete: 6 },
  loading: { base: 'unfinished', would: 'patch' },
};

const changeOf = (...names: readonly string[]) => {
  const shop = aDatabase(
    'shop',
    names.map((name) => aTable(name)),
  );
  const [change] = diffInventories(
    aPlan(),
    [{ from: shop.name, to: shop.name, rules: someRules() }],
    { server: someFacts('a'), databases: [shop] },
    { server: someFacts('b'), databases: [shop] },
    NOTHING_LEFT,
  ).databases;
  if (!change) throw new Error('nothing was planned');
  const tables = change.tables.map((table) => {
    const refresh = BASES[table.name];
    return refresh ? { ...table, refresh } : table;
  });
  return { ...change, tables };
};

test('what tables are made of is told apart, with the rows of those that were compared', () => {
  expect(listRefresh(changeOf('kept', 'begun', 'loading'), 'short')).toEqual([
    'patched: 1 table (made of what is kept for a rollback: 1 to insert, 2 to change, 3 to delete)',
    'patched: 2 tables (made of a copy that was not finished: 4 to insert, 5 to change, 6 to delete; rows of 1 table not compared)',
  ]);
  expect(listRefresh(changeOf('begun', 'loading'), 'full')).toEqual([
    'patched: begun (made of a copy that was not finished: 4 to insert, 5 to change, 6 to delete)',
    'patched: loading (made of a copy that was not finished: rows not compared)',
  ]);
  expect(pipeRefresh(changeOf('kept', 'begun', 'loading')).toSorted()).toEqual([
    'refresh\tshop\tbegun\tresume\tits rows differ\t4\t5\t6',
    'refresh\tshop\tkept\tpatch\tits rows differ\t1\t2\t3',
    'refresh\tshop\tloading\tresume\t',
  ]);
});

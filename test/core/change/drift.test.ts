import { expect, test } from 'vitest';
import { diffInventories } from '../../../src/core/change/diff.js';
import { findDrift } from '../../../src/core/change/drift.js';
import type { DatabaseInventory } from '../../../src/core/server/inventory.js';
import {
  NOTHING_LEFT,
  aDatabase,
  aPlan,
  aProgram,
  aTable,
  someFacts,
  someRules,
} from '../../support/inventory.js';

const changeSetOf = (
  source: readonly DatabaseInventory[],
  target: readonly DatabaseInventory[],
  targetIdentity = 'b',
) =>
  diffInventories(
    aPlan(),
    source.map(({ name }) => ({ from: name, to: name, rules: someRules() })),
    { server: someFacts('a'), databases: source },
    { server: someFacts(targetIdentity), databases: target },
    NOTHING_LEFT,
  );

const shop = aDatabase('shop', [aTable('orders')]);
const crm = aDatabase('crm', [aTable('people')]);
const planned = changeSetOf([shop], [shop]);

test.each([
  ['nothing moved', changeSetOf([shop], [shop]), []],
  ['another target server', changeSetOf([shop], [shop], 'c'), ['target staging is a different server now']],
  ['the target database vanished', changeSetOf([shop], []), ['shop: vanished from the target']],
  ['the source database vanished', changeSetOf([], [shop]), ['shop: vanished from the source']],
  ['a source database appeared', changeSetOf([shop, crm], [shop]), ['crm: appeared on the source']],
  [
    'tables of the target came and went',
    changeSetOf([shop], [aDatabase('shop', [aTable('orders_tmp'), aTable('x')])]),
    ['shop: target had 1 table, now 2 (+ orders_tmp, + x, - orders)'],
  ],
  [
    'a program of the target changed',
    changeSetOf([shop], [{ ...shop, programs: [aProgram('view', 'v')] }]),
    ['shop: its structure or programs changed on the target'],
  ],
  [
    'the source was altered',
    changeSetOf([aDatabase('shop', [aTable('orders', { fingerprint: 'new' })])], [shop]),
    ['shop: its structure changed on the source'],
  ],
])('%s', (_case, now, lines) => {
  expect(findDrift(planned, now)).toEqual(lines);
});

test('a database that appeared on the target', () => {
  expect(findDrift(changeSetOf([shop], []), planned)).toEqual(['shop: appeared on the target']);
});

test('one database of the source that is copied to two of the target', () => {
  const twice = diffInventories(
    aPlan(),
    [shop, crm].map(({ name }) => ({ from: shop.name, to: name, rules: someRules() })),
    { server: someFacts('a'), databases: [shop] },
    { server: someFacts('b'), databases: [crm] },
    NOTHING_LEFT,
  );
  expect(findDrift(twice, twice)).toEqual([]);
});

import { expect, test } from 'vitest';
import { listCopySets } from '../../../src/core/change/copy-sets.js';
import { diffInventories } from '../../../src/core/change/diff.js';
import { toDatabaseName } from '../../../src/core/names.js';
import type { DatabaseInventory } from '../../../src/core/server/inventory.js';
import { NOTHING_LEFT, aDatabase, aPlan, aTable, someFacts, someRules } from '../../support/inventory.js';

const reading = (name: string, ...reads: readonly string[]): DatabaseInventory =>
  aDatabase(name, [], { reads: reads.map(toDatabaseName) });

const changeSetOf = (source: readonly DatabaseInventory[], skipped: readonly string[] = []) =>
  diffInventories(
    aPlan(),
    source.map(({ name }) => ({
      from: name,
      to: name,
      rules: someRules(skipped.includes(name) ? { onExisting: 'skip' } : {}),
    })),
    { server: someFacts('a'), databases: source },
    { server: someFacts('b'), databases: source.filter(({ name }) => skipped.includes(name)) },
    NOTHING_LEFT,
  );

const namesOf = (source: readonly DatabaseInventory[], skipped: readonly string[] = []) =>
  listCopySets(changeSetOf(source, skipped)).map(({ databases }) => databases.map(({ to }) => to));

test('databases that read each other are one set, in the order of the plan, also by way of others', () => {
  expect(
    namesOf([reading('a', 'c'), reading('b'), reading('c', 'd'), reading('d'), reading('e', 'd')]),
  ).toEqual([['a', 'c', 'd', 'e'], ['b']]);
});

test('two sets that a later database reads become one', () => {
  expect(
    namesOf([reading('a'), reading('b', 'a'), reading('c'), reading('d', 'c'), reading('e', 'b', 'd')]),
  ).toEqual([['a', 'b', 'c', 'd', 'e']]);
});

test('what is not copied ties nothing together', () => {
  expect(
    namesOf([reading('a', 'shared'), reading('shared'), reading('b', 'shared', 'elsewhere')], ['shared']),
  ).toEqual([['a'], ['b']]);
});

test('the largest set comes first, and an empty database costs something', () => {
  const large = aDatabase('large', [aTable('t', { dataBytes: 2 ** 30 })]);
  const sets = listCopySets(changeSetOf([reading('a'), large, reading('b', 'c'), reading('c')]));
  expect(sets.map(({ databases }) => databases.map(({ to }) => to))).toEqual([['large'], ['b', 'c'], ['a']]);
  expect(sets.every(({ cost }) => cost > 0)).toBe(true);
});

test('a change says what it reads of the plan, and nothing where that is nothing', () => {
  const [a, b] = changeSetOf([reading('a', 'b', 'elsewhere'), reading('b')]).databases;
  expect(a?.reads).toEqual(['b']);
  expect(b).not.toHaveProperty('reads');
});

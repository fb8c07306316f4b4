import { describe, expect, test } from 'vitest';
import { listTied, listTiedToSwapped } from '../../../src/core/change/refresh.js';
import { toDatabaseName, toTableName } from '../../../src/core/names.js';
import type { DatabaseInventory } from '../../../src/core/server/inventory.js';

type Keys = Readonly<Record<string, readonly string[]>>;

const shop = toDatabaseName('shop');

/** Tables with the names of those that their keys refer to, `database.table` in another one. */
const side = (keys: Keys): Pick<DatabaseInventory, 'name' | 'tables'> => ({
  name: shop,
  tables: Object.entries(keys).map(([name, parents]) => ({
    ...{ name: toTableName(name), kind: 'table' as const, engine: 'InnoDB', rowsEstimate: 0 },
    ...{ dataBytes: 0, indexBytes: 0, updatedAt: undefined, columns: [], fingerprint: name },
    foreignKeys: parents.map((parent) => {
      const [database, table = database] = parent.includes('.') ? parent.split('.') : ['shop', parent];
      return {
        name: `to_${parent}`,
        referencedDatabase: toDatabaseName(database ?? ''),
        referencedTable: toTableName(table ?? ''),
      };
    }),
  })),
});

describe('tables that foreign keys connect with one that only one side has', () => {
  test.each<readonly [string, Keys, Keys, readonly string[]]>([
    ['without keys', { a: [], b: [] }, { a: [], b: [] }, []],
    [
      'keys between tables of both sides',
      { child: ['parent'], parent: [] },
      { child: ['parent'], parent: [] },
      [],
    ],
    [
      'a parent that the target does not have',
      { child: ['parent'], parent: [] },
      { child: ['parent'] },
      ['child'],
    ],
    ['a parent that the source does not have', { child: ['gone'] }, { child: ['gone'], gone: [] }, ['child']],
    ['a child that only the target has', { parent: [] }, { extra: ['parent'], parent: [] }, ['parent']],
    ['a child that only the source has', { fresh: ['parent'], parent: [] }, { parent: [] }, ['parent']],
    ['not by way of others', { a: ['b'], b: ['c'], c: [] }, { a: ['b'], b: ['c'] }, ['b']],
    ['a key to itself', { tree: ['tree'] }, { tree: ['tree'] }, []],
    ['a name in another case', { child: ['PARENT'], parent: [] }, { child: ['PARENT'], parent: [] }, []],
    ['a table of that name elsewhere', { child: ['other.gone'] }, { child: ['other.gone'], gone: [] }, []],
  ])('%s', (_, source, target, tied) => {
    const names = [...new Set([...Object.keys(source), ...Object.keys(target)])];
    const tables = names.map((name) => ({
      name: toTableName(name),
      action: !(name in target)
        ? ('create' as const)
        : name in source
          ? ('replace' as const)
          : ('drop' as const),
    }));
    const both = new Set(names.filter((name) => name in source && name in target));
    const found = [...listTied(tables, [side(source), side(target)])];
    expect(found.filter((name) => both.has(name))).toEqual(tied);
  });
});

describe('tables that a strict refresh swaps along', () => {
  const chain: Keys = { a: ['b'], b: ['c'], c: [], alone: [], tree: ['tree'], far: ['other.c'] };
  test.each<readonly [string, Keys, readonly string[], readonly string[]]>([
    ['none, where all stay', chain, [], []],
    ['children, and theirs', chain, ['c'], ['a', 'b']],
    ['parents, and theirs', chain, ['a'], ['b', 'c']],
    ['both', chain, ['b'], ['a', 'c']],
    ['none of a table without keys', chain, ['alone'], []],
    ['a name in another case', { child: ['PARENT'], parent: [] }, ['parent'], ['child']],
  ])('%s', (_, keys, swapped, tied) => {
    const names = Object.keys(keys).map(toTableName);
    const staying = names.filter((name) => !swapped.includes(name));
    const tables = names.map((name) => ({ name, action: 'replace' as const }));
    expect([...listTiedToSwapped(tables, [side(keys), side({})], staying)]).toEqual(tied);
    expect([...listTiedToSwapped(tables, [side({}), side(keys)], staying)]).toEqual(tied);
  });

  test('a table that the plan leaves alone takes none along', () => {
    const tables = [
      { name: toTableName('child'), action: 'replace' as const },
      { name: toTableName('parent'), action: 'keep' as const },
    ];
    const sides = [side({ child: ['parent'], parent: [] })];
    expect([...listTiedToSwapped(tables, sides, [toTableName('child')])]).toEqual([]);
  });
});

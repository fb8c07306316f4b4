import { describe, expect, test } from 'vitest';
import { listStaying } from '../../../src/core/change/refresh.js';
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

describe('equal tables stay unless foreign keys connect them with one that does not', () => {
  test.each<readonly [string, readonly string[], Keys, Keys, readonly string[]]>([
    ['without keys', ['a', 'b'], { a: [], b: [], c: [] }, {}, ['a', 'b']],
    ['a child of one that is copied', ['child'], { child: ['parent'], parent: [] }, {}, []],
    ['a parent of one that is copied', ['parent'], { child: ['parent'], parent: [] }, {}, []],
    ['by way of others', ['a', 'b', 'z'], { a: ['b'], b: ['c'], c: [], z: [] }, {}, ['z']],
    ['a key of the target only', ['parent'], { parent: [] }, { extra: ['parent'], parent: [] }, []],
    ['a key to itself', ['tree'], { tree: ['tree'], other: [] }, {}, ['tree']],
    ['a name in another case', ['child'], { child: ['PARENT'], parent: [] }, {}, []],
    ['a table of that name elsewhere', ['child'], { child: ['other.parent'], parent: [] }, {}, ['child']],
  ])('%s', (_, equal, source, target, staying) => {
    const found = listStaying(new Set(equal.map(toTableName)), [side(source), side(target)]);
    expect([...found]).toEqual(staying);
  });
});

import { describe, expect, test } from 'vitest';
import { type CopyWords, readCopyWords } from '../../../src/core/plan/copy-words.js';
import type { DraftEntry } from '../../../src/core/plan/plan-draft.js';

const read = (names: readonly string[], more: Partial<CopyWords> = {}): readonly DraftEntry[] =>
  readCopyWords({ names, as: undefined, where: [], ...more });

describe('names', () => {
  test.each<[readonly string[], readonly DraftEntry[]]>([
    [['shop'], [{ name: 'shop' }]],
    [
      ['shop', 'crm', 'shop'],
      [{ name: 'shop' }, { name: 'crm' }],
    ],
    [['app_*'], [{ match: 'app_*' }]],
    [['shop.orders'], [{ name: 'shop', tables: { only: ['orders'] } }]],
    [
      ['shop.orders', 'crm', 'shop.log_*'],
      [{ name: 'shop', tables: { only: ['orders', 'log_*'] } }, { name: 'crm' }],
    ],
    [['shop.orders', 'shop'], [{ name: 'shop' }]],
    [['app_*.users'], [{ match: 'app_*', tables: { only: ['users'] } }]],
    [['`a.b`'], [{ name: 'a.b' }]],
    [['`a.b`.`c``d`'], [{ name: 'a.b', tables: { only: ['c`d'] } }]],
    [['a\\.b.c', '`a.b`.d'], [{ name: 'a.b', tables: { only: ['c', 'd'] } }]],
    [['`what*`.t?'], [{ name: 'what*', tables: { only: ['t?'] } }]],
    [['`shop`.`back\\slash*`'], [{ name: 'shop', tables: { only: ['back\\\\slash\\*'] } }]],
    [['größe.😀'], [{ name: 'größe', tables: { only: ['😀'] } }]],
    [['it-s $(x) -y'], [{ name: 'it-s $(x) -y' }]],
  ])('%j', (names, entries) => {
    expect(read(names)).toEqual(entries);
  });

  test.each(['', '.', 'shop.', '.orders', 'a.b.c', '`a', '``', 'a`', 'shop.orders.id', 'a\\'])(
    '%j is none',
    (text) => {
      expect(() => read([text])).toThrow(`"${text}" is neither DATABASE nor DATABASE.TABLE`);
    },
  );
});

test('another name is for one database', () => {
  expect(read(['shop.orders'], { as: 'copy' })).toEqual([
    { name: 'shop', as: 'copy', tables: { only: ['orders'] } },
  ]);
  for (const names of [['shop', 'crm'], ['app_*']])
    expect(() => read(names, { as: 'copy' })).toThrow('--as is another name for one database');
});

describe('conditions', () => {
  const whereOf = (names: readonly string[], ...where: readonly string[]): readonly unknown[] =>
    read(names, { where }).map(({ tables }) => tables?.where);

  test.each<[readonly string[], readonly string[], readonly unknown[]]>([
    [['shop.orders'], ['id = 5 OR x.y = 6'], [{ orders: 'id = 5 OR x.y = 6' }]],
    [['shop'], ['orders=id > 5', 'log = at > NOW()'], [{ orders: 'id > 5', log: 'at > NOW()' }]],
    [['shop'], ['`my table`=id=5'], [{ 'my table': 'id=5' }]],
    [['shop'], ['`a=b`=`c`=1'], [{ 'a=b': '`c`=1' }]],
    [['shop'], ['shop.orders=id=5'], [{ orders: 'id=5' }]],
    [['shop', 'crm'], ['crm.people=id=5'], [undefined, { people: 'id=5' }]],
    [['app_*'], ['users=id < 9'], [{ users: 'id < 9' }]],
    [['shop.orders', 'shop.log'], ['log=1\nAND 2'], [{ log: '1\nAND 2' }]],
    [['shop'], ['__proto__=1'], [Object.fromEntries([['__proto__', '1']])]],
  ])('of %j: %j', (names, where, conditions) => {
    expect(whereOf(names, ...where)).toEqual(conditions);
  });

  test.each([
    [['shop'], 'id IS NULL', 'does not say of which table'],
    [['shop'], 'id >= 5', 'does not say of which table'],
    [['shop'], 'orders=', 'does not say of which table'],
    [['shop', 'crm'], 'people=id=5', 'say DATABASE.TABLE=CONDITION'],
    [['shop'], 'crm.people=id=5', 'that database is not among those to copy'],
    [['shop'], '`a`.`b`.`c`=1', 'is neither DATABASE nor DATABASE.TABLE'],
  ])('of %j: %s is refused', (names, where, message) => {
    expect(() => whereOf(names, where)).toThrow(message);
  });

  test('two for one table are refused, as nobody can tell how they belong together', () => {
    expect(() => whereOf(['shop.orders'], 'a = 1', 'b = 1')).toThrow('join them with AND');
  });
});

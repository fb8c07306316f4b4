import { expect, test } from 'vitest';
import { toDatabaseName } from '../../src/core/names.js';
import { Conversions } from '../../src/engine/conversions.js';

test('what is read the same is converted once, and what changed is converted again', () => {
  const { fingerprints } = new Conversions();
  const [shop, crm] = [toDatabaseName('shop'), toDatabaseName('crm')];
  const made: string[] = [];
  const read = (database: typeof shop, statement: string): void => {
    fingerprints.recall(database, [{ name: 't', statement }], () => {
      made.push(`${database}: ${statement}`);
      return new Map();
    });
  };
  read(shop, 'a int');
  read(shop, 'a int');
  read(crm, 'a int');
  read(shop, 'a bigint');
  read(shop, 'a bigint');
  read(crm, 'a int');
  read(shop, 'a int');
  expect(made).toEqual(['shop: a int', 'crm: a int', 'shop: a bigint', 'shop: a int']);
});

import { expect, test } from 'vitest';
import { hasPrivilege, isDatabaseMatch } from '../../../src/core/server/grants.js';
import type { Grants } from '../../../src/core/server/inventory.js';
import { toDatabaseName } from '../../../src/core/names.js';

const grantsOf = (
  global: readonly string[],
  databases: Readonly<Record<string, readonly string[]>> = {},
  more: Partial<Grants> = {},
): Grants => ({
  global: new Set(global),
  databases: new Map(Object.entries(databases).map(([pattern, list]) => [pattern, new Set(list)])),
  ...more,
});

const cases: readonly [name: string, grants: Grants, database: string | undefined, expected: boolean][] = [
  ['nothing', grantsOf([]), 'shop', false],
  ['global', grantsOf(['TRIGGER']), 'shop', true],
  ['all, global', grantsOf(['ALL PRIVILEGES']), 'shop', true],
  ['another one, global', grantsOf(['SELECT']), 'shop', false],
  ['the database', grantsOf([], { shop: ['TRIGGER'] }), 'shop', true],
  ['all on the database', grantsOf([], { shop: ['ALL PRIVILEGES'] }), 'shop', true],
  ['another database', grantsOf([], { shop: ['TRIGGER'] }), 'shops', false],
  ['a pattern', grantsOf([], { 'sh%': ['TRIGGER'] }), 'shop', true],
  ['the exact name beats a pattern', grantsOf([], { 'sh%': ['TRIGGER'], shop: ['SELECT'] }), 'shop', false],
  ['the longer pattern wins', grantsOf([], { 's%': ['TRIGGER'], 'sh%': ['SELECT'] }), 'shop', false],
  [
    'the longer pattern wins, in any order',
    grantsOf([], { 'sh%': ['TRIGGER'], 's%': ['SELECT'] }),
    'shop',
    true,
  ],
  ['an escaped underscore is exact', grantsOf([], { a_b: ['TRIGGER'], 'a\\_b': ['SELECT'] }), 'a_b', false],
  [
    'one of two patterns, which one is unknown',
    grantsOf([], { 'sh%': ['SELECT'], 'sho%': ['TRIGGER'] }, { patterns: 'unknown' }),
    'shop',
    false,
  ],
  [
    'both of two patterns, whichever it is',
    grantsOf([], { 'sh%': ['TRIGGER'], 'sho%': ['TRIGGER'] }, { patterns: 'unknown' }),
    'shop',
    true,
  ],
  [
    'the plain name is known to win',
    grantsOf([], { 'sh%': ['SELECT'], shop: ['TRIGGER'] }, { patterns: 'unknown' }),
    'shop',
    true,
  ],
  ['global and database add up', grantsOf(['TRIGGER'], { shop: ['SELECT'] }), 'shop', true],
  ['a role', grantsOf([], {}, { roles: [grantsOf([], { shop: ['TRIGGER'] })] }), 'shop', true],
  [
    'a role adds to the exact name',
    grantsOf([], { shop: ['SELECT'] }, { roles: [grantsOf([], { '%': ['TRIGGER'] })] }),
    'shop',
    true,
  ],
  [
    'revoked',
    grantsOf(['TRIGGER'], {}, { revoked: new Map([['shop', new Set(['TRIGGER'])]]) }),
    'shop',
    false,
  ],
  [
    'revoked elsewhere',
    grantsOf(['TRIGGER'], {}, { revoked: new Map([['x', new Set(['TRIGGER'])]]) }),
    'shop',
    true,
  ],
  [
    'revoked from global, granted again',
    grantsOf(['TRIGGER'], { shop: ['TRIGGER'] }, { revoked: new Map([['shop', new Set(['TRIGGER'])]]) }),
    'shop',
    true,
  ],
  ['the whole server, by one database only', grantsOf([], { shop: ['ALL PRIVILEGES'] }), undefined, false],
  ['the whole server', grantsOf(['TRIGGER']), undefined, true],
];

test.each(cases)('%s', (_, grants, database, expected) => {
  const name = database === undefined ? undefined : toDatabaseName(database);
  expect(hasPrivilege(grants, 'TRIGGER', name)).toBe(expected);
});

test.each([
  ['shop', 'shop', true],
  ['shop', 'Shop', false],
  ['sh%', 'shop', true],
  ['%', '', true],
  ['sh_p', 'shop', true],
  ['sh_p', 'shp', false],
  ['sh\\_p', 'shop', false],
  ['sh\\_p', 'sh_p', true],
  ['100\\%', '100%', true],
  ['100\\%', '1000', false],
  ['a.c', 'abc', false],
  ['a.c', 'a.c', true],
  ['we\\\\ird', 'we\\ird', true],
  ['(x)[y]{1}$^|', '(x)[y]{1}$^|', true],
  ['_', '🚀', true],
  ['a%', 'a\nb', true],
])('pattern %j and database %j: %s', (pattern, database, expected) => {
  expect(isDatabaseMatch(pattern, database)).toBe(expected);
});

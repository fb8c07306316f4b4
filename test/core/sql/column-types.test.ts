import { describe, expect, test } from 'vitest';
import type { Flavor } from '../../../src/core/flavor.js';
import {
  type ColumnType,
  type Family,
  canonicalTypeName,
  columnTypeOf,
  isOfFamily,
  knowsType,
  listTypeNames,
} from '../../../src/core/sql/column-types.js';

const FAMILIES: readonly Family[] = [
  ...(['integer', 'decimal', 'floating', 'bit', 'temporal', 'text'] as const),
  ...(['bytes', 'members', 'json', 'geometry', 'address', 'vector'] as const),
];
const SYNONYMS = ['geomcollection', 'integer', 'numeric', 'real'];
const NAMES = listTypeNames(...FAMILIES).filter((name) => !SYNONYMS.includes(name));

const namesWhere = (matches: (type: ColumnType) => boolean): readonly string[] =>
  NAMES.filter((name) => {
    const type = columnTypeOf(name);
    return type !== undefined && matches(type);
  }).sort();

const words = (text: string): readonly string[] => text.split(' ').sort();

/** What must be so whoever changes a row: a mistake here writes or compares other values, or cuts tables wrongly. */
describe('rows', () => {
  test.each([
    ['number', 'tinyint smallint mediumint int bigint decimal'],
    ['plain', 'date datetime timestamp'],
    ['bytes', 'binary varbinary'],
    ['text', 'char varchar'],
    [
      undefined,
      'year time float double bit enum set json tinytext text mediumtext longtext tinyblob blob mediumblob longblob geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection uuid inet4 inet6 vector',
    ],
  ])('a table is cut by keys as %s of %s', (kind, names) => {
    expect(namesWhere(({ key }) => key === kind)).toEqual(words(names));
  });

  test.each([
    ['integer', 'tinyint smallint mediumint int bigint year'],
    ['decimal', 'decimal'],
    ['float', 'float double'],
    ['text', 'json uuid inet4 inet6'],
  ])('literals are %s of %s', (kind, names) => {
    expect(namesWhere(({ literal }) => literal === kind)).toEqual(words(names));
  });

  test.each([
    [
      'plain',
      'tinyint smallint mediumint int bigint decimal year date time datetime timestamp uuid inet4 inet6',
    ],
    ['floating', 'float double'],
    ['bit', 'bit'],
    ['members', 'enum set'],
    ['short', 'char varchar binary varbinary tinytext tinyblob'],
    [
      'long',
      'text mediumtext longtext blob mediumblob longblob geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection',
    ],
    ['json', 'json'],
    ['vector', 'vector'],
  ])('cells go into digests as %s of %s', (form, names) => {
    expect(namesWhere(({ digest }) => digest === form)).toEqual(words(names));
  });

  test('long types have their defaults as expressions', () => {
    expect(namesWhere(({ isLong }) => isLong === true)).toEqual(
      words(
        'tinytext text mediumtext longtext tinyblob blob mediumblob longblob json geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection',
      ),
    );
  });

  test('a type that a vendor lacks is replaced or refused there', () => {
    const lacking = namesWhere(({ since }) => since?.mysql === 'never' || since?.mariadb === 'never');
    expect(lacking).toEqual(words('json uuid inet4 inet6'));
    expect(lacking.every((name) => columnTypeOf(name)?.substitute !== undefined)).toBe(true);
    expect(namesWhere(({ isOfOneVendor }) => isOfOneVendor === true)).toEqual(['vector']);
  });

  test('what takes the place of a type is a type of both vendors', () => {
    for (const name of NAMES) {
      const substitute = columnTypeOf(name)?.substitute;
      if (substitute) expect(columnTypeOf(substitute.type)?.since).toBeUndefined();
    }
  });
});

describe('names', () => {
  test.each([
    ['varchar(40)', 'text'],
    ['int(11) unsigned zerofill', 'integer'],
    ["enum('text','int')", 'members'],
    ['DOUBLE', 'floating'],
    ['geomcollection', 'geometry'],
    ['integer', 'integer'],
    ['bit(1)', 'bit'],
    ['point', 'geometry'],
  ] as const)('%s is of the family %s', (text, family) => {
    expect(isOfFamily(text, family)).toBe(true);
  });

  test.each(['xmltype', 'integers', '', '(int)', 'constructor', '__proto__', 'toString'])(
    'nothing is known of %o, and it counts as no type that is missing',
    (text) => {
      expect(columnTypeOf(text)).toBeUndefined();
      expect(isOfFamily(text, ...FAMILIES)).toBe(false);
      expect(canonicalTypeName(text)).toBe(text);
      expect(knowsType({ vendor: 'mysql', version: [5, 7, 0] }, text)).toBe(true);
    },
  );
});

test.each<[string, Flavor, boolean]>([
  ['json', { vendor: 'mysql', version: [5, 7, 8] }, true],
  ['json', { vendor: 'mariadb', version: [11, 8, 0] }, false],
  ['uuid', { vendor: 'mariadb', version: [10, 6, 99] }, false],
  ['uuid', { vendor: 'mariadb', version: [10, 7, 0] }, true],
  ['uuid', { vendor: 'mysql', version: [26, 7, 0] }, false],
  ['inet6', { vendor: 'mariadb', version: [10, 4, 99] }, false],
  ['inet6', { vendor: 'mariadb', version: [10, 5, 0] }, true],
  ['inet4', { vendor: 'mariadb', version: [10, 9, 99] }, false],
  ['inet4', { vendor: 'mariadb', version: [10, 10, 0] }, true],
  ['vector', { vendor: 'mysql', version: [8, 4, 99] }, false],
  ['vector', { vendor: 'mysql', version: [9, 0, 0] }, true],
  ['vector', { vendor: 'mariadb', version: [11, 6, 99] }, false],
  ['vector(3)', { vendor: 'mariadb', version: [11, 7, 0] }, true],
  ['varchar(10)', { vendor: 'mysql', version: [5, 7, 0] }, true],
])('%s on %o: %s', (type, flavor, expected) => {
  expect(knowsType(flavor, type)).toBe(expected);
});

import { expect, test } from 'vitest';
import type { MaskRule } from '../../../src/core/mask/mask-rule.js';
import { whyUnfit } from '../../../src/core/mask/why-unfit.js';
import type { ColumnInventory } from '../../../src/core/server/inventory.js';

type Overrides = Partial<ColumnInventory> & { readonly isNullable?: true };

const aColumn = (columnType: string, { isNullable, ...overrides }: Overrides = {}): ColumnInventory => ({
  ...{ name: 'c', columnType, dataType: /^\w+/.exec(columnType)?.[0] ?? '' },
  ...{ charset: undefined, collation: undefined, isGenerated: false, primaryKeyPosition: undefined },
  ...(isNullable ? {} : { isNotNull: true as const }),
  ...overrides,
});

const why = (
  rule: MaskRule | MaskRule['kind'],
  columnType: string,
  overrides: Overrides = {},
  isUnique = false,
): string | undefined =>
  whyUnfit(typeof rule === 'string' ? ({ kind: rule } as MaskRule) : rule, aColumn(columnType, overrides), {
    isUnique,
  });

const valueOf = (value: string | number | boolean): MaskRule => ({ kind: 'value', value });

test.each<[MaskRule | MaskRule['kind'], string, Overrides?]>([
  ['email', 'varchar(28)'],
  ['token', 'char(16)'],
  ['token', 'binary(20)'],
  ['uuid', 'binary(16)'],
  ['uuid', 'uuid'],
  ['uuid', 'varbinary(16)'],
  ['ip', 'int unsigned'],
  ['ip', 'varbinary(16)'],
  ['ip', 'inet6'],
  ['text', 'char(1)'],
  ['name', 'tinytext'],
  ['digits', 'varchar(255)'],
  ['digits', 'binary(8)'],
  ['id', 'bigint unsigned'],
  ['number', 'decimal(36,6)'],
  ['date', 'datetime(6)'],
  ['null', 'geometry', { isNullable: true }],
  ['default', "enum('a','b')", { default: 'constant' }],
  ['default', 'int', { isNullable: true }],
  [{ kind: 'sql', sql: 'UPPER(c)' }, 'varchar(9)'],
  [{ kind: 'json', paths: [{ path: '$.a', rule: { kind: 'email' } }] }, 'json'],
  [{ kind: 'json', paths: [{ path: '$.a', rule: { kind: 'null' } }] }, 'longtext'],
  [valueOf('naïve'), 'varchar(5)', { charset: 'latin1' }],
  [valueOf('😀'), 'varchar(1)', { charset: 'utf8mb4' }],
  [valueOf(-128), 'tinyint'],
  [valueOf(true), 'tinyint(1)'],
  [valueOf('12.50'), 'decimal(4,1)'],
  [valueOf(0.5), 'float'],
  [valueOf('2024-02-29'), 'date'],
  [valueOf('2024-02-29 10:00:00.5'), 'datetime(3)'],
  [valueOf('"x"'), 'json'],
])('%o is for %s', (rule, columnType, overrides) => {
  expect(why(rule, columnType, overrides)).toBeUndefined();
});

test.each<[MaskRule | MaskRule['kind'], string, RegExp, Partial<ColumnInventory>?]>([
  ['email', 'varchar(27)', /^email needs 28 characters and varchar\(27\) is too narrow: use text/],
  ['email', 'char(3)', /needs 28 characters/],
  ['uuid', 'char(31)', /needs 32/],
  ['ip', 'varchar(14)', /needs 15/],
  ['email', 'binary(40)', /fills up: use text or value/],
  ['token', 'binary(65)', /fills up/],
  ['email', 'int', /^email is not for int: use id, number or value$/],
  ['id', 'varchar(20)', /^id is not for varchar\(20\): use text, token or value$/],
  ['id', 'year', /^id is not for year/],
  ['id', 'smallint(3) unsigned zerofill', /more digits/],
  ['number', 'decimal(40,2)', /at most 36 digits/],
  ['number', 'double', /^number is not for double: use value, or sql/],
  ['date', 'time', /^date is not for time/],
  ['ip', 'int', /unsigned INT or a BIGINT/],
  ['ip', 'uuid', /use uuid/],
  ['uuid', 'inet6', /use ip/],
  ['digits', 'varchar(256)', /^digits is for up to 255 characters, and this is varchar\(256\): use text/],
  ['digits', 'bigint', /^digits is not for bigint: use id, number or value$/],
  ['text', "enum('a')", /use null, default or keep/],
  ['text', 'json', /json: \{ \$\.path: text \}/],
  ['null', 'int', /^the column is NOT NULL: use value, default or text$/],
  ['default', 'int', /no default/],
  ['default', 'datetime', /no constant/, { default: 'computed' }],
  ['email', 'varchar(99)', /^the column is generated/, { isGenerated: true }],
  ['email', 'xmltype', /does not know the type xmltype/],
  [valueOf('abcdef'), 'varchar(5)', /too long/],
  [valueOf('naïve'), 'varchar(9)', /has a character that ascii may not have/, { charset: 'ascii' }],
  [valueOf('😀'), 'varchar(9)', /utf8mb3 may not have/, { charset: 'utf8mb3' }],
  [valueOf(128), 'tinyint', /does not fit tinyint/],
  [valueOf(-1), 'int unsigned', /does not fit/],
  [valueOf('1.25'), 'decimal(4,1)', /does not fit/],
  [valueOf(0.1), 'float', /does not fit float/],
  [valueOf('2023-02-29'), 'date', /does not fit date/],
  [valueOf('1969-12-31 00:00:00'), 'timestamp', /does not fit/],
  [valueOf('x'), 'json', /is no JSON: text is written as/],
  [valueOf('a'), "enum('a')", /value is not for enum/],
  [valueOf(true), 'varchar(9)', /true and false are for numbers/],
  [{ kind: 'json', paths: [] }, 'varchar(99)', /json is for JSON and TEXT columns/],
  [
    { kind: 'json', paths: [{ path: '$.a', rule: { kind: 'digits' } }] },
    'json',
    /^digits is not for a path of JSON \(\$\.a\)/,
  ],
  [{ kind: 'json', paths: [{ path: '$.a', rule: valueOf(true) }] }, 'json', /true and false/],
])('%o is not for %s: %s', (rule, columnType, message, overrides) => {
  expect(why(rule, columnType, overrides)).toMatch(message);
});

test('a unique column needs a mask that keeps values apart', () => {
  expect(why('phone', 'varchar(40)', {}, true)).toBe(
    'phone may make two values the same, and the column is in a unique index: use token, email or sql',
  );
  expect(why('number', 'int', {}, true)).toMatch(/use id$/);
  for (const kind of ['email', 'token', 'uuid'] as const)
    expect(why(kind, 'varchar(40)', {}, true)).toBeUndefined();
  expect(why('id', 'int', {}, true)).toBeUndefined();
  expect(why('null', 'varchar(40)', { isNullable: true }, true)).toBeUndefined();
  expect(why('default', 'varchar(40)', { isNullable: true }, true)).toBeUndefined();
  expect(why('default', 'varchar(40)', { default: 'constant' }, true)).toMatch(/unique index/);
});

test('a column of a CHECK needs an expression that passes it', () => {
  const column = aColumn('varchar(40)', { isNullable: true });
  const circumstances = { isUnique: false, isChecked: true };
  expect(whyUnfit({ kind: 'phone' }, column, circumstances)).toMatch(/a CHECK names the column/);
  expect(whyUnfit({ kind: 'null' }, column, circumstances)).toBeUndefined();
  expect(whyUnfit({ kind: 'sql', sql: 'c' }, column, circumstances)).toBeUndefined();
});

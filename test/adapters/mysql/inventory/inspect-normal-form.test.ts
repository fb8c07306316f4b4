import { describe, expect, test } from 'vitest';
import type { Row } from '../../../../src/adapters/mysql/inventory/information-schema.js';
import {
  normalizeBody,
  normalizeCharset,
  normalizeColumnType,
  normalizeDataType,
  normalizeDefault,
  normalizeExpression,
  normalizeExtra,
  normalizeOptions,
  normalizeQuery,
  normalizeRule,
  normalizeSqlMode,
} from '../../../../src/adapters/mysql/inventory/inspect-normal-form.js';
import { kindOfTable } from '../../../../src/adapters/mysql/inventory/inspect-tables.js';
import type { Flavor } from '../../../../src/core/flavor.js';

const MYSQL: Flavor = { vendor: 'mysql', version: [8, 4, 0] };
const MARIADB: Flavor = { vendor: 'mariadb', version: [10, 11, 19] };
const OLD_MARIADB: Flavor = { vendor: 'mariadb', version: [10, 1, 48] };

const columnOf = (cells: Partial<Row<'COLUMNS'>>): Row<'COLUMNS'> => cells as Row<'COLUMNS'>;

test.each([
  ['utf8', 'utf8mb3'],
  ['utf8_general_ci', 'utf8mb3_general_ci'],
  ['utf8mb3_general_ci', 'utf8mb3_general_ci'],
  ['utf8mb4_general_ci', 'utf8mb4_general_ci'],
  ['latin1', 'latin1'],
  [null, ''],
])('character set %s is %s', (name, expected) => expect(normalizeCharset(name)).toBe(expected));

test.each([
  ['mysql', 'int(11)', 'int'],
  ['mysql', 'bigint(20) unsigned', 'bigint unsigned'],
  ['mysql', 'int(10) unsigned zerofill', 'int(10) unsigned zerofill'],
  ['mysql', 'tinyint(1)', 'tinyint(1)'],
  ['mysql', 'tinyint(1) unsigned', 'tinyint unsigned'],
  ['mysql', 'tinyint(1) unsigned zerofill', 'tinyint(1) unsigned zerofill'],
  ['mysql', 'tinyint(4)', 'tinyint'],
  ['mysql', 'year(4)', 'year'],
  ['mysql', 'varchar(11)', 'varchar(11)'],
  ['mysql', "enum('int(11)')", "enum('int(11)')"],
  ['mysql', 'point', 'point'],
  ['mariadb', 'int(11)', 'int(11)'],
] as const)('%s: column type %s is %s', (vendor, type, expected) =>
  expect(normalizeColumnType(vendor, type)).toBe(expected),
);

describe('defaults are equal where versions print them otherwise', () => {
  test.each([
    [MARIADB, 'varchar', "'a''b'", "'a''b'"],
    [OLD_MARIADB, 'varchar', "a'b", "'a''b'"],
    [MARIADB, 'int', '5', '5'],
    [OLD_MARIADB, 'int', '5', '5'],
    [OLD_MARIADB, 'bit', "b'1'", "b'1'"],
    [OLD_MARIADB, 'decimal', '1.50', '1.50'],
    [MARIADB, 'varchar', 'NULL', null],
    [OLD_MARIADB, 'varchar', null, null],
    [MARIADB, 'varchar', "'NULL'", "'NULL'"],
    [MARIADB, 'timestamp', 'current_timestamp()', 'current_timestamp'],
    [OLD_MARIADB, 'timestamp', 'CURRENT_TIMESTAMP', 'current_timestamp'],
    [MARIADB, 'datetime', 'current_timestamp(6)', 'current_timestamp(6)'],
    [MYSQL, 'datetime', 'CURRENT_TIMESTAMP(6)', 'current_timestamp(6)'],
    [MYSQL, 'varchar', "a'b", "a'b"],
    [MYSQL, 'varchar', '', ''],
    [MARIADB, 'varbinary', "x'4127'", "'A'''"],
    [MARIADB, 'varbinary', "x'00ff'", "x'00ff'"],
  ] as const)('%j %s %j', (flavor, dataType, value, expected) => {
    expect(normalizeDefault(flavor, columnOf({ DATA_TYPE: dataType, COLUMN_DEFAULT: value }))).toBe(expected);
  });
});

test.each([
  ['CURRENT_TIMESTAMP', 'DEFAULT_GENERATED on update CURRENT_TIMESTAMP', 'on update current_timestamp'],
  ['CURRENT_TIMESTAMP', 'on update CURRENT_TIMESTAMP', 'on update current_timestamp'],
  ['current_timestamp()', 'on update current_timestamp()', 'on update current_timestamp'],
  ['CURRENT_TIMESTAMP', 'DEFAULT_GENERATED', ''],
  ['uuid()', 'DEFAULT_GENERATED', 'default_generated'],
  [null, 'auto_increment', 'auto_increment'],
  [null, 'VIRTUAL GENERATED INVISIBLE', 'virtual generated invisible'],
])('default %s with extra %j is %j', (value, extra, expected) => {
  expect(normalizeExtra(columnOf({ COLUMN_DEFAULT: value, EXTRA: extra }))).toBe(expected);
});

test('rules and options', () => {
  expect(['RESTRICT', 'NO ACTION', 'CASCADE', 'SET NULL'].map(normalizeRule)).toEqual([
    'NO ACTION',
    'NO ACTION',
    'CASCADE',
    'SET NULL',
  ]);
  expect(normalizeOptions("row_format=DYNAMIC ENCRYPTION='N'")).toBe('row_format=DYNAMIC');
  expect(normalizeOptions("ENCRYPTION='Y'")).toBe("ENCRYPTION='Y'");
  expect(normalizeOptions(null)).toBe('');
});

test.each([
  ['mariadb', 'nextval(`shop`.`seq`)', 'nextval(``.`seq`)'],
  ['mariadb', 'nextval(`other`.`seq`)', 'nextval(`other`.`seq`)'],
  ['mariadb', "concat('`shop`.`x` utf8',`a`)", "concat('`shop`.`x` utf8',`a`)"],
  ['mariadb', 'convert(`utf8` using utf8)', 'convert(`utf8` using utf8mb3)'],
  ['mariadb', "_utf8'x' collate utf8_bin", "_utf8mb3'x' collate utf8mb3_bin"],
  ['mariadb', "_utf8mb4'x'", "_utf8mb4'x'"],
  ['mysql', "concat(`a`,_utf8mb4\\'!\\')", "concat(`a`,\\'!\\')"],
  ['mysql', "concat(`a`,_latin1\\'!\\')", "concat(`a`,\\'!\\')"],
  ['mysql', "(`a_b` <> _utf8mb3'x')", "(`a_b` <> 'x')"],
  ['mysql', '`a` > 1', '`a` > 1'],
] as const)('%s: expression %s in the database shop is %s', (vendor, text, expected) =>
  expect(normalizeExpression(vendor, text, 'shop')).toBe(expected),
);

test.each([
  ['select `shop`.`t`.`a` AS `a` from `shop`.`t`', 'select ``.`t`.`a` AS `a` from ``.`t`'],
  [
    'select `shop`.`shop`.`shop` AS `shop` from `shop`.`shop`',
    'select ``.`shop`.`shop` AS `shop` from ``.`shop`',
  ],
  ['select 1 from (`a` join `b`)', 'select 1 from `a` join `b`'],
  ['select 1 from ((`a` join `b`) join `c`)', 'select 1 from `a` join `b` join `c`'],
  [
    'select 1 from (`a` left join (`b` join `c`) on(`x`))',
    'select 1 from `a` left join `b` join `c` on(`x`)',
  ],
  [
    'select 1 from ((select 2 from (`a` join `b`)) `x` join `c`)',
    'select 1 from (select 2 from `a` join `b`) `x` join `c`',
  ],
  [
    'select (`a` + 1) * 2 from `t` where (`a` or `b`) and `c`',
    'select (`a` + 1) * 2 from `t` where (`a` or `b`) and `c`',
  ],
  ["select 'from (`a`)' from (`a` join `b`)", "select 'from (`a`)' from `a` join `b`"],
  ['select cast(`a` as char charset utf8) from `t`', 'select cast(`a` as char charset utf8mb3) from `t`'],
])('query %s of a view in the database shop is %s', (text, expected) =>
  expect(normalizeQuery(text, 'shop')).toBe(expected),
);

test.each([
  ['ANSI_QUOTES,NO_AUTO_CREATE_USER,STRICT_ALL_TABLES', 'ANSI_QUOTES,STRICT_ALL_TABLES'],
  ['NO_AUTO_CREATE_USER', ''],
  ['', ''],
  [null, ''],
])('sql_mode %j is %j', (mode, expected) => expect(normalizeSqlMode(mode)).toBe(expected));

test.each([
  ['mariadb', 'varchar(10) CHARSET utf8 COLLATE utf8_bin', 'varchar(10) CHARSET utf8mb3 COLLATE utf8mb3_bin'],
  ['mariadb', 'int(11)', 'int(11)'],
  ['mysql', 'int(11)', 'int'],
  ['mysql', null, ''],
] as const)('%s: the type %s of a parameter is %s', (vendor, type, expected) =>
  expect(normalizeDataType(vendor, type)).toBe(expected),
);

test.each([
  ['RETURN x;', 'RETURN x'],
  ['BEGIN SELECT 1; END ;\n', 'BEGIN SELECT 1; END'],
  ["SET @a = ';'", "SET @a = ';'"],
  [null, ''],
])('body %j is %j', (body, expected) => expect(normalizeBody(body)).toBe(expected));

test('a table of a kind that is not known is an error that names it', () => {
  const rowOf = (TABLE_TYPE: string): Row<'TABLES'> =>
    ({ TABLE_SCHEMA: 'shop', TABLE_NAME: 'odd', TABLE_TYPE }) as Row<'TABLES'>;
  expect(kindOfTable(rowOf('SYSTEM VERSIONED'))).toBe('system-versioned');
  expect(() => kindOfTable(rowOf('HOLOGRAM'))).toThrow(/shop\.odd .*HOLOGRAM/);
});

import { describe, expect, test } from 'vitest';
import { convertTables, fingerprintForeignTable } from '../../../src/core/conversion/convert-database.js';
import type { HiddenColumn } from '../../../src/core/conversion/expression-keys.js';
import type { Flavor } from '../../../src/core/flavor.js';
import { toTableName } from '../../../src/core/names.js';

const MARIADB: Flavor = { vendor: 'mariadb', version: [10, 11, 8] };
const MYSQL: Flavor = { vendor: 'mysql', version: [9, 7, 0] };
const ENGINES = new Set(['InnoDB', 'MyISAM', 'MEMORY', 'CSV']);
const SHARED = [
  'latin1_swedish_ci',
  'utf8mb4_general_ci',
  'utf8mb4_unicode_ci',
  'utf8mb4_bin',
  'utf8mb3_bin',
];
const COLLATIONS = {
  mariadb: new Set([...SHARED, 'utf8mb4_uca1400_nopad_ai_ci', 'utf8mb4_nopad_bin']),
  mysql: new Set([...SHARED, 'utf8mb4_0900_ai_ci', 'utf8mb4_0900_bin']),
};

const convert = (target: Flavor, ...statements: readonly string[]) =>
  convertTables(
    statements.map((statement) => ({ name: toTableName(/`(.*?)`/.exec(statement)?.[1] ?? ''), statement })),
    {
      source: { flavor: target === MYSQL ? MARIADB : MYSQL },
      target: { flavor: target, collations: COLLATIONS[target.vendor], storageEngines: ENGINES },
    },
  );

const table = (
  columns: string,
  options = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci',
): string => `CREATE TABLE \`t\` (\n  ${columns}\n) ${options}`;

const refusalsOf = (target: Flavor, statement: string): readonly string[] =>
  convert(target, statement).flatMap(({ findings }) =>
    findings.refusals.map(({ place, what }) => `${place}: ${what}`),
  );

/** One table as each vendor prints it: converted, one is the other, with nothing refused and nothing to say. */
const SAME: readonly (readonly [what: string, mariadb: string, mysql: string])[] = [
  [
    'numbers',
    '`a` int(11) NOT NULL, `b` tinyint(1) DEFAULT 0, `c` bigint(20) unsigned DEFAULT 5',
    "`a` int NOT NULL, `b` tinyint(1) DEFAULT '0', `c` bigint unsigned DEFAULT '5'",
  ],
  [
    'decimals',
    '`a` decimal(8,2) DEFAULT 1.50, `b` decimal(9,5) DEFAULT 0.00001, `y` year(4) DEFAULT 2001',
    "`a` decimal(8,2) DEFAULT '1.50', `b` decimal(9,5) DEFAULT '0.00001', `y` year DEFAULT '2001'",
  ],
  ['zerofill', '`a` int(6) unsigned zerofill DEFAULT NULL', '`a` int(6) unsigned zerofill DEFAULT NULL'],
  [
    'times',
    '`a` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), `b` datetime(6) DEFAULT current_timestamp(6)',
    '`a` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, `b` datetime(6) DEFAULT CURRENT_TIMESTAMP(6)',
  ],
  [
    'texts',
    "`a` varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT 'it''s' COMMENT 'a\\\\b', `e` enum('x','it''s') NOT NULL",
    "`a` varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT 'it''s' COMMENT 'a\\\\b', `e` enum('x','it''s') NOT NULL",
  ],
  ['bits', "`a` bit(3) DEFAULT b'101'", "`a` bit(3) DEFAULT b'101'"],
  [
    'bytes, as MariaDB 11 prints them',
    "`a` varbinary(9) DEFAULT x'6162', `b` binary(2) DEFAULT x'2727'",
    "`a` varbinary(9) DEFAULT 'ab', `b` binary(2) DEFAULT ''''''",
  ],
  [
    'bytes that are no text',
    "`a` varbinary(9) DEFAULT x'00ff', `b` binary(2) DEFAULT '\\0a', `c` blob DEFAULT 0x00ff, `d` varbinary(9) DEFAULT ''",
    "`a` varbinary(9) DEFAULT 0x00FF, `b` binary(2) DEFAULT 0x0061, `c` blob DEFAULT (0x00ff), `d` varbinary(9) DEFAULT ''",
  ],
  [
    'a generated column',
    '`a` int(11) DEFAULT NULL, `b` int(11) GENERATED ALWAYS AS (`a` * 2 MOD 3) STORED',
    '`a` int DEFAULT NULL, `b` int GENERATED ALWAYS AS (((`a` * 2) % 3)) STORED',
  ],
  [
    'expression defaults',
    "`a` int(11) DEFAULT (2 + 3), `b` varchar(9) DEFAULT concat('l',lcase('X')), `c` text DEFAULT 'long'",
    "`a` int DEFAULT ((2 + 3)), `b` varchar(9) DEFAULT (concat(_utf8mb4'l',lower(_utf8mb4'X'))), `c` text DEFAULT (_utf8mb4'long')",
  ],
  [
    'a named check',
    "`a` int(11) DEFAULT NULL,\n CONSTRAINT `ok` CHECK (`a` >= 0 and `a` <> 'x')",
    "`a` int DEFAULT NULL,\n CONSTRAINT `ok` CHECK (((`a` >= 0) and (`a` <> _utf8mb4'x')))",
  ],
  [
    'keys',
    "`a` int(11) NOT NULL, `b` text DEFAULT NULL, PRIMARY KEY (`a` DESC), UNIQUE KEY `u` (`b`(9),`a`) COMMENT 'c', FULLTEXT KEY `f` (`b`)",
    "`a` int NOT NULL, `b` text, PRIMARY KEY (`a` DESC), UNIQUE KEY `u` (`b`(9),`a`) USING BTREE COMMENT 'c', FULLTEXT KEY `f` (`b`)",
  ],
  [
    'a foreign key',
    '`a` int(11) DEFAULT NULL, KEY `k` (`a`), CONSTRAINT `up` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE ON UPDATE NO ACTION',
    '`a` int DEFAULT NULL, KEY `k` (`a`), CONSTRAINT `up` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT',
  ],
  [
    'a hidden column',
    '`a` int(11) NOT NULL, `h` int(11) INVISIBLE DEFAULT 9',
    "`a` int NOT NULL, `h` int DEFAULT '9' /*!80023 INVISIBLE */",
  ],
];

describe.each(SAME)('%s', (_, mariadb, mysql) => {
  test.each([
    ['to MySQL', MYSQL, table(mariadb), table(mysql)],
    ['to MariaDB', MARIADB, table(mysql), table(mariadb)],
  ] as const)('%s', (_direction, target, before, after) => {
    const [converted] = convert(target, before);
    expect(converted?.findings).toMatchObject({ refusals: [], notes: [] });
    expect(fingerprintForeignTable(converted?.definition.statement ?? '')).toBe(
      fingerprintForeignTable(after),
    );
  });
});

test('partitions are the same in and out of a comment', () => {
  const columns = '`a` int(11) NOT NULL';
  const options = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci';
  const mariadb = table(
    columns,
    `${options}\n PARTITION BY RANGE (\`a\`)\n(PARTITION \`p0\` VALUES LESS THAN (5) ENGINE = InnoDB)`,
  );
  const mysql = table(
    '`a` int NOT NULL',
    `${options}\n/*!50100 PARTITION BY RANGE (\`a\`)\n(PARTITION p0 VALUES LESS THAN (5) ENGINE = InnoDB) */`,
  );
  expect(fingerprintForeignTable(convert(MYSQL, mariadb)[0]?.definition.statement ?? '')).toBe(
    fingerprintForeignTable(mysql),
  );
  expect(refusalsOf(MARIADB, mysql)).toEqual([]);
});

describe('what is lost makes another fingerprint', () => {
  const whole =
    "`a` varchar(9) NOT NULL DEFAULT 'x' COMMENT 'c', `b` int GENERATED ALWAYS AS (length(`a`)) STORED, KEY `k` (`a`(3)), CONSTRAINT `ok` CHECK (`a` <> 'y')";
  test.each([
    ['varchar(9)', 'varchar(8)'],
    [' NOT NULL', ''],
    ["DEFAULT 'x'", "DEFAULT 'X'"],
    ["COMMENT 'c'", ''],
    ['STORED', 'VIRTUAL'],
    ['length(`a`)', 'length(`b`)'],
    ['length(', 'ascii('],
    ['`a`(3)', '`a`'],
    [", CONSTRAINT `ok` CHECK (`a` <> 'y')", ''],
    ["<> 'y'", "<> 'z'"],
  ])('%s', (before, after) => {
    expect(whole).toContain(before);
    expect(fingerprintForeignTable(table(whole.replace(before, after)))).not.toBe(
      fingerprintForeignTable(table(whole)),
    );
  });
});

/** What becomes something else, what the plan says of it, and what stands in the statement then. */
const CONVERTED: readonly (readonly [Flavor, before: string, note: string, after: string])[] = [
  [MARIADB, "`f` float DEFAULT '1e-5'", 't.f: -0 -> 0', "`f` float DEFAULT '1e-5'"],
  [
    MARIADB,
    '`doc` json DEFAULT NULL',
    't.doc: JSON -> LONGTEXT with a CHECK',
    '`doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin CHECK (json_valid(`doc`))',
  ],
  [
    MYSQL,
    '`doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`doc`))',
    't.doc: check without a name -> <table>_chk_<n>',
    'CONSTRAINT `t_chk_1` CHECK (json_valid(`doc`))',
  ],
  [
    MARIADB,
    '`a` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci',
    't.a: collation utf8mb4_0900_ai_ci -> utf8mb4_uca1400_nopad_ai_ci',
    'COLLATE utf8mb4_uca1400_nopad_ai_ci',
  ],
  [
    MYSQL,
    '`a` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin',
    't.a: collation utf8mb4_nopad_bin -> utf8mb4_0900_bin',
    'COLLATE utf8mb4_0900_bin',
  ],
  [
    MARIADB,
    '`a` int, KEY `k` (`a`) /*!80000 INVISIBLE */',
    't, key k: INVISIBLE -> IGNORED',
    'KEY `k` (`a`) IGNORED',
  ],
  [
    MYSQL,
    '`a` uuid NOT NULL DEFAULT uuid()',
    't.a: UUID -> CHAR(36) with the same text',
    '`a` char(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL DEFAULT (uuid())',
  ],
  [
    MYSQL,
    "`a` inet6 DEFAULT '::'",
    't.a: INET6 -> VARCHAR(39)',
    "`a` varchar(39) CHARACTER SET ascii COLLATE ascii_general_ci DEFAULT '::'",
  ],
  [
    MYSQL,
    '`a` varchar(200) /*M!100301 COMPRESSED*/ DEFAULT NULL',
    't.a: COMPRESSED -> nothing',
    '`a` varchar(200)\n',
  ],
  [
    MARIADB,
    '`a` int, `b` int GENERATED ALWAYS AS ((`a` * 2)) VIRTUAL NOT NULL, CONSTRAINT `B_not_null` CHECK (`b` < 9)',
    't.b: NOT NULL of a generated column -> CHECK',
    'CONSTRAINT `b_not_null_2` CHECK (`b` is not null)',
  ],
  [MYSQL, '`a` int(11), KEY `k` (`a`) IGNORED', 't, key k: IGNORED -> INVISIBLE', 'KEY `k` (`a`) INVISIBLE'],
  [
    MARIADB,
    '`a` int, CONSTRAINT `soft` CHECK ((`a` > 1)) /*!80016 NOT ENFORCED */',
    't, check soft: CHECK ... NOT ENFORCED -> no check',
    '`a` int\n',
  ],
];

test.each(CONVERTED)('%o: %s', (target, before, note, after) => {
  const [converted] = convert(target, table(before));
  expect(converted?.findings.refusals).toEqual([]);
  expect(converted?.findings.notes.map((one) => `${one.place}: ${one.before} -> ${one.after}`)).toEqual([
    expect.stringContaining(note),
  ]);
  expect(converted?.definition.statement).toContain(after);
});

test.each<[string, Flavor, options: string, notes: readonly string[], after: string]>([
  [
    'Aria',
    MYSQL,
    'ENGINE=Aria DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin PAGE_CHECKSUM=1 ROW_FORMAT=PAGE TRANSACTIONAL=0 PARTITION BY HASH (`a`)',
    ['ENGINE=Aria -> ENGINE=InnoDB'],
    'ENGINE=innodb DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin PARTITION BY HASH (`a`)',
  ],
  [
    'compressed pages of MariaDB',
    MYSQL,
    "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin `page_compressed`='1' `PAGE_COMPRESSION_LEVEL`=9",
    [
      "PAGE_COMPRESSED='1' -> nothing, because it changes no rows",
      'PAGE_COMPRESSION_LEVEL=9 -> nothing, because it changes no rows',
    ],
    'COLLATE=utf8mb4_bin ',
  ],
  [
    'compressed pages of MySQL',
    MARIADB,
    "/*!80023 AUTOEXTEND_SIZE=4194304 */ ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMPRESSION='zlib'",
    [
      'AUTOEXTEND_SIZE=4194304 -> nothing, because it changes no rows',
      "COMPRESSION='zlib' -> nothing, because it changes no rows",
    ],
    'COLLATE=utf8mb4_bin ',
  ],
])('storage: %s', (_, target, options, notes, after) => {
  const [converted] = convert(target, table('`a` int', options));
  expect(converted?.findings.refusals).toEqual([]);
  expect(converted?.findings.notes.map((one) => `${one.before} -> ${one.after}`)).toEqual(notes);
  expect(converted?.definition.statement.endsWith(after)).toBe(true);
});

test('keys over expressions become keys over columns where their types are known, and are refused elsewhere', () => {
  const statement = table('`a` varchar(9), `k_1` int, KEY `k` ((lower(`a`)),`k_1`,(`k_1` * 2) DESC)');
  const convertWith = (hiddenColumns: readonly HiddenColumn[]) =>
    convertTables([{ name: toTableName('t'), statement, hiddenColumns }], {
      source: { flavor: MYSQL },
      target: { flavor: MARIADB, collations: COLLATIONS.mariadb, storageEngines: ENGINES },
    })[0];
  const known = convertWith([
    { name: '!hidden!k!2!0', type: 'bigint', collation: undefined },
    { name: '!hidden!k!0!0', type: 'varchar(9)', collation: 'utf8mb4_0900_ai_ci' },
  ]);
  expect(known?.findings.refusals).toEqual([]);
  expect(known?.definition.statement).toContain(
    '`k_1_2` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_nopad_ai_ci GENERATED ALWAYS AS (lower(`a`)) virtual INVISIBLE',
  );
  expect(known?.definition.statement).toContain('KEY `k` (`k_1_2`, `k_1`, `k_3` DESC)');
  expect(convertWith([])?.findings.refusals.map(({ place, what }) => `${place}: ${what}`)).toEqual([
    't, key k: (lower(`a`))',
    't, key k: (`k_1` * 2)',
  ]);
});

test('names that MariaDB gives in every table are unique in a MySQL database', () => {
  const check = (name: string) =>
    table('`a` int(11), CONSTRAINT `CONSTRAINT_1` CHECK (`a` > 0)').replace('`t`', `\`${name}\``);
  const statements = convert(MYSQL, check('one'), check('two')).map(({ definition }) => definition.statement);
  expect(statements[0]).toContain('CONSTRAINT `one_chk_1` CHECK');
  expect(statements[1]).toContain('CONSTRAINT `two_chk_1` CHECK');
});

test('moments that MySQL cannot have are told of', () => {
  const statement = table('`at` timestamp NULL DEFAULT NULL');
  const [converted] = convertTables([{ name: toTableName('t'), statement }], {
    source: { flavor: { vendor: 'mariadb', version: [11, 8, 2] } },
    target: { flavor: MYSQL, collations: COLLATIONS.mysql, storageEngines: ENGINES },
  });
  expect(converted?.findings).toMatchObject({ refusals: [], notes: [{ before: 'TIMESTAMP up to 2106' }] });
});

const REFUSED: readonly (readonly [Flavor, before: string, refusal: string])[] = [
  [MYSQL, '`a` int(11), `b` char(32) GENERATED ALWAYS AS (md5(`a`)) STORED', 't.b: md5 in its expression'],
  [MYSQL, '`a` vector(3) NOT NULL', 't.a: type vector'],
  [MYSQL, '`a` bigint(20) DEFAULT nextval(`shop`.`s`)', 't.a: nextval in its default'],
  [MYSQL, '`a` text, UNIQUE KEY `h` (`a`) USING HASH', 't, key h: a unique key over a hash'],
  [MYSQL, '`a` date NOT NULL, `b` date NOT NULL, PERIOD FOR `p` (`a`, `b`)', 't: PERIOD FOR'],
  [MYSQL, '`a` int(11), UNIQUE KEY `k` (`a`,`p` WITHOUT OVERLAPS)', 't, key k: `p` WITHOUT OVERLAPS'],
  [
    MYSQL,
    '`a` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_croatian_ci',
    't.a: collation utf8mb4_croatian_ci',
  ],
  [MYSQL, "`a` varchar(9), CONSTRAINT `c` CHECK (`a` regexp 'x')", 't, check c: regexp in its CHECK'],
  [MARIADB, '`a` point NOT NULL /*!80003 SRID 4326 */', 't.a: SRID 4326'],
  [MARIADB, '`a` varchar(9), KEY `k` ((lower(`a`)))', 't, key k: (lower(`a`))'],
  [
    MARIADB,
    '`a` text, FULLTEXT KEY `f` (`a`) /*!50100 WITH PARSER `ngram` */',
    't, key f: WITH PARSER `ngram`',
  ],
  [
    MARIADB,
    '`a` int, `b` int GENERATED ALWAYS AS ((`a` * 2)) STORED NOT NULL, PRIMARY KEY (`b`)',
    't, key PRIMARY: a primary key over a generated column',
  ],
  [MARIADB, '`a` binary(16) DEFAULT (uuid_to_bin(uuid()))', 't.a: uuid_to_bin in its default'],
  [
    MARIADB,
    '`a` varchar(9) CHARACTER SET gb18030 COLLATE gb18030_chinese_ci',
    't.a: collation gb18030_chinese_ci',
  ],
  [MARIADB, "`a` json, `b` int GENERATED ALWAYS AS (`a`->'$.x') VIRTUAL", 't.b: - in its expression'],
];

test.each(REFUSED)('%o: %s', (target, before, refusal) => {
  expect(refusalsOf(target, table(before))).toEqual([expect.stringContaining(refusal)]);
});

test.each([
  [
    MYSQL,
    "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin `encrypted`='yes'",
    ["t: ENCRYPTED='yes'"],
  ],
  [
    MYSQL,
    'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin WITH SYSTEM VERSIONING',
    ['t: WITH SYSTEM VERSIONING'],
  ],
  [
    MARIADB,
    "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin /*!80016 ENCRYPTION='Y' */",
    ["t: ENCRYPTION='Y'"],
  ],
  [
    MARIADB,
    'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin /*!50100 TABLESPACE `x` */',
    ['t: TABLESPACE=`x`'],
  ],
  [
    MYSQL,
    'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin PARTITION BY LIST (`a`) (PARTITION `r` DEFAULT ENGINE = InnoDB)',
    ['t: DEFAULT of its partitions'],
  ],
] as const)('%o: %s', (target, options, refusals) => {
  expect(refusalsOf(target, table('`a` int(11)', options))).toEqual(refusals);
});

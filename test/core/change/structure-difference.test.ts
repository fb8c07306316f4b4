import { expect, test } from 'vitest';
import { describeDifference, diffTables } from '../../../src/core/change/structure-difference.js';

const table = (...lines: readonly string[]): string =>
  `CREATE TABLE \`t\` (\n${lines.map((line) => `  ${line}`).join(',\n')}\n) ENGINE=InnoDB AUTO_INCREMENT=${String(lines.length)} DEFAULT CHARSET=latin1`;

const ID = '`id` int(11) NOT NULL';

test.each([
  [table(ID), table(ID), 'both servers print it alike, and describe it otherwise in information_schema'],
  [table(ID), table(ID, '`more` int(11)'), 'the copy has "`more` int(11)"'],
  [table(ID, 'KEY `k` (`id` DESC)'), table(ID), 'the source has "KEY `k` (`id` DESC)"'],
  [
    table(ID, 'KEY `k` (`id` DESC)'),
    table(ID, 'KEY `k` (`id`)'),
    'the source has "KEY `k` (`id` DESC)", the copy has "KEY `k` (`id`)"',
  ],
  [table(ID, '`a` int', '`b` int'), table(ID, '`b` int', '`a` int'), 'the order of its lines'],
])('%s and %s', (source, copy, expected) => {
  expect(describeDifference(diffTables(copy, source))).toBe(expected);
});

test('it is no longer than a person reads', () => {
  const columns = Array.from(
    { length: 1000 },
    (_, index) => `\`${'c'.repeat(60)}${String(index)}\` varchar(${'9'.repeat(500)})`,
  );
  const diff = diffTables(table(ID), table(ID, ...columns));
  expect(diff).toHaveLength(401);
  expect(diff.at(-1)).toBe('(600 more lines)');
  const told = describeDifference(diff);
  expect(told).toContain('and 397 more');
  expect(told.length).toBeLessThan(700);
});

const ROOM = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';
const MYSQL = `CREATE TABLE \`t\` (
  \`id\` int unsigned NOT NULL AUTO_INCREMENT,
  \`n\` int DEFAULT '0',
  PRIMARY KEY (\`id\`)
) ${ROOM}`;
const MARIADB = `CREATE TABLE \`t\` (
  \`id\` int(10) unsigned NOT NULL AUTO_INCREMENT,
  \`n\` int(11) DEFAULT 0,
  PRIMARY KEY (\`id\`)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

test('what vendors and releases print in two ways is no difference', () => {
  expect(diffTables(MARIADB, MYSQL.replace("DEFAULT '0'", "DEFAULT '5'"))).toEqual([
    '- `n` int(11) DEFAULT 0',
    "+ `n` int DEFAULT '5'",
  ]);
});

const PARTITIONS = [10, 20].map(
  (end) => ` PARTITION \`p${String(end)}\` VALUES LESS THAN (${String(end)}) ENGINE = InnoDB`,
);
const partitioned = (count: number): string =>
  `${table(ID)}\n PARTITION BY RANGE (\`id\`)\n(${PARTITIONS.slice(0, count).join(',\n')})`;

test.each([
  ['a partition', partitioned(1), partitioned(2), [`+ ${PARTITIONS[1]?.trim() ?? ''}`]],
  [
    'a partition where another server breaks no lines',
    partitioned(2),
    partitioned(1).replace(/\n\(/, ' ('),
    [`- ${PARTITIONS[1]?.trim() ?? ''}`],
  ],
  [
    'subpartitions',
    `${table(ID)}\n/*!50100 PARTITION BY RANGE (\`id\`)\nSUBPARTITION BY HASH (\`id\`)\n(PARTITION a VALUES LESS THAN (9)\n (SUBPARTITION x ENGINE = InnoDB,\n  SUBPARTITION y ENGINE = InnoDB)) */`,
    `${table(ID)}\n/*!50100 PARTITION BY RANGE (\`id\`)\nSUBPARTITION BY HASH (\`id\`)\n(PARTITION a VALUES LESS THAN (8)\n (SUBPARTITION x ENGINE = InnoDB,\n  SUBPARTITION z ENGINE = InnoDB)) */`,
    [
      '- PARTITION a VALUES LESS THAN (9)',
      '+ PARTITION a VALUES LESS THAN (8)',
      '- SUBPARTITION y ENGINE = InnoDB',
      '+ SUBPARTITION z ENGINE = InnoDB',
    ],
  ],
  [
    'an option',
    table(ID),
    table(ID).replace('latin1', "latin1 COMMENT='new'"),
    ['- ENGINE=InnoDB DEFAULT CHARSET=latin1', "+ ENGINE=InnoDB DEFAULT CHARSET=latin1 COMMENT='new'"],
  ],
  [
    'system versioning',
    table(ID),
    `${table(ID)} WITH SYSTEM VERSIONING`,
    [
      '- ENGINE=InnoDB DEFAULT CHARSET=latin1',
      '+ ENGINE=InnoDB DEFAULT CHARSET=latin1 WITH SYSTEM VERSIONING',
    ],
  ],
  [
    'a clause that is not known',
    table(ID),
    table(`${ID} SPARKLING`, '`a` int'),
    [`- ${ID}`, `+ ${ID} SPARKLING`, '+ `a` int'],
  ],
  [
    'a compressed column',
    table('`a` text', '`b` int'),
    table('`a` text /*M!100301 COMPRESSED*/'),
    ['- `a` text', '- `b` int', '+ `a` text /*M!100301 COMPRESSED*/'],
  ],
  [
    'a sequence',
    'CREATE SEQUENCE `s` start with 1',
    'CREATE SEQUENCE `s` start with 5',
    ['- CREATE SEQUENCE `s` start with 1', '+ CREATE SEQUENCE `s` start with 5'],
  ],
  ['nothing at all', '', table(ID), [`+ ${ID}`, '+ ENGINE=InnoDB DEFAULT CHARSET=latin1']],
])('the lines of %s', (_, now, coming, expected) => {
  expect(diffTables(now, coming)).toEqual(expected);
});

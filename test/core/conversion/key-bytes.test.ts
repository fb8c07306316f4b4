import { expect, test } from 'vitest';
import { countKeyBytes } from '../../../src/core/conversion/key-bytes.js';
import { readTable } from '../../../src/core/conversion/read-table.js';

test.each([
  ['`name` varchar(255) NOT NULL', '(`name`)', 1020],
  ['`name` varchar(255) NOT NULL', '(`NAME`(10))', 40],
  ['`name` varchar(250) COLLATE latin1_bin, `id` bigint unsigned', '(`name`,`id`)', 258],
  ['`name` char(100) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin', '(`name`)', 300],
  ['`b` varbinary(1000)', '(`b`)', 1000],
  ['`t` text, `d` datetime', '(`t`(250),`d`)', 1005],
  ["`e` enum('a','b')", '(`e`)', 1],
])('%s: KEY %s', (columns, parts, expected) => {
  const { shape } = readTable(
    `CREATE TABLE \`t\` (\n  ${columns.replace(/, `/g, ',\n  `')},\n  KEY \`k\` ${parts}\n) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`,
  );
  expect(shape.keys.map((key) => countKeyBytes(key, shape))).toEqual([expected]);
});

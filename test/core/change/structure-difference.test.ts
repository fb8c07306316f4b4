import { expect, test } from 'vitest';
import { describeDifference } from '../../../src/core/change/structure-difference.js';

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
  expect(describeDifference(source, copy, 'one-vendor')).toBe(expected);
});

test('it is no longer than a person reads', () => {
  const columns = Array.from(
    { length: 1000 },
    (_, index) => `\`${'c'.repeat(60)}${String(index)}\` varchar(${'9'.repeat(500)})`,
  );
  const told = describeDifference(table(ID, ...columns), table(ID), 'one-vendor');
  expect(told).toContain('and 997 more');
  expect(told.length).toBeLessThan(700);
});

test('what vendors print in two ways is no difference', () => {
  const mysql =
    'CREATE TABLE `t` (\n  `id` int NOT NULL,\n  KEY `k` (`id`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';
  const mariadb = mysql.replace('int NOT', 'int(11) NOT').replace('(`id`)', '(`id` DESC)');
  const told = describeDifference(mysql, mariadb, 'two-vendors');
  expect(told).toMatch(
    /^the source has "keys: .*"isDescending":false.*the copy has "keys: .*"isDescending":true/,
  );
});

import { describe, expect, test } from 'vitest';
import { DumpScanner } from '../../../src/adapters/dump/dump-scanner.js';
import { toTableName } from '../../../src/core/names.js';
import { measureKeptBytes } from '../../support/kept-bytes.js';

const HEADER = `-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: shop

/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
`;
const TRAILER = '/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;\n\n-- Dump completed\n';

const announce = (name: string): string =>
  `\n--\n-- Dumping data for table \`${name.replaceAll('`', '``').replaceAll('\n', '\n-- ')}\`\n--\n\n`;

const MARIADB = `${HEADER}${announce('a')}INSERT INTO \`a\` VALUES
(1,'x'),
(2,'),(');
INSERT INTO \`a\` VALUES
(3,NULL);
${announce('empty')}
${announce('b')}INSERT INTO \`b\` (\`VALUES (\`, \`c\nd\`) VALUES (1,2),
(3,4);
${TRAILER}`;

const MYSQL = `${HEADER.replace('40101 SET NAMES', '50503 SET NAMES')}${announce('a')}INSERT INTO \`a\` VALUES (1,'x'),(2,'),(');
INSERT INTO \`a\` VALUES (3,NULL);
${announce('empty')}
${announce('b')}INSERT INTO \`b\` (\`VALUES (\`, \`c\nd\`) VALUES (1,2),(3,4);
${TRAILER}`;

const scan = (text: string, tables: readonly string[], chunkBytes = 1 << 20): DumpScanner => {
  const scanner = new DumpScanner(tables.map(toTableName));
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += chunkBytes)
    scanner.scan(bytes.subarray(from, from + chunkBytes));
  return scanner;
};

const rowsOf = (scanner: DumpScanner, tables: readonly string[]): readonly number[] =>
  tables.map((table) => scanner.rowsOf(toTableName(table)));

describe.each([
  ['MariaDB', MARIADB],
  ['MySQL', MYSQL],
])('a whole dump of %s', (_, text) => {
  test.each([1, 2, 3, 7, 64, 1 << 20])('in chunks of %i bytes', (chunkBytes) => {
    const scanner = scan(text, ['a', 'b', 'empty'], chunkBytes);
    scanner.finish();
    expect(rowsOf(scanner, ['a', 'b', 'empty'])).toEqual([3, 2, 0]);
    expect([scanner.rows, scanner.announced, scanner.current]).toEqual([5, 3, 'b']);
  });

  test('cut off anywhere it is not whole', () => {
    const whole = Buffer.from(text);
    for (let length = 0; length < whole.length; length += 1) {
      const scanner = new DumpScanner(['a', 'b', 'empty'].map(toTableName));
      scanner.scan(whole.subarray(0, length));
      expect(() => scanner.finish(), `after ${length} bytes`).toThrow(/it was cut off/);
    }
  });

  test('tells the table of every line', () => {
    const lines = text.split('\n');
    const scanner = scan(text, ['a', 'b', 'empty']);
    const tableAt = (start: string): string | undefined =>
      scanner.tableAtLine(lines.findIndex((line) => line.startsWith(start)) + 1);
    expect(tableAt('-- Host')).toBeUndefined();
    expect(tableAt('INSERT INTO `a`')).toBe('a');
    expect(tableAt('INSERT INTO `b`')).toBe('b');
    expect(scanner.tableAtLine(lines.length)).toBe('b');
  });
});

test('names are matched whatever is in them', () => {
  const names = [
    'x\ny',
    'x\nz',
    'we``ird',
    '`',
    'VALUES (1)',
    '-- Dump completed',
    'Größe',
    'n'.repeat(64),
    '漢'.repeat(64),
  ];
  const parts = names.map(
    (name, index) =>
      `${announce(name)}INSERT INTO \`${name.replaceAll('`', '``')}\` VALUES (${index}),(0);\n`,
  );
  const text = `${HEADER}${parts.join('')}${TRAILER}`;
  for (const chunkBytes of [1, 5, 1 << 20]) {
    const scanner = scan(text, names, chunkBytes);
    scanner.finish();
    expect(rowsOf(scanner, names)).toEqual(names.map(() => 2));
    expect(scanner.tableAtLine(text.split('\n').length)).toBe(names.at(-1));
  }
});

test('the rows of a statement that is still coming count for progress only', () => {
  const scanner = scan(`${HEADER}${announce('a')}INSERT INTO \`a\` VALUES (1),(2),`, ['a']);
  expect(scanner.rows).toBe(2);
  expect(rowsOf(scanner, ['a'])).toEqual([0]);
});

describe('what cannot be trusted', () => {
  const broken =
    (text: string, tables: readonly string[]): (() => void) =>
    () =>
      scan(text, tables).finish();

  test.each([
    ['a table that never came', MARIADB, ['a', 'b', 'c', 'empty'], /it leaves out c$/],
    [
      'header and trailer only',
      `${HEADER}${TRAILER}`,
      ['a', 'b', 'c', 'd', 'e'],
      /it leaves out a, b, c and 2 more tables/,
    ],
    ['a table that nobody asked for', MARIADB, ['a', 'empty'], /a table that was not asked for: `b`/],
    [
      'a table twice',
      MARIADB.replace(announce('empty'), announce('a')),
      ['a', 'b', 'empty'],
      /not asked for: `a`/,
    ],
    [
      'rows without an announcement',
      MARIADB.replaceAll('INTO `b`', 'INTO `c`'),
      ['a', 'b', 'empty'],
      /rows of a table that was not asked for: c/,
    ],
    [
      'another character set',
      MARIADB.replace('utf8mb4', 'utf8'),
      ['a', 'b', 'empty'],
      /does not say SET NAMES utf8mb4/,
    ],
    ['no character set, no rows', TRAILER, [], /does not say SET NAMES utf8mb4/],
    ['text after the trailer', `${MARIADB}\n`, ['a', 'b', 'empty'], /cut off/],
    [
      'a forged trailer in a name',
      MARIADB.replace(TRAILER, announce('x\n-- Dump completed')),
      ['a', 'b', 'empty', 'x\n-- Dump completed'],
      /cut off/,
    ],
    ['nothing', '', [], /cut off/],
  ])('%s', (_, text, tables, message) => {
    expect(broken(text, tables)).toThrow(message);
  });

  test.each([
    '\\! touch /tmp/x',
    'DROP DATABASE victim;',
    'delimiter ;;',
    '/*!50000 DROP DATABASE victim */;',
    "/*!40101 SET SQL_MODE='x', GLOBAL general_log=1 */;",
    '/*!40101 SET SQL_MODE=(SELECT 1) */;',
    "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */;",
    "/*!40101 SET CHARACTER_SET_CLIENT='gbk' */;",
    '/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT, CHARACTER_SET_CLIENT=1 */;',
    '/*!40101 SET NAMES utf8mb4 */; DROP DATABASE victim;',
    'SET GLOBAL general_log=1;',
    '--\tDROP',
    ' DROP DATABASE victim;',
  ])('a line that no dump has: %s', (line) => {
    const text = MARIADB.replace('-- Host', () => `${line}\n-- Host`);
    expect(broken(text, ['a', 'b', 'empty'])).toThrow(/it has what no dump of rows has/);
  });

  test.each([
    'INSERT INTO `a`; DROP DATABASE victim; VALUES (1);',
    'INSERT INTO `victim`.`a` VALUES (1);',
    'INSERT INTO a VALUES (1);',
    'INSERT INTO `a` SELECT VALUES (1);',
    'INSERT INTO `a` /* x */ VALUES (1);',
    'INSERT INTO `a` VALUES (1); DROP DATABASE victim;',
    'INSERT INTO `a` VALUES (1),(SELECT 1);',
    "INSERT INTO `a` VALUES (LOAD_FILE('x'));",
    'INSERT INTO `a` VALUES (1) ON DUPLICATE KEY UPDATE x=1;',
    "INSERT INTO `a` VALUES (1-- ',\n); DROP DATABASE victim; -- ');",
    'INSERT INTO `a` VALUES (1/*);*/);',
    'INSERT INTO `a` VALUES (1#);',
    'INSERT INTO `a` VALUES (@@version);',
    'INSERT INTO `a` VALUES ("a");',
  ])('rows that are more than rows: %s', (statement) => {
    const text = MARIADB.replace(announce('empty'), (empty) => `${statement}\n${empty}`);
    expect(broken(text, ['a', 'b', 'empty'])).toThrow(/it has what no/);
  });

  test.each([
    [
      'after the settings of before',
      `${MARIADB.replace(TRAILER, '')}/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\n`,
    ],
    ['without a sql_mode', HEADER.replace(/.*SQL_MODE.*\n/, '')],
  ])('rows %s', (_, text) => {
    expect(() => scan(`${text}INSERT INTO \`a\` VALUES (1);\n`, ['a', 'b', 'empty'])).toThrow(
      /outside of the sql_mode/,
    );
  });

  test('a wrong character set is found before the first row', () => {
    const text = `${HEADER.replace('utf8mb4', 'latin1')}${announce('a')}INSERT INTO `;
    expect(() => scan(text, ['a'])).toThrow(/SET NAMES utf8mb4/);
  });
});

test('lines and heads without an end do not fill the memory', () => {
  const scanner = new DumpScanner([]);
  const before = measureKeptBytes();
  for (let turn = 0; turn < 200; turn += 1) scanner.scan(Buffer.alloc(1 << 20, 'x'));
  expect(measureKeptBytes() - before).toBeLessThan(32 << 20);
});

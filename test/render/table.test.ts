import { describe, expect, test } from 'vitest';
import { makePrintable } from '../../src/core/printable.js';
import { displayWidth, truncateText } from '../../src/render/display-width.js';
import { type Look, paint } from '../../src/render/paint.js';
import { printLines } from '../../src/render/print-lines.js';
import { renderTable } from '../../src/render/table.js';

const TERMINAL: Look = { isTerminal: true, hasColor: false, columns: 80 };
const PIPE: Look = { isTerminal: false, hasColor: false, columns: 80 };
const COLUMNS = [{ title: 'DATABASE' }, { title: 'ROWS', align: 'right' }, { title: 'STATE' }] as const;
const ROWS = [
  ['shop', { shown: '4 112', piped: '4112' }, { shown: 'FAILED', color: 'red' }],
  ['日本語', '7', 'ok'],
  ['cafe\u0301', '', ''],
] as const;

test('a terminal gets aligned columns, wide and combining characters counted as they look', () => {
  expect(renderTable(COLUMNS, ROWS, TERMINAL)).toEqual([
    'DATABASE   ROWS  STATE',
    'shop      4 112  FAILED',
    '日本語        7  ok',
    'cafe\u0301',
  ]);
});

test.each([
  ['データベース', 12],
  ['ﾊﾝｶｸ', 4],
  ['서울', 4],
  ['𠮷野', 4],
  ['ＡＢ', 4],
  ['（株）', 6],
  ['e\u0301', 1],
  ['😀', 2],
  ['❤️', 2],
  ['☰☷', 4],
  ['䷀', 2],
  ['︙', 2],
  ['㉈', 1],
])('%s takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test('a pipe gets exact values between tabs and no titles', () => {
  expect(renderTable(COLUMNS, ROWS, PIPE)).toEqual(['shop\t4112\tFAILED', '日本語\t7\tok', 'cafe\u0301\t\t']);
});

test('colour does not move the columns', () => {
  const lines = renderTable(COLUMNS, ROWS, { ...TERMINAL, hasColor: true });
  expect(printLines(lines, TERMINAL).split('\n')[1]).toBe('shop      4 112  \u001b[31mFAILED\u001b[39m');
});

test('the widest column gives way until the line fits', () => {
  const lines = renderTable(
    [{ title: 'NAME' }, { title: 'ERROR' }],
    [['prod', 'access denied for sync_ro at 10.0.4.7']],
    { ...TERMINAL, columns: 24 },
  );
  expect(lines).toEqual(['NAME  ERROR', 'prod  access denied for…']);
  expect(lines.every((line) => displayWidth(line) <= 24)).toBe(true);
});

const LONGEST = `archive_${'x'.repeat(56)}`;
const WIDEST = '顧'.repeat(64);

describe.each([40, 80, 100, 120])('names in %d columns', (columns) => {
  const titles = [{ title: '#' }, { title: 'DATABASE', isName: true }, { title: 'SIZE', spare: 1 }] as const;
  const others = [
    ['1', 'shop', '1.2 GiB'],
    ['2', 'crm', '16.0 KiB'],
  ] as const;
  const look = { ...TERMINAL, columns };
  const alone = renderTable(titles, others, look);

  test.each([LONGEST, WIDEST])('%s changes no other row and is whole', (name) => {
    const lines = renderTable(titles, [...others, ['3', name, '2.0 GiB']], look);
    expect(lines).toEqual([...alone, `3  ${name}`, '             2.0 GiB']);
    expect(renderTable(titles, [['3', name, '2.0 GiB']], { ...PIPE, columns })).toEqual([
      `3\t${name}\t2.0 GiB`,
    ]);
  });

  test('nothing follows a name in the last column', () => {
    const lines = renderTable([{ title: '#' }, { title: 'NAME', isName: true }], [['1', LONGEST]], look);
    expect(lines).toEqual(['#  NAME', `1  ${LONGEST}`]);
  });
});

test('a name that a narrow terminal has no room for is whole too', () => {
  const titles = [{ title: 'NAME', isName: true }, { title: 'RESULT' }] as const;
  const rows = [
    ['twenty_characters_big', 'overwritten'],
    ['small', 'created'],
  ] as const;
  expect(renderTable(titles, rows, { ...TERMINAL, columns: 30 })).toEqual([
    'NAME               RESULT',
    'twenty_characters_big',
    '                   overwritten',
    'small              created',
  ]);
});

test('columns stay readable on a terminal that is too narrow for them', () => {
  const [, line] = renderTable([{ title: 'A' }, { title: 'B' }], [['abcdefghijkl', 'abcdefghijkl']], {
    ...TERMINAL,
    columns: 5,
  });
  expect(line).toBe('abcdefg…  abcdefg…');
});

test('a name can neither break a line nor move the cursor', () => {
  expect(renderTable([{ title: 'A' }], [['a\tb\nc\u001b[2J\u202e']], PIPE)).toEqual([
    String.raw`a\tb\nc\x1b[2J\u202e`,
  ]);
  expect(makePrintable('ordinary – naïve 😀')).toBe('ordinary – naïve 😀');
});

test('no rows, no lines', () => {
  expect(renderTable(COLUMNS, [], TERMINAL)).toEqual([]);
});

test.each([
  ['abc', 3],
  ['日本', 4],
  ['ｆｕｌｌ', 8],
  ['한글', 4],
  // Three emoji, and two joiners shown as six characters each.
  ['👩‍👩‍👧', 18],
  ['e\u0301', 1],
  ['❤️', 2],
  ['☰☷', 4],
  ['䷀', 2],
  ['︙', 2],
  ['㉈', 1],
  [paint({ ...TERMINAL, hasColor: true }, 'red', 'red'), 3],
  ['\u001b[31m', 8],
  ['a\u200bb', 8],
])('%s takes %d columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
])('%s in %d columns is %s', (text, columns, expected) => {
  expect(truncateText(text, columns)).toBe(expected);
});

test.each([
  [30, ['NAME  ADDRESS       SERVER', 'prod  ro@db-1:3306  MariaDB']],
  [24, ['NAME  ADDRESS', 'prod  ro@db-1:3306']],
  [16, ['NAME  ADDRESS', 'prod  ro@db-1:3…']],
])('in %d columns what can be spared goes before what cannot be cut', (columns, lines) => {
  const titles = [
    { title: 'NAME', cut: 'last' },
    { title: 'ADDRESS' },
    { title: 'SERVER', spare: 1 },
    { title: 'LAST USED', spare: 2 },
  ] as const;
  const row = ['prod', 'ro@db-1:3306', 'MariaDB', '2 h ago'];
  expect(renderTable(titles, [row], { ...TERMINAL, columns })).toEqual(lines);
  expect(renderTable(titles, [row], { ...PIPE, columns })).toEqual([row.join('\t')]);
});

import { expect, test } from 'vitest';
import type { DatabaseChange } from '../../src/core/change/change-set.js';
import { diffInventories } from '../../src/core/change/diff.js';
import { displayWidth } from '../../src/render/display-width.js';
import { listObjects, pipeObjects } from '../../src/render/object-changes.js';
import { printLines } from '../../src/render/print-lines.js';
import {
  NOTHING_LEFT,
  aDatabase,
  aPlan,
  aProgram,
  aTable,
  someFacts,
  someRules,
} from '../support/inventory.js';

const LONG = 'n'.repeat(64);
const ESCAPES = '\u001b[2J\u202e';
const shop = aDatabase(
  'shop',
  [aTable('orders', { fingerprint: 'new' }), aTable(LONG, { fingerprint: 'new' }), aTable('new_one')],
  { programs: [aProgram('view', 'totals'), aProgram('view', 'same')] },
);
const shopNow = aDatabase('shop', [aTable('orders'), aTable(LONG), aTable('log_web'), aTable('old_one')], {
  programs: [aProgram('view', 'totals'), aProgram('view', 'same'), aProgram('event', 'nightly')],
});

const [bare] = diffInventories(
  aPlan(),
  [
    {
      from: shop.name,
      to: shop.name,
      rules: someRules({
        tables: {
          only: [],
          exclude: ['log_*'],
          structure_only: ['new_one'],
          external: [],
          where: { orders: 'id < 9' },
          preserve: { orders: `note LIKE '%${ESCAPES}%'`, new_one: 'all' },
        },
      }),
    },
  ],
  { server: someFacts('a'), databases: [shop] },
  { server: someFacts('b'), databases: [shopNow] },
  NOTHING_LEFT,
).databases;
const DIFFS: Readonly<Record<string, readonly string[]>> = {
  orders: ['- `total` decimal(10,2) NOT NULL', '+ `total` decimal(12,2) NOT NULL', `+ \`${ESCAPES}\` int`],
  [LONG]: [
    `- \`${'c'.repeat(64)}\` int(11) DEFAULT NULL COMMENT 'as it was typed by a person in the year 2009'`,
  ],
  totals: ['- \tselect 1', '+ \t\tselect\t2', '(7 more lines)'],
};
const withDiff = <Named extends { readonly name: string }>(
  one: Named,
): Named & { diff?: readonly string[] } => {
  const diff = DIFFS[one.name];
  return diff ? { ...one, diff } : one;
};
const change = (): DatabaseChange => {
  if (!bare) throw new Error('there is no change');
  return { ...bare, tables: bare.tables.map(withDiff), programs: bare.programs.map(withDiff) };
};

const inColumns = (columns: number, hasColor = false) => ({ isTerminal: true, hasColor, columns });

test('each table and program that changes, with the lines of its definition', async () => {
  const lines = listObjects(change(), inColumns(120));
  await expect(printLines(lines, inColumns(120))).toMatchFileSnapshot('golden/objects-terminal.txt');
});

test.each([40, 80, 120])('nothing is cut or broken within a word in %i columns', (columns) => {
  const look = inColumns(columns);
  const lines = listObjects(change(), look).map((line) => `      ${line}`);
  const shown = printLines(lines, look);
  const long = shown.split('\n').filter((line) => displayWidth(line) > columns);
  expect(long.filter((line) => /\S\s+\S/.test(line.replace(/^ *[-+] /, '')))).toEqual([]);
  const words = (text: string): string => text.replaceAll(/\s+/g, ' ');
  expect(words(shown)).toBe(words(printLines(lines, inColumns(1000))));
});

test('colours are decoration: without them the text is the same', () => {
  const [plain, painted] = [false, true].map((hasColor) => {
    const look = inColumns(120, hasColor);
    return printLines(listObjects(change(), look), look);
  });
  // eslint-disable-next-line no-control-regex -- codes begin with one
  expect(painted?.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  expect(painted).toContain('- \u001b[31m`total` decimal(10,2) NOT NULL\u001b[39m\n');
});

test('in a pipe they are tab separated lines', async () => {
  const pipe = { isTerminal: false, hasColor: false, columns: 80 };
  await expect(printLines(pipeObjects(change()), pipe)).toMatchFileSnapshot('golden/objects-pipe.txt');
});

test('a database that is made anew has nothing that changes', () => {
  expect(pipeObjects({ ...change(), target: null, preserve: [] })).toEqual([]);
});

import { expect, test } from 'vitest';
import { toDatabaseName, toRunId } from '../../src/core/names.js';
import type { ScratchDatabase } from '../../src/core/change/scratch.js';
import { renderScratch } from '../../src/render/scratch.js';

const NOW = new Date('2026-11-01T12:00:00Z');
const scratch = (live: string | null, facts: Partial<ScratchDatabase> = {}): ScratchDatabase => ({
  database: toDatabaseName('mysql_sync_old_7q2f4k_0123456789ab'),
  state: 'kept',
  run: toRunId('7q2f4k'),
  live: live === null ? null : toDatabaseName(live),
  doubt: null,
  savedPlan: null,
  startedAt: '2026-11-01T10:00:00Z',
  tables: 1,
  bytes: 16_384,
  ...facts,
});
const inColumns = (columns: number) => ({ isTerminal: true, hasColor: false, columns });
const view = {
  dropped: new Set(['mysql_sync_old_7q2f4k_0123456789ab']),
  isStart: false,
  now: NOW,
  planned: new Set(['crm', 'shop']),
  replaced: new Set(['crm']),
  statusCommand: 'mysql-sync status nightly.yaml',
};

test('what a refresh may start from is said to be gone once it has begun', () => {
  const [, line] = renderScratch([scratch('crm')], inColumns(200), { ...view, isStart: true });
  expect(line).toBe(
    '1 kept for rollback, 16.0 KiB, oldest 2 h ago (this apply replaces it; tables that differ start from there, and once they have begun there is nothing to roll back to until the swap).  mysql-sync status nightly.yaml',
  );
});

test.each<readonly [string, readonly ScratchDatabase[], readonly string[], string]>([
  [
    'some of it is replaced',
    [scratch('shop', { bytes: 9_000_000, startedAt: '2026-10-26T10:00:00Z' }), scratch('crm')],
    ['crm'],
    '2 kept for rollback, 8.6 MiB, oldest 6 d ago (this apply replaces 1 of them).  mysql-sync status nightly.yaml',
  ],
  [
    'all of it is replaced',
    [scratch('crm')],
    ['crm'],
    '1 kept for rollback, 16.0 KiB, oldest 2 h ago (this apply replaces it).  mysql-sync status nightly.yaml',
  ],
  [
    "what is not this plan's is not counted",
    [scratch('shop'), scratch('billing')],
    [],
    '1 kept for rollback, 16.0 KiB, oldest 2 h ago.  mysql-sync status nightly.yaml',
  ],
])('what is kept is one line: %s', (_, found, replaced, line) => {
  expect(renderScratch(found, inColumns(140), { ...view, replaced: new Set(replaced) })).toEqual(['', line]);
});

test("another plan's copies alone are no line", () => {
  expect(renderScratch([scratch('billing')], inColumns(140), view)).toEqual([]);
});

const LEFT = [
  scratch('billing', { state: 'staging' }),
  scratch('shop', { doubt: 'its journal is not signed' }),
  scratch(null, { state: 'unknown', run: null, startedAt: null }),
];

test('what runs left behind stands in columns, by name', () => {
  expect(renderScratch(LEFT, inColumns(140), view)).toEqual([
    '',
    'Left behind on the target:',
    '  billing                             an unfinished copy of run 7q2f4k, 2 h ago  16.0 KiB  still running, or the next apply cleans it up',
    '  mysql_sync_old_7q2f4k_0123456789ab  its journal is not signed                  16.0 KiB  left as it is: mysql-sync scratch',
    '  mysql_sync_old_7q2f4k_0123456789ab  without a journal                          16.0 KiB  left as it is: mysql-sync scratch',
  ]);
});

test.each([
  ['shop', '2026-10-25T13:00:00Z', 'still running, or this apply goes on from it (--discard drops it)'],
  ['shop', '2026-10-25T11:00:00Z', 'still running, or the next apply cleans it up'],
  [
    'billing',
    '2026-10-25T13:00:00Z',
    'still running, or left for an apply of its database, which goes on from it',
  ],
])('an unfinished copy of %s of %s that is not dropped first: %s', (live, startedAt, next) => {
  const found = [scratch(live, { state: 'staging', startedAt })];
  const [, , line] = renderScratch(found, inColumns(140), { ...view, dropped: new Set() });
  expect(line?.endsWith(`16.0 KiB  ${next}`)).toBe(true);
});

test('in a narrow terminal nothing of it is cut', () => {
  expect(renderScratch(LEFT.slice(0, 1), inColumns(60), view).slice(2)).toEqual([
    '  billing, an unfinished copy of run 7q2f4k, 2 h ago, 16.0 KiB, still running, or the next apply cleans it up',
  ]);
});

test('the first five are named, the rest is counted', () => {
  const lines = renderScratch(
    Array.from({ length: 300 }, () => LEFT[2] ?? scratch(null)),
    inColumns(140),
    view,
  );
  expect(lines).toHaveLength(8);
  expect(lines.at(-1)).toBe('  and 295 more:  mysql-sync scratch');
});

test('nothing left, no lines', () => {
  expect(renderScratch([], inColumns(80), view)).toEqual([]);
});

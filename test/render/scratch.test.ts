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
const FOUND = [
  scratch('shop', { bytes: 9_000_000 }),
  scratch('crm'),
  scratch('billing', { state: 'staging' }),
  scratch(null, { state: 'unknown', run: null, startedAt: null }),
];
const inColumns = (columns: number) => ({ isTerminal: true, hasColor: false, columns });
const view = { now: NOW, replaced: new Set(['crm']) };

test('what earlier runs left stands in columns, by name', () => {
  expect(renderScratch(FOUND, inColumns(140), view)).toEqual([
    '',
    'Kept on the target for rollback, or left behind:',
    '  billing                             an unfinished copy of run 7q2f4k, 2 h ago  16.0 KiB  still running, or the next apply cleans it up',
    '  crm                                 as before run 7q2f4k, 2 h ago              16.0 KiB  goes with this apply',
    '  mysql_sync_old_7q2f4k_0123456789ab  without a journal                          16.0 KiB  left as it is: mysql-sync scratch',
    '  shop                                as before run 7q2f4k, 2 h ago               8.6 MiB',
  ]);
});

test('in a narrow terminal nothing of it is cut', () => {
  expect(renderScratch(FOUND.slice(1, 3), inColumns(60), view).slice(2)).toEqual([
    '  billing, an unfinished copy of run 7q2f4k, 2 h ago, 16.0 KiB, still running, or the next apply cleans it up',
    '  crm, as before run 7q2f4k, 2 h ago, 16.0 KiB, goes with this apply',
  ]);
});

test('nothing left, no lines', () => {
  expect(renderScratch([], inColumns(80), view)).toEqual([]);
});

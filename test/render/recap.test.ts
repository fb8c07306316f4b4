import { expect, test } from 'vitest';
import { suggestCommand } from '../../src/core/shell-word.js';
import type { DatabaseOutcome } from '../../src/core/run/outcome.js';
import { toDatabaseName } from '../../src/core/names.js';
import { renderProgress } from '../../src/render/progress.js';
import { renderRecap } from '../../src/render/recap.js';

const LOOK = { isTerminal: true, hasColor: false, columns: 120 };

const outcome = (name: string, overrides: Partial<DatabaseOutcome>): DatabaseOutcome => ({
  from: toDatabaseName(name),
  to: toDatabaseName(name),
  status: 'applied',
  action: 'create',
  targetState: 'new',
  tables: 38,
  rows: 4_112_907,
  bytes: 1_300_000_000,
  durationMilliseconds: 57_000,
  verification: { digested: 38, counted: 38, movedOnSource: [] },
  notes: [],
  error: null,
  ...overrides,
});

test('a run in which everything can end as it can', async () => {
  const failed = { status: 'failed', action: 'overwrite', targetState: 'old' } as const;
  const outcomes = [
    outcome('crm', {}),
    outcome('shop', { action: 'overwrite', notes: ['orders was written to on the source during the copy'] }),
    outcome('billing', {
      ...failed,
      error: {
        code: 'COPY_FAILED',
        message: 'ER_DUP_ENTRY (1062) in ledger.entry_no',
        hints: ['Look at the table.'],
      },
    }),
    outcome('odd name', {
      ...failed,
      targetState: 'unsure',
      error: { code: 'SWAP_FAILED', message: 'the swap failed', hints: [] },
    }),
    outcome('blog', { status: 'interrupted', targetState: 'old' }),
    outcome('wiki', { status: 'not-started', targetState: 'old' }),
  ];
  const view = {
    run: '7q2f4k',
    target: 'staging',
    kind: 'apply' as const,
    retry: (only: readonly string[]) => suggestCommand`apply nightly.yaml --only ${only}`,
    undo: 'mysql-sync rollback 7q2f4k',
    logPath: undefined,
  };
  const lines = renderRecap({ outcomes, durationMilliseconds: 90_000, exitCode: 3 }, LOOK, view);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/recap.txt');
});

test.each([
  [{ rows: 0, rowsEstimate: 1000, bytes: 0 }, 'copying  ~0%  0 B  orders'],
  [
    { rows: 420, rowsEstimate: 1000, bytes: 10_485_760 },
    'copying  ~42%  10.0 MiB  1.0 MiB/s  ETA 15s  orders',
  ],
  [{ rows: 5000, rowsEstimate: 1000, bytes: 10_485_760 }, 'copying  ~99%  10.0 MiB  1.0 MiB/s  orders'],
  [{ rows: 5, rowsEstimate: 0, bytes: 1024 }, 'copying  1.0 KiB  102 B/s  orders'],
])('progress %j', (numbers, text) => {
  const progress = { ...numbers, tables: 1, tablesDone: 0, current: ['orders' as never] };
  expect(renderProgress({ phase: 'copy', progress, copyMilliseconds: 10_000 })).toBe(text);
});

test('progress of a comparison: nothing travels', () => {
  const progress = {
    rows: 420,
    rowsEstimate: 1000,
    bytes: 0,
    tables: 2,
    tablesDone: 1,
    current: ['orders' as never],
  };
  expect(renderProgress({ phase: 'compare', progress, copyMilliseconds: 10_000 })).toBe(
    'comparing with the source  ~42%  ETA 15s  orders',
  );
});

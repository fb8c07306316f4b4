import { describe, expect, test } from 'vitest';
import { toDatabaseName, toTableName } from '../../src/core/names.js';
import type { DatabaseOutcome } from '../../src/core/run/outcome.js';
import { displayWidth } from '../../src/render/display-width.js';
import type { LiveDatabase, LiveRun } from '../../src/render/live-run.js';
import { renderEnd, renderLive } from '../../src/render/live-view.js';
import { formatEta } from '../../src/render/progress.js';

const MIB = 1024 ** 2;
const LONGEST = `archive_${'x'.repeat(56)}`;
const WIDEST = '顧'.repeat(63) + '😀';
const SIGNS = { good: '+', bad: 'x' };

const aDatabase = (name: string, changes: Partial<LiveDatabase> = {}): LiveDatabase => ({
  name,
  size: 100 * MIB,
  phase: undefined,
  since: 0,
  progress: undefined,
  retry: undefined,
  outcome: undefined,
  ...changes,
});

const copying = (name: string, rows: number): LiveDatabase =>
  aDatabase(name, {
    phase: 'copy',
    progress: {
      rows,
      bytes: rows * MIB,
      rowsEstimate: 100,
      tables: 3,
      tablesDone: 1,
      current: [toTableName('orders'), toTableName('items')],
    },
  });

const ended = (name: string, status: DatabaseOutcome['status']): LiveDatabase =>
  aDatabase(name, {
    phase: 'clean',
    outcome: {
      from: toDatabaseName(name),
      to: toDatabaseName(name),
      status,
      action: 'create',
      targetState: status === 'applied' ? 'new' : 'old',
      tables: 3,
      rows: 100,
      bytes: 50 * MIB,
      durationMilliseconds: 12_000,
      verification: null,
      notes: [],
      error: null,
    },
  });

const waiting = Array.from({ length: 37 }, (_, index) => aDatabase(`tenant_${String(index)}`));
const done = Array.from({ length: 4 }, (_, index) => ended(`done_${String(index)}`, 'applied'));

const aRun = (databases: readonly LiveDatabase[], pause?: string): LiveRun => ({
  databases,
  startedAt: 0,
  now: 40_000,
  pause,
});

const draw = (run: LiveRun, columns: number, rows = 24): readonly string[] =>
  renderLive(run, { look: { isTerminal: true, hasColor: false, columns }, rows, sign: '*' });

const busy = [...done, ended('broken', 'failed'), copying('shop', 42), copying('crm', 10), ...waiting];

test.each([
  [40, ['* shop       copying  ~42%  42.0 MiB', '* crm        copying  ~10%  10.0 MiB']],
  [
    80,
    [
      '* shop       copying  ~42%  42.0 MiB  1.1 MiB/s  ETA 1m  orders, items',
      '* crm        copying  ~10%  10.0 MiB  256.0 KiB/s  ETA 6m  orders, items',
    ],
  ],
])('in %i columns rows are for what is in flight, and the rest is counted', (columns, rows) => {
  expect(draw(aRun(busy), columns).slice(0, 3)).toEqual([...rows, '  37 waiting, 4 done, 1 failed']);
});

test.each([
  [40, '[>       ]  ~10%  5/44 databases  ETA 6m'],
  [80, '[=>          ]  ~10%  5/44 databases  252.0 MiB of ~2.3 GiB  elapsed 40s  ETA 6m'],
  [
    100,
    '[==>                  ]  ~10%  5/44 databases  252.0 MiB of ~2.3 GiB  6.3 MiB/s  elapsed 40s  ETA 6m',
  ],
])('the footer in %i columns', (columns, footer) => {
  expect(draw(aRun(busy), columns).at(-1)).toBe(footer);
});

describe.each([40, 80, 100, 120])('in %i columns', (columns) => {
  test.each([LONGEST, WIDEST])('%s changes no other row, and no line is too long', (name) => {
    const others = [copying('a_name_of_thirty_two_columns_xyz', 42), copying('crm', 10)];
    const alone = draw(aRun(others), columns);
    const lines = draw(aRun([...others, copying(name, 50)], 'the source runs 40 threads'), columns);
    expect(lines.slice(0, 2)).toEqual(alone.slice(0, 2));
    expect(lines[2]).toMatch(/… {2,3}copying {2}~50%/);
    expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
  });

  test('the line of an end has the whole name, and other ends stand below each other', () => {
    const databases = [ended('shop', 'applied'), ended('broken', 'failed'), ended(LONGEST, 'applied')];
    const look = { isTerminal: true, hasColor: false, columns };
    const width = Math.min(32, columns / 2);
    expect(databases.flatMap((one) => renderEnd(one, databases, { look, signs: SIGNS }))).toEqual([
      `+ ${'shop'.padEnd(width)}  applied in 12s`,
      `x ${'broken'.padEnd(width)}  failed in 12s`,
      `+ ${LONGEST}  applied in 12s`,
    ]);
  });
});

test('what never started has no line of its own and is counted', () => {
  const databases = [ended('shop', 'applied'), ended('crm', 'not-started')];
  const look = { isTerminal: true, hasColor: false, columns: 80 };
  expect(renderEnd(ended('crm', 'not-started'), databases, { look, signs: SIGNS })).toEqual([]);
  expect(draw(aRun(databases), 80)[0]).toBe('  1 done, 1 not started');
});

test('a frame is never higher than the terminal', () => {
  const active = Array.from({ length: 50 }, (_, index) => copying(`db_${String(index)}`, index));
  const lines = draw(aRun([...active, ...waiting], 'the source runs 40 threads'), 80, 12);
  expect(lines).toHaveLength(11);
  expect(lines.slice(-5)).toEqual([
    expect.stringMatching(/^\* db_6 /),
    '  43 more in progress',
    'the source runs 40 threads',
    '  37 waiting',
    expect.stringContaining('0/87 databases'),
  ]);
});

test('a retry is told in place of the phase', () => {
  const [row] = draw(aRun([{ ...copying('shop', 42), retry: 'trying again in 2s (gone)' }]), 80);
  expect(row).toBe('* shop  trying again in 2s (gone)');
});

test.each([
  [10_000, 0.999, ''],
  [10_000, 0.9, 'ETA 2s'],
  [60_000, 0.6, 'ETA 40s'],
  [60_000, 0.29, 'ETA 2m 30s'],
  [600_000, 0.01, 'ETA 16h 30m'],
  [600_000, 0.009, ''],
])('after %i ms with %d done the rest is "%s"', (elapsed, share, eta) => {
  expect(formatEta(elapsed, share)).toBe(eta);
});

import { expect, test } from 'vitest';
import { toDatabaseName, toRunId } from '../../src/core/names.js';
import type { Origin } from '../../src/core/run/provenance.js';
import { displayWidth } from '../../src/render/display-width.js';
import { printLines } from '../../src/render/print-lines.js';
import { type JudgedCopy, renderStatus } from '../../src/render/status.js';

const ORIGIN: Origin = {
  run: toRunId('7q2f4k'),
  plan: { name: 'nightly', digest: '00' },
  source: { name: 'prod', identity: 'x', server: 'MySQL 8.4.3', database: toDatabaseName('shop') },
  asOf: '2026-10-26T10:00:01Z',
  positions: [{ kind: 'gtid', text: '0-1-7', isExact: false }],
  engine: 'native',
  verification: { digested: 3, counted: 3, moved: 0 },
  preserved: 0,
  masks: null,
  hooks: null,
  by: 'me@here',
};
const UNKNOWN = { source: null, origin: null, asOf: null, liveAt: null };

const copyOf = (database: string, facts: Partial<JudgedCopy> = {}): JudgedCopy => ({
  database: toDatabaseName(database),
  run: toRunId('7q2f4k'),
  plan: 'nightly',
  startedAt: '2026-10-26T10:00:00Z',
  by: 'apply',
  source: { server: 'prod', database: toDatabaseName('shop') },
  bytes: 9_000_000,
  previous: {
    scratch: toDatabaseName('mysql_sync_old_7q2f4k_0123456789ab'),
    tables: 4,
    bytes: 8_000_000,
    origin: null,
  },
  asOf: '2026-10-26T10:00:01Z',
  origin: ORIGIN,
  liveAt: '2026-10-26T10:00:09Z',
  changedAt: null,
  doubt: null,
  ...facts,
});

const COPIES = [
  copyOf('shop'),
  copyOf('crm', { previous: null }),
  copyOf('new_one', {
    previous: { scratch: toDatabaseName('mysql_sync_old_x'), tables: null, bytes: 0, origin: null },
    startedAt: '2026-11-01T11:00:00Z',
  }),
  copyOf('gone', { ...UNKNOWN, by: 'rollback', bytes: null, tooOld: 'there is no such database' }),
  copyOf('back', {
    by: 'rollback',
    origin: { ...ORIGIN, verification: { digested: 0, counted: 3, moved: 0 } },
  }),
  copyOf('written', {
    changedAt: '2026-11-01T11:50:00Z',
    origin: { ...ORIGIN, verification: { digested: 2, counted: 3, moved: 1 } },
    previous: {
      scratch: toDatabaseName('mysql_sync_old_y'),
      tables: 1,
      bytes: 8,
      origin: { ...ORIGIN, asOf: '2026-10-24T10:00:01Z' },
    },
    tooOld: null,
  }),
  copyOf('doubtful', {
    ...UNKNOWN,
    by: 'unknown',
    run: null,
    plan: null,
    startedAt: null,
    doubt: 'a \u001b[31mdoubt',
  }),
  copyOf('n'.repeat(64), { ...UNKNOWN, by: 'unknown' }),
  copyOf('\u001b[2J顧客', {}),
];
const view = { now: new Date('2026-11-01T12:00:00Z'), dropCommand: 'mysql-sync status --drop-previous' };
const inColumns = (columns: number) => ({ isTerminal: true, hasColor: false, columns });

test('on a terminal', async () => {
  await expect(printLines(renderStatus(COPIES, inColumns(120), view), inColumns(120))).toMatchFileSnapshot(
    'golden/status-terminal.txt',
  );
});

test.each([40, 80, 120])('in %i columns no line is too long but a name or a command', (columns) => {
  const shown = printLines(renderStatus(COPIES, inColumns(columns), view), inColumns(columns));
  const long = shown.split('\n').filter((line) => displayWidth(line) > columns);
  expect(long.filter((line) => !/^\s*(n{64}|mysql-sync .*)$/.test(line))).toEqual([]);
});

test('in a pipe', async () => {
  const pipe = { isTerminal: false, hasColor: false, columns: 80 };
  await expect(printLines(renderStatus(COPIES, pipe, view), pipe)).toMatchFileSnapshot(
    'golden/status-pipe.txt',
  );
});

test('nothing kept, no line about it', () => {
  expect(renderStatus([copyOf('crm', { previous: null })], inColumns(120), view)).toHaveLength(2);
  expect(renderStatus([], inColumns(120), view)).toEqual([]);
});

test('says how many columns are masked, and where the rest was not searched as a whole', () => {
  const masked = (scan: 'full' | 'sample' | 'off') =>
    copyOf(scan, { origin: { ...ORIGIN, masks: { columns: 12, scan, fingerprint: '00' } } });
  const lines = renderStatus([masked('full'), masked('sample'), masked('off')], inColumns(200), view);
  expect(lines.filter((line) => line.includes('by digests, 12 columns masked'))).toHaveLength(3);
  expect(lines.filter((line) => line.includes('mask.scan'))).toEqual([
    'sample: of what is not masked a sample of the rows was searched for personal data (mask.scan: sample)',
    'off: nothing of what is not masked was searched for personal data (mask.scan: off)',
  ]);
});

import { expect, test } from 'vitest';
import { toDatabaseName, toRunId } from '../../../src/core/names.js';
import {
  type KeptPrevious,
  type TargetEvidence,
  findTooOld,
  listLiveCopies,
} from '../../../src/core/run/live-copies.js';
import type { DatabaseOutcome } from '../../../src/core/run/outcome.js';
import type { LiveRecord, Origin, ProvenanceRecord } from '../../../src/core/run/provenance.js';
import type { JournalMark } from '../../../src/core/run/provenance-standing.js';
import type { PastRun } from '../../../src/core/run/run.js';

const keptOf = (live: string, run: string, hour: number): KeptPrevious => ({
  live: toDatabaseName(live),
  run: toRunId(run),
  plan: 'nightly',
  startedAt: `2026-11-01T${String(hour)}:00:00.000Z`,
  scratch: toDatabaseName(`mysql_sync_old_${run}`),
  tables: 3,
  bytes: 100,
});

const runOf = (
  id: string,
  hour: number,
  databases: readonly (readonly [from: string, to: string, status: DatabaseOutcome['status']])[],
  kind: PastRun['kind'] = 'apply',
): PastRun => {
  const server = { name: 'prod', address: 'sync@db:3306', server: 'MySQL 8.4.3' };
  const named = databases.map(([from, to]) => ({ from: toDatabaseName(from), to: toDatabaseName(to) }));
  return {
    id: toRunId(id),
    kind,
    startedAt: `2026-11-01T${String(hour)}:00:00.000Z`,
    startedBy: 'me@here',
    processId: 1,
    plan: { name: 'weekly', path: 'weekly.yaml', digest: '' },
    source: server,
    target: { ...server, name: 'staging' },
    databases: named,
    state: 'finished',
    outcomes: named.map(({ from, to }, at) => ({
      from,
      to,
      status: databases[at]?.[2] ?? 'applied',
      action: 'overwrite',
      targetState: 'new',
      tables: 1,
      rows: 1,
      bytes: 1,
      durationMilliseconds: 1,
      verification: null,
      notes: [],
      error: null,
    })),
  };
};

const sizesOf = (...names: readonly string[]) => new Map(names.map((name) => [toDatabaseName(name), 50]));

const toMark = ({ live, run, startedAt }: KeptPrevious): JournalMark => ({
  live,
  run,
  startedAt,
  phase: 'kept',
});

const listCopies = (evidence: Partial<TargetEvidence>) => {
  const { kept = [] } = evidence;
  const nothing = { records: [], claims: [], runs: [], sizes: sizesOf('shop'), expected: [] };
  return listLiveCopies({ ...nothing, kept, marks: kept.map(toMark), ...evidence });
};

const originOf = (run: string, hour: number): Origin => ({
  run: toRunId(run),
  plan: { name: 'nightly', digest: '00' },
  source: { name: 'live', identity: 'x', server: 'MySQL 8.4.3', database: toDatabaseName('store') },
  asOf: `2026-11-01T${String(hour)}:00:01.000Z`,
  positions: [],
  engine: 'native',
  verification: { digested: 3, counted: 3, moved: 0 },
  preserved: 0,
  masks: null,
  hooks: null,
  by: 'me@there',
});

const recordOf = (run: string, hour: number, facts: Partial<LiveRecord> = {}): LiveRecord => ({
  phase: 'live',
  run: toRunId(run),
  kind: 'apply',
  startedAt: `2026-11-01T${String(hour)}:00:00.500Z`,
  liveAt: `2026-11-01T${String(hour)}:30:00Z`,
  content: originOf(run, hour),
  previous: null,
  ...facts,
});

const written = (record: ProvenanceRecord | undefined, fault: string | null = null) => [
  { live: toDatabaseName('shop'), record, fault },
];

test('a journal tells the run and its plan, the history what it copied', () => {
  expect(
    listCopies({
      kept: [keptOf('crm_copy', 'bbbbbb', 12)],
      runs: [runOf('bbbbbb', 12, [['crm', 'crm_copy', 'applied']])],
      sizes: sizesOf('crm_copy'),
    }),
  ).toEqual([
    {
      database: 'crm_copy',
      run: 'bbbbbb',
      plan: 'nightly',
      startedAt: '2026-11-01T12:00:00.000Z',
      by: 'apply',
      source: { server: 'prod', database: 'crm' },
      asOf: '2026-11-01T12:00:00.000Z',
      origin: null,
      liveAt: null,
      doubt: null,
      bytes: 50,
      previous: { scratch: 'mysql_sync_old_bbbbbb', tables: 3, bytes: 100, origin: null },
    },
  ]);
});

test('a run of another machine is not known here, and one that kept nothing is known here alone', () => {
  const kept = [keptOf('shop', 'cccccc', 14)];
  const runs = [
    runOf('bbbbbb', 13, [['crm', 'crm', 'applied']]),
    runOf('aaaaaa', 12, [['shop', 'shop', 'applied']]),
  ];
  expect(listCopies({ kept, runs, sizes: sizesOf('shop', 'crm') })).toMatchObject([
    { database: 'crm', run: 'bbbbbb', plan: 'weekly', by: 'apply', previous: null },
    { database: 'shop', run: 'cccccc', by: 'unknown', source: null, asOf: null, previous: { tables: 3 } },
  ]);
});

test('what a rollback brought back is a copy of nothing, and a run that failed made nothing', () => {
  const runs = [
    runOf('cccccc', 14, [['shop', 'shop', 'failed']]),
    runOf('bbbbbb', 13, [['shop', 'shop', 'applied']], 'rollback'),
    runOf('aaaaaa', 12, [['shop', 'shop', 'applied']]),
  ];
  expect(listCopies({ runs })).toMatchObject([{ run: 'bbbbbb', by: 'rollback', source: null, asOf: null }]);
});

test('a database that is gone is listed where a rollback brings something back, or the target has it written down', () => {
  const runs = [runOf('aaaaaa', 12, [['shop', 'shop', 'applied']])];
  const sizes = sizesOf();
  expect(listCopies({ runs, sizes })).toEqual([]);
  expect(listCopies({ expected: [toDatabaseName('crm')], sizes })).toMatchObject([
    { database: 'crm', bytes: null, by: 'unknown', asOf: null },
  ]);
  const gone = [{ database: 'shop', bytes: null }];
  expect(listCopies({ kept: [keptOf('shop', 'bbbbbb', 13)], runs, sizes })).toMatchObject(gone);
  expect(listCopies({ records: written(recordOf('bbbbbb', 13)), sizes })).toMatchObject(gone);
});

test('what the target has written down comes before everything else', () => {
  const record = recordOf('bbbbbb', 12, { previous: originOf('aaaaaa', 11) });
  const kept = [keptOf('shop', 'bbbbbb', 12)];
  const [copy] = listCopies({ records: written(record), kept });
  expect(copy).toMatchObject({
    run: 'bbbbbb',
    by: 'apply',
    source: { server: 'live', database: 'store' },
    asOf: '2026-11-01T12:00:01.000Z',
    liveAt: '2026-11-01T12:30:00Z',
    origin: { by: 'me@there' },
    previous: { origin: { run: 'aaaaaa' } },
    doubt: null,
  });
  const back = recordOf('cccccc', 13, { kind: 'rollback', content: originOf('aaaaaa', 11) });
  expect(listCopies({ records: written(back) })).toMatchObject([
    { run: 'cccccc', by: 'rollback', source: { server: 'live' }, asOf: '2026-11-01T11:00:01.000Z' },
  ]);
});

test('a later run that could not write it down is believed, by what it kept or by the history', () => {
  const records = written(recordOf('bbbbbb', 12));
  expect(listCopies({ records, kept: [keptOf('shop', 'cccccc', 14)] })).toMatchObject([
    { run: 'cccccc', by: 'unknown', source: null, asOf: null, origin: null },
  ]);
  expect(listCopies({ records, runs: [runOf('cccccc', 14, [['x', 'shop', 'applied']])] })).toMatchObject([
    { run: 'cccccc', by: 'apply', source: { server: 'prod', database: 'x' }, origin: null },
  ]);
  // What an earlier run kept is still there where dropping it failed.
  expect(listCopies({ records, kept: [keptOf('shop', 'aaaaaa', 10)] })).toMatchObject([
    { run: 'bbbbbb', source: { server: 'live' }, previous: { origin: null } },
  ]);
});

test('a later journal that cannot be checked makes doubtful, and tells nothing else', () => {
  const records = written(recordOf('bbbbbb', 12));
  const later = toMark(keptOf('shop', 'cccccc', 14));
  expect(listCopies({ records, claims: [later] })).toMatchObject([
    { run: 'bbbbbb', source: { server: 'live' }, doubt: expect.stringContaining('run cccccc may') as string },
  ]);
  const earlier = toMark(keptOf('shop', 'aaaaaa', 11));
  const elsewhere = { ...later, live: toDatabaseName('crm') };
  expect(listCopies({ records, claims: [earlier, elsewhere] })).toMatchObject([{ doubt: null }]);
  expect(listCopies({ claims: [later] })).toEqual([]);
});

test('a swap that was announced is believed neither way until a journal says how it ended', () => {
  const swap: ProvenanceRecord = {
    phase: 'swapping',
    run: toRunId('bbbbbb'),
    before: recordOf('aaaaaa', 11),
    next: recordOf('bbbbbb', 12),
  };
  const unsettled = [
    { run: 'bbbbbb', by: 'unknown', asOf: null, doubt: expect.stringContaining('bbbbbb') as string },
  ];
  expect(listCopies({ records: written(swap) })).toMatchObject(unsettled);
  const mark = {
    live: toDatabaseName('shop'),
    run: toRunId('bbbbbb'),
    startedAt: '2026-11-01T12:00:00.000Z',
  };
  const swapping = [{ ...mark, phase: 'swapping' as const }];
  expect(listCopies({ records: written(swap), marks: swapping })).toMatchObject(unsettled);
  expect(listCopies({ records: written(recordOf('aaaaaa', 11)), marks: swapping })).toMatchObject(unsettled);
  expect(listCopies({ records: written(swap), kept: [keptOf('shop', 'bbbbbb', 12)] })).toMatchObject([
    { run: 'bbbbbb', by: 'apply', asOf: '2026-11-01T12:00:01.000Z', doubt: null },
  ]);
});

test('a record that cannot be read is said, and everything else still told', () => {
  const runs = [runOf('aaaaaa', 12, [['shop', 'shop', 'applied']])];
  expect(listCopies({ records: written(undefined, 'it is no JSON'), runs })).toMatchObject([
    {
      run: 'aaaaaa',
      source: { server: 'prod' },
      doubt: 'what is written down of it cannot be read: it is no JSON',
    },
  ]);
  expect(listCopies({ records: written(undefined, 'it is no JSON') })).toMatchObject([
    { run: null, by: 'unknown', startedAt: null },
  ]);
});

test.each([
  ['young enough', {}, null],
  ['at the limit', { asOf: '2026-11-01T10:00:00.000Z' }, null],
  ['too old', { asOf: '2026-11-01T09:59:59.999Z' }, 'it is as of 2026-11-01T09:59:59.999Z'],
  ['of a clock that is some minutes fast', { asOf: '2026-11-01T12:59:00.000Z' }, null],
  [
    'of the future',
    { asOf: '2030-01-01T00:00:00Z' },
    'it says that it is of the future: 2030-01-01T00:00:00Z',
  ],
  ['of no known time', { asOf: null }, 'nothing says as of when it is'],
  ['rolled back', { by: 'rollback' as const }, 'it was rolled back'],
  ['not there', { bytes: null }, 'there is no such database'],
  ['doubtful', { doubt: 'a doubt' }, 'a doubt'],
])('--max-age: %s', (_, facts, reason) => {
  const [copy] = listCopies({ records: written(recordOf('bbbbbb', 11)) });
  if (!copy) throw new Error('nothing is listed');
  const limits = { oldest: new Date('2026-11-01T10:00:00Z'), now: new Date('2026-11-01T12:00:00Z') };
  expect(findTooOld({ ...copy, changedAt: null, ...facts }, limits)).toBe(reason);
});

import { expect, test } from 'vitest';
import { toDatabaseName, toRunId } from '../../../src/core/names.js';
import { type KeptPrevious, listLiveCopies } from '../../../src/core/run/live-copies.js';
import type { DatabaseOutcome } from '../../../src/core/run/outcome.js';
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

test('a journal tells the run and its plan, the history what it copied', () => {
  expect(
    listLiveCopies(
      [keptOf('crm_copy', 'bbbbbb', 12)],
      [runOf('bbbbbb', 12, [['crm', 'crm_copy', 'applied']])],
      sizesOf('crm_copy'),
    ),
  ).toEqual([
    {
      database: 'crm_copy',
      run: 'bbbbbb',
      plan: 'nightly',
      startedAt: '2026-11-01T12:00:00.000Z',
      by: 'apply',
      source: { server: 'prod', database: 'crm' },
      bytes: 50,
      previous: { scratch: 'mysql_sync_old_bbbbbb', tables: 3, bytes: 100 },
    },
  ]);
});

test('a run of another machine is not known here, and one that kept nothing is known here alone', () => {
  const kept = [keptOf('shop', 'cccccc', 14)];
  const runs = [
    runOf('bbbbbb', 13, [['crm', 'crm', 'applied']]),
    runOf('aaaaaa', 12, [['shop', 'shop', 'applied']]),
  ];
  expect(listLiveCopies(kept, runs, sizesOf('shop', 'crm'))).toMatchObject([
    { database: 'crm', run: 'bbbbbb', plan: 'weekly', by: 'apply', previous: null },
    { database: 'shop', run: 'cccccc', by: 'unknown', source: null, previous: { tables: 3 } },
  ]);
});

test('what a rollback brought back is a copy of nothing, and a run that failed made nothing', () => {
  const runs = [
    runOf('cccccc', 14, [['shop', 'shop', 'failed']]),
    runOf('bbbbbb', 13, [['shop', 'shop', 'applied']], 'rollback'),
    runOf('aaaaaa', 12, [['shop', 'shop', 'applied']]),
  ];
  expect(listLiveCopies([], runs, sizesOf('shop'))).toMatchObject([
    { run: 'bbbbbb', by: 'rollback', source: null },
  ]);
});

test('a database that is gone is listed where a rollback brings something back', () => {
  const runs = [runOf('aaaaaa', 12, [['shop', 'shop', 'applied']])];
  expect(listLiveCopies([], runs, sizesOf())).toEqual([]);
  expect(listLiveCopies([keptOf('shop', 'bbbbbb', 13)], runs, sizesOf())).toMatchObject([
    { database: 'shop', bytes: null },
  ]);
});

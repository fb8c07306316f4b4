import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { CopyRecord } from '../../../src/core/change/copy-record.js';
import { toDatabaseName, toRunId } from '../../../src/core/names.js';
import type { DatabaseOutcome } from '../../../src/core/run/outcome.js';
import { makeOutcome, makeRun } from '../../support/runs.js';
import { openScratchStore } from './scratch-store.js';

const finish = (exitCode: number, outcomes: readonly DatabaseOutcome[] = []) => ({
  outcomes,
  durationMilliseconds: 1000,
  exitCode,
});
const ALL = { limit: Number.MAX_SAFE_INTEGER };

/** The id of a process that has ended. */
const endedProcess = (): number => spawnSync('true').pid;

test('a run grows in the history as it goes on', async () => {
  const { history } = await openScratchStore();
  const run = makeRun('7q2f4k', { logPath: '/logs/7q2f4k.jsonl' });
  await history.open(run);
  expect(await history.findRun('7q2f4k')).toEqual({ ...run, state: 'running' });

  const crm = makeOutcome('crm', { rows: Number.MAX_SAFE_INTEGER, notes: ['é "quoted"'] });
  const billing = makeOutcome('billing', {
    status: 'failed',
    targetState: 'old',
    error: { code: 'COPY_FAILED', message: 'ER_DUP_ENTRY (1062)', hints: ['look'] },
  });
  await Promise.all([crm, billing].map((outcome) => history.record(run.id, [{ outcome }])));
  expect((await history.findRun('7q2f4k')).outcomes).toEqual([crm, billing]);

  const shop = makeOutcome('shop', { status: 'not-started' });
  await history.close(run.id, finish(3, [crm, billing, shop]), new Date('2027-01-02T03:04:05.678Z'));
  expect(await history.findRun('latest')).toEqual({
    ...run,
    state: 'finished',
    finishedAt: '2027-01-02T03:04:05.678Z',
    exitCode: 3,
    outcomes: [crm, billing, shop],
  });
});

test('of copies to one database of a target the last is kept', async () => {
  const { history } = await openScratchStore();
  const copy = (run: string, target: string): CopyRecord => ({
    run: toRunId(run),
    source: { identity: 'a', database: toDatabaseName('shop') },
    target: { identity: target, database: toDatabaseName('shop_copy') },
    at: '2026-11-01T12:00:00.000Z',
    liveAt: '2026-11-01T12:00:00Z',
    tables: [],
  });
  for (const kept of [copy('aaaaaa', 'b'), copy('bbbbbb', 'b'), copy('cccccc', 'c')]) {
    await history.open(makeRun(kept.run));
    await history.record(kept.run, [{ outcome: makeOutcome('shop_copy'), copy: kept }]);
  }
  expect(await history.findCopy('b', toDatabaseName('shop_copy'))).toEqual(copy('bbbbbb', 'b'));
  expect(await history.findCopy('b', toDatabaseName('shop'))).toBeUndefined();
  await history.forgetCopy({ identity: 'b', database: toDatabaseName('shop_copy') });
  expect(await history.findCopy('b', toDatabaseName('shop_copy'))).toBeUndefined();
  expect(await history.findCopy('c', toDatabaseName('shop_copy'))).toBeDefined();
});

test('databases that are copied from one have an outcome each, however many end together', async () => {
  const { history } = await openScratchStore();
  const run = makeRun('aaaaaa');
  await history.open(run);
  const names = ['one', 'two', ...Array.from({ length: 250 }, (_, index) => `app_${String(index)}`)];
  const outcomes = names.map((to) => makeOutcome('shop', { to: toDatabaseName(to) }));
  await history.record(
    run.id,
    outcomes.map((outcome) => ({ outcome })),
  );
  expect((await history.findRun('aaaaaa')).outcomes).toEqual(outcomes);
});

test.each([
  ['its process ended', { processId: endedProcess() }, 'interrupted'],
  ['its process works on', {}, 'running'],
  ['its process belongs to somebody else', { processId: 1 }, 'running'],
  [
    'the machine was started since, and the process id is taken again',
    { startedAt: '2001-01-01T00:00:00.000Z' },
    'interrupted',
  ],
  ['it was started on another machine', { startedBy: 'ci@elsewhere.example' }, 'unknown'],
])('a run that nobody closed: %s', async (_, facts, state) => {
  const { history } = await openScratchStore();
  await history.open(makeRun('7q2f4k', facts));
  expect((await history.findRun('7q2f4k')).state).toBe(state);
});

test('runs are listed newest first, whatever time zone they were noted in', async () => {
  const { history } = await openScratchStore();
  for (const [id, startedAt] of [
    ['second', '2026-11-02T12:00:00.000Z'],
    ['third1', '2026-11-02T13:00:00+00:30'],
    ['first1', '2026-11-02T12:30:00+02:00'],
  ] as const)
    await history.open(makeRun(id, { startedAt }));
  expect((await history.listRuns(ALL)).map(({ id }) => id)).toEqual(['third1', 'second', 'first1']);
  expect((await history.listRuns({ limit: 1 })).map(({ id }) => id)).toEqual(['third1']);
  expect((await history.findRun('latest')).id).toBe('third1');
});

test('runs are narrowed by plan, time and failure', async () => {
  const { history } = await openScratchStore();
  const weekly = { name: 'weekly', path: 'w.yaml', digest: '' };
  const stale = { startedBy: `x@${hostname()}`, processId: endedProcess() };
  const runs = [
    makeRun('done01', { startedAt: '2026-11-01T00:00:00.000Z' }),
    makeRun('fail01', { startedAt: '2026-11-02T00:00:00.000Z', plan: weekly }),
    makeRun('gone01', { startedAt: '2026-11-03T00:00:00.000Z', ...stale }),
    makeRun('fail02', { startedAt: '2026-11-04T00:00:00.000Z' }),
    makeRun('going1'),
  ];
  for (const run of runs) await history.open(run);
  for (const [id, exitCode] of [
    ['done01', 0],
    ['fail01', 3],
    ['fail02', 130],
  ] as const)
    await history.close(makeRun(id).id, finish(exitCode), new Date('2026-11-05T00:00:00Z'));
  const ids = async (query: object): Promise<readonly string[]> =>
    (await history.listRuns({ ...ALL, ...query })).map(({ id }) => id);
  expect(await ids({ only: 'failed' })).toEqual(['fail02', 'gone01', 'fail01']);
  expect(await ids({ only: 'failed', limit: 2 })).toEqual(['fail02', 'gone01']);
  expect(await ids({ plan: 'weekly' })).toEqual(['fail01']);
  expect(await ids({ plan: 'w.yaml' })).toEqual(['fail01']);
  expect(await ids({ plan: 'plans/nightly.yaml', since: new Date('2026-11-03T00:00:00Z') })).toEqual([
    'going1',
    'fail02',
    'gone01',
  ]);
});

test('a run is found by the beginning of its id, when that is enough', async () => {
  const { history } = await openScratchStore();
  await expect(history.findRun('latest')).rejects.toMatchObject({
    code: 'RUN_UNKNOWN',
    message: 'there is no run yet',
  });
  for (const id of ['abc111', 'abc222', 'b%_111']) await history.open(makeRun(id));
  expect((await history.findRun('abc1')).id).toBe('abc111');
  expect((await history.findRun('b%_')).id).toBe('b%_111');
  await expect(history.findRun('abc')).rejects.toThrow('several runs begin with "abc": abc222, abc111');
  await expect(history.findRun('%')).rejects.toThrow('no run is called "%" or begins with that');
  await expect(history.findRun('ABC1')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
});

import { expect, test } from 'vitest';
import { toDatabaseName, toTableName } from '../../src/core/names.js';
import type { PastRun } from '../../src/core/run/run.js';
import { describeResult, renderRun, renderRuns } from '../../src/render/history.js';
import type { Look } from '../../src/render/paint.js';
import { toDocument } from '../../src/core/document.js';
import { toRunDocument } from '../../src/render/run-document.js';
import { makeOutcome, makeRun, makeRunDatabase } from '../support/runs.js';

const TERMINAL: Look = { isTerminal: true, hasColor: false, columns: 120 };
const PIPE: Look = { isTerminal: false, hasColor: false, columns: 80 };
const NOW = new Date('2026-11-22T12:00:00Z');
const golden = (name: string): string => `${import.meta.dirname}/golden/${name}`;

const makePastRun = (id: string, facts: Partial<PastRun> = {}): PastRun => ({
  ...makeRun(id),
  startedAt: '2026-11-22T10:00:00.000Z',
  finishedAt: '2026-11-22T10:01:30.000Z',
  startedBy: 'ann@build-7',
  processId: 4242,
  exitCode: 0,
  state: 'finished',
  outcomes: [makeOutcome('crm'), makeOutcome('billing', { action: 'overwrite' })],
  ...facts,
});

const FAILED = makePastRun('7q2f4k', {
  exitCode: 3,
  databases: [
    ...['crm', 'billing', 'shop*copy'].map(makeRunDatabase),
    { from: toDatabaseName('sooner'), to: toDatabaseName('later') },
  ],
  logPath: '/srv/tool/.local/share/mysql-sync/logs/7q2f4k.jsonl',
  outcomes: [
    makeOutcome('crm', {
      verification: { digested: 36, counted: 2, movedOnSource: [toTableName('sessions')] },
      notes: ['sessions changed on the source while it was copied'],
    }),
    makeOutcome('billing', {
      status: 'failed',
      action: 'overwrite',
      targetState: 'old',
      rows: 0,
      bytes: 0,
      durationMilliseconds: 800,
      verification: null,
      error: {
        code: 'COPY_FAILED',
        message: 'billing: ER_DUP_ENTRY (1062) in ledger.entry_no',
        hints: ['Look at the key:  SHOW CREATE TABLE ledger'],
      },
    }),
    makeOutcome('shop*copy', {
      from: toDatabaseName('shop*'),
      status: 'not-started',
      targetState: 'old',
      tables: 0,
      rows: 0,
      bytes: 0,
      durationMilliseconds: 0,
      verification: null,
    }),
  ],
});

const OPEN = {
  ...makeRun('open01'),
  startedAt: '2026-11-22T10:00:00.000Z',
  startedBy: 'ann@build-7',
  outcomes: [makeOutcome('crm')],
};
const RUNS: readonly PastRun[] = [
  { ...OPEN, state: 'running' },
  makePastRun('done01'),
  FAILED,
  makePastRun('stop01', { exitCode: 130, outcomes: [makeOutcome('crm')] }),
  { ...OPEN, state: 'interrupted' },
  { ...OPEN, state: 'unknown' },
  makePastRun('back01', {
    kind: 'rollback',
    exitCode: 3,
    outcomes: [makeOutcome('crm', { action: 'restore', status: 'failed' })],
  }),
];

test.each([
  [0, 'running'],
  [1, '2 applied'],
  [2, '1 of 4 failed'],
  [3, 'interrupted, 1 of 2 applied'],
  [4, 'interrupted (never finished)'],
  [5, 'not finished (on build-7)'],
  [6, 'rollback: 1 of 2 failed'],
])('run %d is told as %s', (index, text) => {
  expect(RUNS.slice(index, index + 1).map(describeResult)).toEqual([text]);
});

test.each([
  ['terminal', TERMINAL],
  ['pipe', PIPE],
])('the list of runs: %s', async (name, look) => {
  const lines = renderRuns(RUNS, look, NOW);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(golden(`history-list.${name}.txt`));
});

test.each([
  ['terminal', TERMINAL],
  ['pipe', PIPE],
])('a run that failed: %s', async (name, look) => {
  const lines = renderRun(FAILED, look, NOW);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(golden(`history-show.${name}.txt`));
});

test('a run in JSON', async () => {
  const text = JSON.stringify(toDocument(toRunDocument(FAILED)), undefined, 2);
  await expect(`${text}\n`).toMatchFileSnapshot(golden('history-show.json'));
});

test('what failed, was killed or never began is retried by the run', () => {
  for (const run of [FAILED, { ...OPEN, state: 'interrupted' } as const])
    expect(renderRun(run, TERMINAL, NOW).at(-1)).toBe(
      `Try again what is left:  mysql-sync apply plans/nightly.yaml --retry ${run.id}`,
    );
});

test.each([0, 1, 6])('nothing is to be tried again after run %d', (index) => {
  const run = RUNS[index];
  expect(run && renderRun(run, TERMINAL, NOW).some((line) => line.includes('Try again'))).toBe(false);
});

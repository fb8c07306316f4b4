import { expect, test } from 'vitest';
import { toDatabaseName, toRunId } from '../../../src/core/names.js';
import { mergeReports } from '../../../src/core/run/merge-reports.js';
import type { DatabaseOutcome } from '../../../src/core/run/outcome.js';
import type { WorkerReport } from '../../../src/core/run/worker-report.js';

const ended = (to: string, status: DatabaseOutcome['status']): DatabaseOutcome => ({
  from: toDatabaseName(to),
  to: toDatabaseName(to),
  status,
  action: 'create',
  targetState: status === 'applied' ? 'new' : 'old',
  ...{ tables: 1, rows: 1, bytes: 1, durationMilliseconds: 1, verification: null, notes: [] },
  error: status === 'failed' ? { code: 'COPY_FAILED', message: 'no', hints: [] } : null,
});

const report = (
  file: string,
  exitCode: number | null,
  changes: Partial<WorkerReport> = {},
): WorkerReport => ({
  ...{ file, exitCode, run: toRunId('aaaaaa'), target: 'staging', savedPlan: null, durationMilliseconds: 5 },
  ...{ outcomes: [], unfinished: [], error: null },
  ...changes,
});

const withNothing = (file: string, exitCode: number | null): WorkerReport =>
  report(file, exitCode, {
    ...{ run: null, target: null },
    error: exitCode === null ? null : { code: 'CONN_REFUSED', message: 'refused', hints: [] },
  });

const name = toDatabaseName;
const unfinished = (to: string, isBegun: boolean) => [{ to: name(to), isBegun }];

const merge = (reports: readonly WorkerReport[], expected?: readonly string[]) => {
  const { outcomes, exitCode } = mergeReports(reports, expected && new Set(expected.map(name)));
  return [exitCode, outcomes.map(({ to, status, file }) => `${to} ${status} ${String(file)}`)];
};

test.each<[string, readonly WorkerReport[], number, readonly string[]]>([
  [
    'what one left another did',
    [
      report('a', 3, { outcomes: [ended('x', 'failed')] }),
      report('b', 0, { outcomes: [ended('x', 'applied')] }),
    ],
    0,
    ['x applied b'],
  ],
  [
    'the order of the files does not matter',
    [
      report('b', 0, { outcomes: [ended('x', 'applied')] }),
      report('a', 3, { outcomes: [ended('x', 'failed')] }),
    ],
    0,
    ['x applied b'],
  ],
  [
    'a killed process left one that another did',
    [
      report('a', null, { unfinished: unfinished('x', true) }),
      report('b', 0, { outcomes: [ended('x', 'applied')] }),
    ],
    0,
    ['x applied b'],
  ],
  [
    'a killed process left one',
    [report('a', null, { unfinished: unfinished('x', true) })],
    3,
    ['x interrupted a'],
  ],
  [
    'and one that it had not begun',
    [report('a', null, { unfinished: unfinished('x', false) })],
    3,
    ['x not-started a'],
  ],
  [
    'a failure that nobody made good',
    [report('a', 3, { outcomes: [ended('x', 'failed')] })],
    3,
    ['x failed a'],
  ],
  [
    'one told to end left what nobody did',
    [report('a', 143, { outcomes: [ended('x', 'applied'), ended('y', 'not-started')] })],
    143,
    ['x applied a', 'y not-started a'],
  ],
  [
    'a failure is worse than an end that was asked for',
    [
      report('a', 143, { outcomes: [ended('y', 'not-started')] }),
      report('b', 3, { outcomes: [ended('x', 'failed')] }),
    ],
    3,
    ['y not-started a', 'x failed b'],
  ],
  [
    'one that could not begin',
    [report('a', 0, { outcomes: [ended('x', 'applied')] }), withNothing('b', 4)],
    4,
    ['x applied a'],
  ],
  [
    'one that told nothing',
    [report('a', 0, { outcomes: [ended('x', 'applied')] }), withNothing('b', null)],
    3,
    ['x applied a'],
  ],
  ['what takes a person is worse', [withNothing('a', 4), withNothing('b', 7)], 7, []],
  ['a bug is never hidden', [report('a', 1, { outcomes: [ended('x', 'applied')] })], 1, ['x applied a']],
])('%s', (_, reports, exitCode, outcomes) => {
  expect(merge(reports)).toEqual([exitCode, outcomes]);
});

test('with a plan it is known what nobody did, and that one that could not begin was not needed', () => {
  const done = report('a', 0, { outcomes: [ended('x', 'applied')] });
  expect(merge([done, withNothing('b', 4)], ['x'])).toEqual([0, ['x applied a']]);
  expect(merge([done], ['x', 'y'])).toEqual([3, ['x applied a', 'y not-started null']]);
  expect(merge([done, withNothing('b', 4)], ['x', 'y'])).toEqual([3, ['x applied a', 'y not-started null']]);
});

test('two targets have databases of one name', () => {
  const other = report('b', 3, { target: 'other', outcomes: [ended('x', 'failed')] });
  const reports = [report('a', 0, { outcomes: [ended('x', 'applied')] }), other];
  expect(merge(reports)).toEqual([3, ['x applied a', 'x failed b']]);
});

test('documents without a target are of the one that the others name', () => {
  const reports = [
    report('a', 3, { target: null, outcomes: [ended('x', 'failed')] }),
    report('b', 0, { outcomes: [ended('x', 'applied')] }),
  ];
  expect(merge(reports)).toEqual([0, ['x applied b']]);
});

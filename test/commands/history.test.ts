import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/store/open-store.js';
import type { DatabaseOutcome } from '../../src/core/run/outcome.js';
import type { Run } from '../../src/core/run/run.js';
import { type Home, makeHome } from '../support/home.js';
import { makeOutcome, makeRun } from '../support/runs.js';
import { runInTerminal } from '../support/terminal.js';

let home: Home;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => {
  home.close();
});

const HOUR = 3_600_000;
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();

/** Writes runs as an apply does; those without an exit code are left open. */
const recordRuns = async (
  runs: readonly {
    readonly run: Run;
    readonly outcomes: readonly DatabaseOutcome[];
    readonly exitCode?: number;
  }[],
): Promise<void> => {
  const store = await openStore({
    folder: home.folder,
    now: () => new Date(),
    warn: (line) => {
      throw new Error(line);
    },
  });
  for (const { run, outcomes, exitCode } of runs) {
    await store.history.open(run);
    for (const outcome of outcomes) await store.history.record(run.id, [{ outcome }]);
    const finishedAt = new Date(new Date(run.startedAt).getTime() + 90_000);
    if (exitCode !== undefined)
      await store.history.close(run.id, { outcomes, exitCode, durationMilliseconds: 90_000 }, finishedAt);
  }
  await store.close();
};

const FAILED = makeOutcome('billing', {
  status: 'failed',
  targetState: 'old',
  error: { code: 'COPY_FAILED', message: 'billing: ER_DUP_ENTRY (1062)', hints: [] },
});

const recordThree = async (): Promise<void> => {
  const killed = spawnSync('true').pid;
  await recordRuns([
    { run: makeRun('aaa111', { startedAt: hoursAgo(50) }), outcomes: [makeOutcome('crm')], exitCode: 0 },
    {
      run: makeRun('bbb222', {
        startedAt: hoursAgo(3),
        plan: { name: 'weekly', path: 'my plans/weekly.yaml', digest: '' },
        logPath: '/logs/bbb222.jsonl',
      }),
      outcomes: [makeOutcome('crm'), FAILED],
      exitCode: 3,
    },
    { run: makeRun('ccc333', { startedAt: hoursAgo(2), processId: killed }), outcomes: [makeOutcome('crm')] },
  ]);
};

const idsOf = async (...flags: readonly string[]): Promise<readonly string[]> => {
  const { code, stdout } = await home.run(['history', ...flags]);
  expect(code).toBe(0);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
};

test('runs are listed newest first and can be narrowed', async () => {
  await recordThree();
  const { stdout, stderr } = await home.run(['history']);
  const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
  expect(stdout).toMatch(
    new RegExp(
      `^ccc333\t${time}\tnightly\tprod\tstaging\tinterrupted \\(never finished\\)\t\n` +
        `bbb222\t${time}\tweekly\tprod\tstaging\t1 of 2 failed\t90000\n` +
        `aaa111\t${time}\tnightly\tprod\tstaging\t1 applied\t90000\n$`,
    ),
  );
  expect(stderr).toBe('');
  expect(await idsOf('list', '--failed')).toEqual(['ccc333', 'bbb222']);
  expect(await idsOf('--since', '1d')).toEqual(['ccc333', 'bbb222']);
  expect(await idsOf('--plan', 'my plans/weekly.yaml')).toEqual(['bbb222']);
  expect(await idsOf('--limit', '1')).toEqual(['ccc333']);
  expect((await home.run(['history', '--plan', 'none'])).stderr).toBe('No run matches.\n');
});

test('history on a terminal', async () => {
  await recordThree();
  const { code, screen } = await runInTerminal(['history'], { home: home.folder });
  expect(code).toBe(0);
  expect(screen.split('\r\n').slice(0, 3)).toEqual([
    'RUN     STARTED  PLAN     SOURCE  TARGET   RESULT                          TIME',
    'ccc333  2 h ago  nightly  prod    staging  interrupted (never finished)',
    'bbb222  3 h ago  weekly   prod    staging  1 of 2 failed                 1m 30s',
  ]);
});

test('one run is shown with its databases and the command that tries the rest again', async () => {
  await recordThree();
  const piped = await home.run(['history', 'show', 'bbb']);
  expect(piped.stdout).toContain('\nLog\t/logs/bbb222.jsonl\n');
  expect(piped.stdout).toContain('\nbilling\tcreate\tFAILED\t38\t4112907\t');
  const { screen } = await runInTerminal(['history', 'show', 'bbb222'], { home: home.folder });
  expect(screen).toContain('error[COPY_FAILED] billing: ER_DUP_ENTRY (1062)');
  expect(screen).toContain("mysql-sync apply 'my plans/weekly.yaml' --retry bbb222\r\n");
});

test('JSON has the exact values', async () => {
  await recordThree();
  const list = await home.run(['history', '--json', '--limit', '2']);
  expect(JSON.parse(list.stdout)).toMatchObject({
    kind: 'history',
    ok: true,
    runs: [
      { id: 'ccc333', state: 'interrupted', exit_code: null, finished_at: null },
      { id: 'bbb222', state: 'finished', exit_code: 3, databases: [{ to: 'crm' }, { status: 'failed' }] },
    ],
  });
  const shown = await home.run(['history', 'show', 'latest', '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    kind: 'run',
    run: {
      id: 'ccc333',
      databases: [
        { to: 'crm', rows: 4_112_907 },
        { from: 'billing', to: 'billing', status: 'not-finished' },
      ],
    },
  });
});

test('what is not there is said', async () => {
  const empty = await home.run(['history']);
  expect([empty.code, empty.stdout, empty.stderr]).toEqual([
    0,
    '',
    'Nothing was applied yet. Begin:  mysql-sync init\n',
  ]);
  const latest = await home.run(['history', 'show']);
  expect([latest.code, latest.stderr.split('\n')[0]]).toEqual([5, 'error[RUN_UNKNOWN] there is no run yet']);
  const since = await home.run(['history', '--since', 'monday']);
  expect([since.code, since.stdout]).toEqual([64, '']);
});

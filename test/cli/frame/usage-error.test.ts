import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.js';

/** The framework's messages as people see them: each names the flag, the value and what to do. */
test.each([
  [['plan', '--ony', 'x'], 'there is no flag --ony, did you mean "--only"?', 'plan'],
  [['plan', '--zzzzzz=secret'], 'there is no flag --zzzzzz', 'plan'],
  [['apply', '--engine', 'x'], '--engine cannot be "x": it takes one of auto, native, dump', 'apply'],
  [['apply', '--max-concurrent', 'x'], '--max-concurrent cannot be "x": it takes a whole number', 'apply'],
  [
    ['history', '--limit', '-1'],
    '--limit cannot be "-1": it takes a whole number greater than or equal to 1',
    'history',
  ],
  [['plan', '--out'], '--out needs a value: --out PATH', 'plan'],
  [['connections', 'add'], 'NAME is missing: What the connection is called', 'connections add'],
  [['plan', 'a', 'b', 'c'], 'unexpected argument: b, c', 'plan'],
])('%j', async (argv, message, command) => {
  const result = await runCli(argv, { home: tmpdir() });
  expect(result).toEqual({
    code: 64,
    signal: null,
    stdout: '',
    stderr: `error[USAGE] ${message}\n  Help:  mysql-sync ${command} --help\n`,
  });
});

test('the same in JSON', async () => {
  const { code, stdout } = await runCli(['plan', '--out', '--json'], { home: tmpdir() });
  expect([code, JSON.parse(stdout)]).toEqual([
    64,
    expect.objectContaining({
      ok: false,
      error: {
        code: 'USAGE',
        message: '--out needs a value: --out PATH',
        hints: ['Help:  mysql-sync plan --help'],
        exit_code: 64,
        diagnostics: [],
      },
    }),
  ]);
});

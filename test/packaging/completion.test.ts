import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SETUPS, SHELLS, type Shell } from '../../src/cli/completion/scripts.js';
import { type ShellSession, installIn, startShell } from '../support/shell-session.js';
import { runCli } from '../support/cli.js';

const home = mkdtempSync(join(tmpdir(), 'mysql-sync-completion-'));
const run = (...argv: readonly string[]) => runCli(argv, { home });

beforeAll(async () => {
  installIn(home);
  mkdirSync(join(home, 'plans'));
  writeFileSync(join(home, 'plans', 'nightly.yaml'), 'databases: [{name: shop}, {match: "crm_*"}]\n');
  const add = ['connections', 'add', 'production', '--host', '127.0.0.1', '--port', '1', '--user', 'u'];
  expect((await run(...add, '--password-command', 'true', '--no-test')).code).toBe(0);
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

test('without a shell it prints the line that sets it up, for the own shell first', async () => {
  const { code, stdout } = await runCli(['completion'], { home, env: { SHELL: '/usr/bin/fish' } });
  expect([code, stdout.split('\n').slice(0, 2)]).toEqual([
    0,
    [`For fish, add this line to ${SETUPS.fish.file}:`, `  ${SETUPS.fish.line}`],
  ]);
  for (const shell of SHELLS) expect(stdout).toContain(SETUPS[shell].line);
});

// `npm run setup` installs zsh and fish; without them these tests fail, and say which is missing.
describe.each(SHELLS)('%s', (shell: Shell) => {
  let person: ShellSession;
  beforeAll(async () => {
    person = await startShell(shell, home);
  });
  afterAll(() => person.ends());

  test.each([
    ['vali', 'validate'],
    ['connections te', 'connections test'],
    ['plan --deta', 'plan --detailed-exitcode'],
    ['apply --engine na', 'apply --engine native'],
    ['connections test prod', 'connections test production'],
    ['apply plans/nightly.yaml --only sh', 'apply plans/nightly.yaml --only shop'],
    ['apply plans/nightly.yaml --only crm', 'apply plans/nightly.yaml --only crm_*'],
    ['plan plans/nigh', 'plan plans/nightly.yaml'],
  ])('%s becomes %s', async (typed, completed) => {
    expect(await person.completes(`mysql-sync ${typed}`)).toEqual(['mysql-sync', ...completed.split(' ')]);
  });

  test('a value bound to its flag', async () => {
    const words = await person.completes('mysql-sync apply --engine=du');
    expect(words).toEqual(['mysql-sync', 'apply', '--engine=dump']);
  });
});

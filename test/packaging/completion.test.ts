import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

const home = mkdtempSync(join(tmpdir(), 'mysql-sync-completion-'));
beforeAll(() => {
  mkdirSync(join(home, 'bin'));
  symlinkSync(join(ROOT, 'bin', 'run.js'), join(home, 'bin', 'mysql-sync'));
  symlinkSync(process.execPath, join(home, 'bin', 'node'));
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

const runInBash = (script: string): string =>
  execFileSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: home, MYSQL_SYNC_HOME: home },
  });

/** What the TAB key offers: the line that autocomplete says belongs into .bashrc is run, then its function is asked. */
const complete = (...words: readonly string[]): readonly string[] =>
  runInBash(`
    eval "$(mysql-sync autocomplete script bash)"
    COMP_WORDS=(${['mysql-sync', ...words].map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${String(words.length)}
    _mysql-sync_autocomplete
    printf '%s\\n' "\${COMPREPLY[@]}"`)
    .trim()
    .split('\n')
    .map((word) => word.trim());

test('bash completes commands, subcommands and flags', () => {
  expect(runInBash('mysql-sync autocomplete bash')).toContain('mysql-sync autocomplete script bash');
  expect(complete('va')).toEqual(['validate']);
  expect(complete('connections', 't')).toEqual(['test']);
  expect(complete('plan', '--det')).toEqual(['--detailed-exitcode']);
});

test('zsh gets a script that knows the commands', () => {
  runInBash('mysql-sync autocomplete zsh');
  const script = runInBash('cat "$HOME/.cache/mysql-sync/autocomplete/functions/zsh/_mysql-sync"');
  expect(script.startsWith('#compdef mysql-sync')).toBe(true);
  expect(script).toContain('--detailed-exitcode');
});

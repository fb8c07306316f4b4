import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { SETUPS, type Shell } from '../../src/cli/completion/scripts.js';

/** A shell without the person's own settings, in a pseudo-terminal. */
export interface ShellSession {
  /** Types the text and Tab, and runs the line as arguments of printf: the words that the shell makes of it. */
  completes(text: string): Promise<readonly string[]>;
  ends(): void;
}

const WITHOUT_SETTINGS: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['--norc', '--noprofile', '-i'],
  zsh: ['-f', '-i'],
  fish: ['--no-config', '-i'],
};

const PATIENCE_MILLISECONDS = 30_000;

/** With the folder as home and working folder, and completion set up by the line that mysql-sync prints for it. */
export const startShell = async (shell: Shell, folder: string): Promise<ShellSession> => {
  const terminal = spawn(shell, [...WITHOUT_SETTINGS[shell]], {
    cols: 200,
    rows: 50,
    cwd: folder,
    env: shellEnvironment(folder),
  });
  const listeners = new Set<() => void>();
  let raw = '';
  let seen = 0;
  terminal.onData((text) => {
    raw += text;
    listeners.forEach((listen) => listen());
  });
  const printed = (): string => stripVTControlCharacters(raw);
  /** What the pattern finds in what is printed after what was found before. */
  const find = (pattern: RegExp): Promise<string> =>
    new Promise((settle, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(listen);
        reject(new Error(`waited in vain for ${String(pattern)} in:\n${printed()}`));
      }, PATIENCE_MILLISECONDS);
      const listen = (): void => {
        const found = pattern.exec(printed().slice(seen));
        if (!found) return;
        seen += found.index + found[0].length;
        clearTimeout(timer);
        listeners.delete(listen);
        settle(found[1] ?? '');
      };
      listeners.add(listen);
      listen();
    });
  terminal.write(`${SETUPS[shell].line}\r`);
  const run = (line: string): Promise<string> => {
    // Between the quotes of what is typed stands no such text, so only what printf makes of it is found.
    terminal.write(`${line}${TO_BEGINNING}printf '%s|' BEG''IN \u0005 E''ND\r`);
    return find(/BEGIN\|(.*?)\|END\|/s);
  };
  await run('ready');
  return {
    completes: async (text) => (await run(`${text}\t`)).split('|'),
    ends: () => terminal.kill('SIGKILL'),
  };
};

const TO_BEGINNING = '\u0001';

/** With `mysql-sync` in PATH, and as home and state a folder of the test. */
const shellEnvironment = (folder: string): Record<string, string> => ({
  PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
  HOME: folder,
  MYSQL_SYNC_HOME: folder,
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  PS1: '> ',
});

/** Puts `mysql-sync`, and the node that runs the tests, where `shellEnvironment` looks. */
export const installIn = (folder: string): void => {
  mkdirSync(join(folder, 'bin'));
  symlinkSync(resolve(import.meta.dirname, '../../bin/run.js'), join(folder, 'bin', 'mysql-sync'));
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
};

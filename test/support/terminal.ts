import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';

const BIN = resolve(import.meta.dirname, '../../bin/run.js');

export interface TerminalOptions {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed, each text once the one to wait for has appeared on the screen. */
  readonly answers?: readonly { readonly after: string; readonly type: string }[];
}

export interface TerminalResult {
  readonly code: number;
  /** Everything that was printed, escape codes taken out. */
  readonly screen: string;
  /** The same with the escape codes. */
  readonly raw: string;
}

/** Runs the built command line in a pseudo-terminal of 120 columns, as a person would. */
export const runInTerminal = (argv: readonly string[], options: TerminalOptions): Promise<TerminalResult> =>
  new Promise((settle) => {
    const { home, env = {}, answers = [] } = options;
    const { PATH = '' } = process.env;
    const terminal = spawn(process.execPath, [BIN, ...argv], {
      cols: 120,
      rows: 40,
      cwd: home,
      env: { PATH, HOME: home, MYSQL_SYNC_HOME: home, TERM: 'xterm-256color', ...env },
    });
    const left = [...answers];
    let printed = '';
    let seen = 0;
    terminal.onData((text) => {
      printed += text;
      const [next] = left;
      const at = next ? printed.indexOf(next.after, seen) : -1;
      if (!next || at === -1) return;
      left.shift();
      seen = at + next.after.length;
      terminal.write(next.type);
    });
    terminal.onExit(({ exitCode }) =>
      settle({ code: exitCode, screen: stripVTControlCharacters(printed), raw: printed }),
    );
  });

import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { runHosted } from './command-host.js';

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** MYSQL_SYNC_HOME: config, store and logs of this call. */
  readonly home: string;
  /** Closed at once when absent, so that nothing can wait for it. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** What has been printed so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  /** Resolves when stderr or stdout contains the text; rejects when the process ends without it. */
  waitFor(text: string | RegExp): Promise<void>;
  readonly ended: Promise<CliResult>;
}

const BIN = resolve(import.meta.dirname, '../../bin/run.js');

/** Starts the built command line as a person's shell would, without a terminal. */
export const startCli = (argv: readonly string[], { home, stdin, env = {}, cwd }: CliOptions): RunningCli => {
  const child = spawn(process.execPath, [BIN, ...argv], {
    env: environmentOf(home, env),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const hear = (): void => listeners.forEach((listener) => listener());
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    hear();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    hear();
  });
  // A process that ends without reading its stdin breaks the pipe, which is its right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin ?? '');
  const ended = new Promise<CliResult>((resolveEnd, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolveEnd({ code, signal, stdout, stderr }));
  });
  const waitFor = (text: string | RegExp): Promise<void> =>
    new Promise((resolveWait, reject) => {
      const look = (): void => {
        const isThere =
          typeof text === 'string' ? `${stdout}${stderr}`.includes(text) : text.test(`${stdout}${stderr}`);
        if (!isThere) return;
        listeners.delete(look);
        resolveWait();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without printing ${String(text)}:\n${stdout}${stderr}`)));
    });
  return { child, output: () => ({ stdout, stderr }), waitFor, ended };
};

/** Read when node, a terminal library or the framework starts: nothing that a running process could take over. */
const READ_AT_START =
  /^(NODE_|LD_|UV_|SSL_|LC_|GITHUB_|(LANG|TZ|CI|TERM|COLORTERM|DEBUG|NO_COLOR|FORCE_COLOR)$)/;

/** Runs it to its end. A process that runs one command after another does, unless variables are in the way. */
export const runCli = (argv: readonly string[], options: CliOptions): Promise<CliResult> => {
  const { home, stdin: input = '', env = {}, cwd = process.cwd() } = options;
  if (Object.keys(env).some((name) => READ_AT_START.test(name))) return startCli(argv, options).ended;
  return runHosted({ argv, cwd, input, env: environmentOf(home, env) });
};

const environmentOf = (home: string, env: Readonly<Record<string, string>>): Record<string, string> => {
  const { PATH = '' } = process.env;
  return { PATH, HOME: home, MYSQL_SYNC_HOME: home, ...env };
};

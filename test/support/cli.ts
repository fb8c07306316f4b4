import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { startHosted } from './command-host.js';
import { checkJsonOutput } from './json-output.js';

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
  readonly child: Pick<ChildProcess, 'pid' | 'exitCode' | 'kill'>;
  /** What has been printed so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** Resolves when stderr or stdout contains the text; rejects when the process ends without it. */
  waitFor(text: string | RegExp): Promise<void>;
  readonly ended: Promise<CliResult>;
}

const BIN = resolve(import.meta.dirname, '../../bin/run.js');

/** Starts the built command line as a person's shell would, without a terminal. */
export const spawnCli = (argv: readonly string[], { home, stdin, env = {}, cwd }: CliOptions): RunningCli => {
  const child = spawn(process.execPath, [BIN, ...argv], {
    env: environmentOf(home, env),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const printed = { stdout: '', stderr: '' };
  const { hear, waitFor } = createEar();
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
      hear();
    });
  // A process that ends without reading its stdin breaks the pipe, which is its right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin ?? '');
  const ended = new Promise<CliResult>((resolveEnd, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolveEnd({ code, signal, ...printed }));
  });
  const output = (): typeof printed => ({ ...printed });
  return { child, output, waitFor: (text) => waitFor(text, { output, ended }), ended };
};

/** Read when node, a terminal library or the framework starts: nothing that a running process could take over. */
const READ_AT_START =
  /^(NODE_|LD_|UV_|SSL_|LC_|GITHUB_|(LANG|TZ|CI|TERM|COLORTERM|DEBUG|NO_COLOR|FORCE_COLOR)$)/;

/** The same, mostly in a process that runs one command after another: only variables may stand in the way. */
export const startCli = (argv: readonly string[], options: CliOptions): RunningCli => {
  const { home, stdin: input = '', env = {}, cwd = process.cwd() } = options;
  if (Object.keys(env).some((name) => READ_AT_START.test(name))) return spawnCli(argv, options);
  const { hear, waitFor } = createEar();
  const { host, output, ended } = startHosted({ argv, cwd, input, env: environmentOf(home, env) }, hear);
  let end: CliResult | undefined;
  const ending = ended.then((result) => (end = result));
  const child = {
    pid: host.pid,
    get exitCode() {
      return end?.code ?? null;
    },
    // Afterwards the process belongs to another command.
    kill: (signal?: NodeJS.Signals) => end === undefined && host.kill(signal),
  };
  return { child, output, waitFor: (text) => waitFor(text, { output, ended: ending }), ended: ending };
};

/** What `--json` prints is compared with its schema, whatever the test is about. */
export const runCli = async (argv: readonly string[], options: CliOptions): Promise<CliResult> => {
  const result = await startCli(argv, options).ended;
  if (argv.includes('--json') && result.stdout.startsWith('{')) checkJsonOutput(result.stdout);
  return result;
};

/** Waits for what is printed. */
const createEar = () => {
  const listeners = new Set<() => void>();
  return {
    hear: () => listeners.forEach((listener) => listener()),
    waitFor: (text: string | RegExp, { output, ended }: Pick<RunningCli, 'output' | 'ended'>) =>
      new Promise<void>((resolveWait, reject) => {
        const read = (): string => Object.values(output()).join('');
        const look = (): void => {
          if (!(typeof text === 'string' ? read().includes(text) : text.test(read()))) return;
          listeners.delete(look);
          resolveWait();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without printing ${String(text)}:\n${read()}`)));
      }),
  };
};

const environmentOf = (home: string, env: Readonly<Record<string, string>>): Record<string, string> => {
  const { PATH = '' } = process.env;
  return { PATH, HOME: home, MYSQL_SYNC_HOME: home, ...env };
};

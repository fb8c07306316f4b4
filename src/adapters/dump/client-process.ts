import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { BugError } from '../../core/errors.js';

/** PATH for wrapper scripts and nothing else: MYSQL_HOST, MYSQL_PWD or a HOME with option files would change the job. */
export const clientEnvironment = (path: string): NodeJS.ProcessEnv => ({ PATH: path, LANG: 'C' });

export interface ClientCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Inherited as descriptor 3. */
  readonly descriptor: number | undefined;
}

/** How a client process ended, and the last of what it said on stderr. */
export interface ClientEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface ClientProcess {
  /** Also the id of its process group. */
  readonly pid: number;
  /** Resolves when the process is gone and its stderr was read. Never rejects. */
  readonly ended: Promise<ClientEnd>;
  /** At once, with whatever it started itself. Does nothing when it is gone. */
  kill(): void;
}

export interface DumpProcess extends ClientProcess {
  readonly stdout: Readable;
}

export interface LoaderProcess extends ClientProcess {
  readonly stdin: Writable;
}

/** Rejects with the system's error when it cannot be started. */
export const startDump = async (command: ClientCommand): Promise<DumpProcess> => {
  const { child, ...client } = await startClient(command, ['ignore', 'pipe']);
  if (!child.stdout) throw new BugError('the dump has no stdout');
  return { ...client, stdout: child.stdout };
};

/** Rejects with the system's error when it cannot be started. */
export const startLoader = async (command: ClientCommand): Promise<LoaderProcess> => {
  const { child, ...client } = await startClient(command, ['pipe', 'ignore']);
  if (!child.stdin) throw new BugError('the loader has no stdin');
  // Its exit says what happened; a write after that must not end the tool.
  child.stdin.on('error', () => undefined);
  return { ...client, stdin: child.stdin };
};

/**
 * In a process group of its own, so that a Ctrl-C at the terminal reaches the tool alone, and without a terminal on
 * which it could ask for a password.
 */
const startClient = async (
  { program, arguments: argv, environment, descriptor }: ClientCommand,
  [stdin, stdout]: readonly ['pipe' | 'ignore', 'pipe' | 'ignore'],
): Promise<ClientProcess & { readonly child: ChildProcess }> => {
  const child = spawn(program, argv, {
    stdio: [stdin, stdout, 'pipe', ...(descriptor === undefined ? [] : [descriptor])],
    env: environment,
    detached: true,
  });
  const ended = watchEnd(child);
  // When a process ends whose stdout nobody reads yet, Node throws the rest of it away; a small dump is all rest.
  child.stdout?.on('readable', () => undefined);
  const pid = await whenSpawned(child);
  const kill = (): void => {
    if (child.exitCode === null && child.signalCode === null) killGroup(pid);
    // What a wrapper script left behind may hold them open for ever.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  return { child, pid, ended, kill };
};

const whenSpawned = async (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
};

/** The server's error is the last thing that a client says. */
const STDERR_CHARACTERS = 16_384;

const watchEnd = (child: ChildProcess): Promise<ClientEnd> => {
  let stderr = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS);
  });
  const isRead = new Promise((resolve) => child.stderr?.once('close', resolve));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      void isRead.then(() => resolve({ code, signal, stderr }));
    });
  });
};

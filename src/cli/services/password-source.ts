import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { SyncError } from '../../core/errors.js';
import { Secret } from '../../core/secret.js';
import { makePrintable } from '../../core/printable.js';
import { readWholeStdin } from './read-stdin.js';

export type PasswordOrigin = 'stdin' | 'environment' | 'command' | 'option-file' | 'cache' | 'prompt';

/** A place where a password may be; `read` gives undefined when there is none. */
export interface PasswordSource {
  readonly origin: PasswordOrigin;
  readonly read: () => Promise<Secret | undefined>;
}

export interface FoundPassword {
  readonly origin: PasswordOrigin;
  readonly password: Secret;
}

/** Asks one source after the other; those after the first that has a password are left alone. */
export const findPassword = async (
  sources: readonly PasswordSource[],
): Promise<FoundPassword | undefined> => {
  for (const { origin, read } of sources) {
    const password = await read();
    if (password !== undefined) return { origin, password };
  }
  return undefined;
};

/** Reads to the end of stdin and takes one line break off. Refuses a terminal, where the password would be shown. */
const fromStdin = (stdin: Readable & { readonly isTTY?: boolean }): PasswordSource => ({
  origin: 'stdin',
  read: async () => {
    if (stdin.isTTY)
      throw new SyncError('INPUT_INVALID', {
        message: '--password-stdin reads a pipe, and stdin is a terminal',
        hints: ['Leave the flag out to be asked, or pipe the password in:  pass show db | mysql-sync ...'],
      });
    const text = (await readWholeStdin(stdin)).toString('utf8');
    if (text === '') throw new SyncError('INPUT_INVALID', { message: '--password-stdin: stdin is empty' });
    return toPassword(text, '--password-stdin');
  },
});

const fromVariable = (
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
): PasswordSource => ({
  origin: 'environment',
  read: () => {
    const text = variables[name];
    if (text !== undefined) return Promise.resolve(new Secret(text));
    throw new SyncError('INPUT_INVALID', {
      message: `--password-env: the environment variable ${name} is not set`,
    });
  },
});

/** The sources that the command line names, in their order. */
export const listGivenPasswords = (
  flags: { readonly 'password-stdin'?: boolean | undefined; readonly 'password-env'?: string | undefined },
  stdin: Readable & { readonly isTTY?: boolean },
  variables: Readonly<Record<string, string | undefined>>,
): readonly PasswordSource[] => [
  ...(flags['password-stdin'] ? [fromStdin(stdin)] : []),
  ...(flags['password-env'] === undefined ? [] : [fromVariable(flags['password-env'], variables)]),
];

const COMMAND_TIMEOUT_MILLISECONDS = 60_000;
const MOST_STDERR = 1000;

/**
 * Runs a password command of the person's shell, such as `pass show db`, for a minute at most. Rejects with
 * CONN_PASSWORD and what it said on stderr; what it printed on stdout is never shown.
 */
export const fromCommand = (
  connection: string,
  command: string,
  timeoutMilliseconds = COMMAND_TIMEOUT_MILLISECONDS,
): PasswordSource => ({
  origin: 'command',
  read: async () => {
    const { output, stderr, problem } = await runShell(command, timeoutMilliseconds);
    const where = `${connection}: the password command`;
    const reason = problem ?? (output.trim() === '' ? 'printed nothing' : undefined);
    if (reason === undefined) return toPassword(output, where);
    const said = makePrintable(stderr.trim().slice(-MOST_STDERR));
    throw new SyncError('CONN_PASSWORD', {
      message: `${where} ${reason}${said === '' ? '' : `: ${said}`}`,
      hints: [`Try it alone:  ${command}`],
    });
  },
});

const toPassword = (text: string, where: string): Secret => {
  const line = text.replace(/\r?\n$/, '');
  if (!/[\r\n]/.test(line)) return new Secret(line);
  throw new SyncError('CONN_PASSWORD', {
    message: `${where} gave several lines`,
    hints: ['It must give the password and nothing else; `head -n 1` takes the first line.'],
  });
};

interface ShellResult {
  readonly output: string;
  readonly stderr: string;
  /** Why the output cannot be used. */
  readonly problem: string | undefined;
}

const runShell = async (command: string, timeoutMilliseconds: number): Promise<ShellResult> =>
  new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const settle = (problem: string | undefined): void => {
      clearTimeout(timer);
      // Programs that the command left behind may hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      const [printed, said] = [output, stderr].map((chunks) => Buffer.concat(chunks).toString('utf8'));
      resolve({ output: printed ?? '', stderr: said ?? '', problem });
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle(`did not end within ${timeoutMilliseconds / 1000} s`);
    }, timeoutMilliseconds);
    child.once('error', (error) => settle(`did not start: ${error.message}`));
    child.once('close', (code, signal) => {
      settle(
        code === 0 ? undefined : signal ? `was ended by ${signal}` : `failed with exit code ${code ?? ''}`,
      );
    });
  });

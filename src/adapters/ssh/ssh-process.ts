import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SOCKET } from './ssh-arguments.js';

/**
 * `ssh -N` does not look at its stdin, so a shell does: it ends ssh when the pipe ends, which the system closes whatever
 * happens to the tool. Ctrl-C at the terminal reaches neither: the tool needs the tunnel to clean up.
 */
const SCRIPT = `trap '' INT QUIT HUP
"$@" </dev/null >/dev/null &
exec 2>/dev/null
trap '' TERM
read -r _
kill $!
wait
rm -f ${SOCKET}
cd / && rmdir "$OLDPWD"`;

export interface SshProcess {
  /** Path of the socket that ssh listens on. */
  readonly socket: string;
  /** Resolves when ssh ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
  /** The end of what it said since the last `forget`. */
  words(): string;
  forget(): void;
  stop(): void;
}

/** Longer paths cannot be those of a socket. */
const LONGEST_FOLDER = 80;

export const startSsh = async (
  sshArguments: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<SshProcess> => {
  const folder = await mkdtemp(join(tmpdir().length > LONGEST_FOLDER ? '/tmp' : tmpdir(), 'mysql-sync-ssh-'));
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', 'ssh', ...sshArguments], {
    cwd: folder,
    env: variables,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    said = (said + text).slice(-WORDS_CHARACTERS);
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      said = error.message;
      resolve();
    });
    // The shell waits at its stdin; only ssh still holds stderr.
    child.stderr.once('close', () => {
      child.stdin.end();
      resolve();
    });
  });
  return {
    socket: join(folder, SOCKET),
    ended,
    words: () => said,
    forget: () => {
      said = '';
    },
    stop: () => child.stdin.end(),
  };
};

const WORDS_CHARACTERS = 2000;

/** Bind and listen are two calls of ssh, and only the first one can be seen. */
const LISTEN_MILLISECONDS = 50;

/** Resolves when ssh listens, which it does when it is logged in; to false when it ended before. */
export const whenListening = async (
  { socket, ended }: SshProcess,
  signal?: AbortSignal,
): Promise<boolean> => {
  const folder = join(socket, '..');
  const watcher = watch(folder);
  try {
    const appeared = new Promise<void>((resolve, reject) => {
      const look = (): void => (existsSync(socket) ? resolve() : undefined);
      watcher.on('change', look).on('error', reject);
      signal?.addEventListener('abort', () => reject(new Error('no answer in time')));
      look();
    });
    const isListening = await Promise.race([appeared.then(() => true), ended.then(() => false)]);
    if (isListening) await delay(LISTEN_MILLISECONDS);
    return isListening;
  } finally {
    watcher.close();
  }
};

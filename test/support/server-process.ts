import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mysql from 'mysql2/promise';

const START_MILLISECONDS = 60_000;

/** Waits for the end of the test process, however it comes, and then removes what that could not. */
const WATCH = 'read -r _; pid=$(cat "$1/server.pid") && kill -9 "$pid"; rm -rf "$1"';

/** A server process with everything that it owns in `folder`; both are gone after `end`, or with this process. */
export class ServerProcess {
  readonly #program: string;
  readonly #argv: readonly string[];
  readonly #folder: string;
  readonly #watch: ChildProcess;
  #child: ChildProcess | undefined;

  constructor(program: string, argv: readonly string[], folder: string) {
    this.#program = program;
    this.#argv = argv;
    this.#folder = folder;
    // A session of its own: Ctrl-C in the terminal must not end the watch before its work.
    this.#watch = spawn('/bin/sh', ['-c', WATCH, 'sh', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#watch.unref();
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Resolves when root can log in at the socket; rejects with the server's own log when it ends before. */
  async start(socket: string): Promise<void> {
    const child = spawn(this.#program, this.#argv, { stdio: 'ignore' });
    this.#child = child;
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    writeFileSync(join(this.#folder, 'server.pid'), String(child.pid));
    await waitUntilReady(child, socket, join(this.#folder, 'error.log'));
  }

  /** Resolves when the process is gone. A crash, not a shutdown. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
    this.#watch.stdin?.end();
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

const waitUntilReady = async (child: ChildProcess, socket: string, errorLog: string): Promise<void> => {
  const deadline = Date.now() + START_MILLISECONDS;
  for (;;) {
    if (hasEnded(child)) throw new Error(`the server ended at its start:\n${readLog(errorLog)}`);
    try {
      const connection = await mysql.createConnection({ socketPath: socket, user: 'root' });
      await connection.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(30);
    }
  }
};

const readLog = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '(no log)');

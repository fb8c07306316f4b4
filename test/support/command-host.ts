import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import type { CliResult } from './cli.js';

/** A command to run, with all of its environment. */
export interface HostedCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** On stdin, which then ends. */
  readonly input: string;
}

const PROGRAM = resolve(import.meta.dirname, 'command-host-process.mjs');

/** More than what most tests run side by side. */
const MOST_IDLE = 2;

const idle: ChildProcess[] = [];
let runs = 0;

/** A command at work. */
export interface HostedRun {
  /** The process that it runs in. */
  readonly host: ChildProcess;
  /** What has been printed so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<CliResult>;
}

/**
 * Runs the built command line in a process that has run others: starting node and loading our own modules takes some ten
 * times what most commands do. What the process gives back is what one of its own would, see command-host.test.ts.
 * `hear` is called after each thing that is printed.
 */
export const startHosted = (command: HostedCommand, hear: () => void): HostedRun => {
  const host = takeIdle() ?? startHost();
  const { output, ended } = runIn(host, command, hear);
  const release = (result: CliResult): CliResult => {
    // A signal may come when the command has just ended.
    if (!host.killed && idle.length < MOST_IDLE) idle.push(host);
    else if (host.connected) host.disconnect();
    return result;
  };
  return { host, output, ended: ended.then(release) };
};

/** One that still runs: the last command may have been its end. */
const takeIdle = (): ChildProcess | undefined => {
  let host = idle.pop();
  while (host && !host.connected) host = idle.pop();
  return host;
};

const startHost = (): ChildProcess => {
  const host = fork(PROGRAM, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  host.unref();
  return host;
};

const runIn = (
  host: ChildProcess,
  command: HostedCommand,
  hear: () => void,
): Pick<HostedRun, 'output' | 'ended'> => {
  const id = (runs += 1);
  const mark = `\0end of ${String(id)}\0`;
  const printed = { stdout: '', stderr: '' };
  const output = (): typeof printed => ({
    stdout: printed.stdout.replace(mark, ''),
    stderr: printed.stderr.replace(mark, ''),
  });
  const ended = new Promise<CliResult>((settle, reject) => {
    let code: number | undefined;
    const stop = (): void => {
      for (const stream of STREAMS) host[stream]?.removeAllListeners('data');
      host.removeAllListeners();
    };
    const look = (): void => {
      if (code === undefined || !STREAMS.every((stream) => printed[stream].endsWith(mark))) return;
      stop();
      settle({ code, signal: null, ...output() });
    };
    for (const stream of STREAMS)
      host[stream]?.setEncoding('utf8').on('data', (text: string) => {
        printed[stream] += text;
        hear();
        look();
      });
    host.on('message', (message) => {
      ({ code } = message as { readonly code: number });
      look();
    });
    host.once('error', reject);
    host.once('close', (exitCode, signal) => {
      stop();
      settle({ code: exitCode, signal, ...printed });
    });
    host.send({ id, ...command });
  });
  return { output, ended };
};

const STREAMS = ['stdout', 'stderr'] as const;

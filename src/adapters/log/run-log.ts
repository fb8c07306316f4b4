import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Config } from '../../core/plan/config.js';
import { SyncError } from '../../core/errors.js';
import type { RunId } from '../../core/names.js';
import { escapeInJson } from '../../core/printable.js';
import type { RunEvent } from '../../core/run/run-event.js';
import { describeEvent } from '../../render/run-event.js';

export interface RunLogOptions {
  /** Created with mode 0700 when it is not there. */
  readonly folder: string;
  readonly run: RunId;
  readonly settings: Config['logging'];
  readonly startedAt: Date;
}

export interface RunLog {
  readonly path: string;
  write(event: RunEvent): void;
  close(): void;
}

interface LogFile {
  readonly path: string;
  readonly descriptor: number;
}

const ROTATED = /^run-.*\.jsonl$/;

/**
 * JSON lines of one run, for its owner only. With rotation every run has a file of its own and the oldest beyond
 * `max_log_files` go; without, all runs share one file. Written synchronously: a process that is killed has written
 * everything that it did. Throws STORE_UNUSABLE.
 */
export const openRunLog = (options: RunLogOptions): RunLog => {
  const { run, settings } = options;
  const { path, descriptor } = openFile(options);
  const logger = pino(
    { level: settings.level.toLowerCase(), base: { run_id: run }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => writeLine(descriptor, escapeInJson(line)) },
  );
  return {
    path,
    write: (event) => {
      const { level, message } = describeEvent(event);
      logger[level]({ event }, message);
    },
    close: () => closeSync(descriptor),
  };
};

const openFile = ({ folder, run, settings, startedAt }: RunLogOptions): LogFile => {
  const stamp = startedAt.toISOString().replaceAll(/[-:.]/g, '');
  const path = join(folder, settings.file_rotation ? `run-${stamp}-${run}.jsonl` : 'mysql-sync.jsonl');
  try {
    makeFolder(folder);
    if (settings.file_rotation) pruneLogs(folder, settings.max_log_files - 1);
    return { path, descriptor: openPrivately(path) };
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new SyncError('STORE_UNUSABLE', {
      message: `cannot write the log ${path} (${code})`,
      hints: ['Choose a folder that you can write to with MYSQL_SYNC_HOME'],
      cause,
    });
  }
};

const openPrivately = (path: string): number => {
  const descriptor = openSync(path, 'a', 0o600);
  const facts = fstatSync(descriptor);
  // Whatever the umask, and where an older file was open to others.
  if (facts.isFile() && facts.uid === process.getuid?.()) fchmodSync(descriptor, 0o600);
  return descriptor;
};

/** A full disk costs lines of the log, never the run; pino's own writer would try again for ever. */
const writeLine = (descriptor: number, line: string): void => {
  try {
    writeFileSync(descriptor, line);
  } catch {
    // The history and the recap say what happened.
  }
};

/** Not those above it: the store stands in the folder of the state, which so is there. */
const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { mode: 0o700 });
    // Whatever the umask.
    chmodSync(folder, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};

/** Names begin with the time, so their order is the order of the runs. */
const pruneLogs = (folder: string, keep: number): void => {
  const logs = readdirSync(folder)
    .filter((name) => ROTATED.test(name))
    .sort();
  for (const name of logs.slice(0, Math.max(0, logs.length - keep)))
    rmSync(join(folder, name), { force: true });
};

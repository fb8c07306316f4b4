import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino } from 'pino';
import type { Config } from '../../core/config.js';
import { describeEvent } from '../../core/event-record.js';
import type { RunId } from '../../core/names.js';
import type { RunEvent } from '../../core/run-event.js';

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

const ROTATED = /^run-.*\.jsonl$/;

/**
 * JSON lines of one run, for its owner only. With rotation every run has a file of its own and the oldest beyond
 * `max_log_files` go; without, all runs share one file. Written synchronously: a process that is killed has written
 * everything that it did.
 */
export const openRunLog = ({ folder, run, settings, startedAt }: RunLogOptions): RunLog => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = startedAt.toISOString().replaceAll(/[-:.]/g, '');
  const path = join(folder, settings.file_rotation ? `run-${stamp}-${run}.jsonl` : 'mysql-sync.jsonl');
  if (settings.file_rotation) pruneLogs(folder, settings.max_log_files - 1);
  const file = destination({ dest: path, sync: true, append: true, mode: 0o600 });
  const logger = pino(
    { level: settings.level.toLowerCase(), base: { run_id: run }, timestamp: pino.stdTimeFunctions.isoTime },
    file,
  );
  return {
    path,
    write: (event) => {
      const { level, message } = describeEvent(event);
      logger[level]({ event }, message);
    },
    close: () => {
      file.flushSync();
      file.end();
    },
  };
};

/** Names begin with the time, so their order is the order of the runs. */
const pruneLogs = (folder: string, keep: number): void => {
  const logs = readdirSync(folder)
    .filter((name) => ROTATED.test(name))
    .sort();
  for (const name of logs.slice(0, Math.max(0, logs.length - keep)))
    rmSync(join(folder, name), { force: true });
};

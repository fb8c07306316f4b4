import { hostname, uptime } from 'node:os';
import type { Run, RunState } from '../../core/run/run.js';

/** Does the process that opened the run still work on it? `startedBy` is `user@host`. */
export const readRunState = ({ startedAt, finishedAt, startedBy, processId }: Run, now: Date): RunState => {
  if (finishedAt !== undefined) return 'finished';
  if (startedBy.slice(startedBy.lastIndexOf('@') + 1) !== hostname()) return 'unknown';
  // After a restart of the machine the process id belongs to another process.
  const bootedAt = now.getTime() - uptime() * 1000;
  return new Date(startedAt).getTime() >= bootedAt && isAlive(processId) ? 'running' : 'interrupted';
};

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // It lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

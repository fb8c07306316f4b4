import type { RunId } from '../names.js';
import type { RunEvent } from './run-event.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** An event as the log and `--events` write it, one JSON line each. */
export interface EventRecord {
  readonly type: RunEvent['type'] | 'version' | 'summary';
  /** From 0 without a gap. */
  readonly seq: number;
  /** RFC 3339 */
  readonly ts: string;
  readonly run_id: RunId;
  readonly level: LogLevel;
  /** For people; scripts read the other fields. */
  readonly message: string;
}

/** What an event says, and how loud. */
export const describeEvent = (event: RunEvent): { readonly level: LogLevel; readonly message: string } => {
  switch (event.type) {
    case 'run-started':
      return { level: 'info', message: `run ${event.run} on ${event.target}: ${event.databases.join(', ')}` };
    case 'recovered':
      return { level: 'warn', message: event.message };
    case 'database-started':
      return { level: 'info', message: `${event.database}: started` };
    case 'phase-started':
      return { level: 'info', message: `${event.database}: ${event.phase}` };
    case 'progress':
      return { level: 'debug', message: `${event.database}: ${String(event.progress.rows)} rows` };
    case 'retrying':
      return { level: 'warn', message: `${event.database}: trying again (${event.reason})` };
    case 'conditions':
      return { level: 'info', message: `${event.database}: ${event.message}` };
    case 'note':
      return { level: 'warn', message: `${event.database}: ${event.message}` };
    case 'paused':
      return { level: 'warn', message: `copy paused: ${event.reason}` };
    case 'resumed':
      return { level: 'info', message: 'rows go on' };
    case 'draining':
      return { level: 'warn', message: `${event.signal}: finishing what is in flight` };
    case 'database-finished': {
      const { status, error, durationMilliseconds } = event.outcome;
      const why = error ? `: [${error.code}] ${error.message}` : '';
      return {
        level: status === 'failed' ? 'error' : status === 'applied' ? 'info' : 'warn',
        message: `${event.database}: ${status} in ${String(durationMilliseconds)} ms${why}`,
      };
    }
    case 'run-finished':
      return {
        level: event.summary.exitCode === 0 ? 'info' : 'error',
        message: `run ${event.run} finished with exit code ${String(event.summary.exitCode)}`,
      };
  }
};

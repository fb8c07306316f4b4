import { type DatabaseOutcome, leavesWork } from '../core/run/outcome.js';
import type { RunEvent } from '../core/run/run-event.js';
import { describeHook } from './hooks.js';
import { describePreserved } from './preserve.js';
import { phaseLabel } from './progress.js';
import { describeRefresh } from './refresh-lines.js';
import { formatDuration, formatPlural } from './units.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface DescribedEvent {
  readonly level: LogLevel;
  /** As servers and files wrote it: not yet fit for a terminal. */
  readonly message: string;
}

/** What an event says, in the one wording of the screen, the log and the event stream. */
export const describeEvent = (event: RunEvent): DescribedEvent => {
  switch (event.type) {
    case 'run-started':
      return { level: 'info', message: `run ${event.run} on ${event.target}: ${event.databases.join(', ')}` };
    case 'recovered':
      return { level: 'warn', message: event.message };
    case 'database-started':
      return { level: 'info', message: `${event.database}: started` };
    case 'phase-started':
      return { level: 'info', message: `${event.database}: ${phaseLabel(event.phase)}` };
    case 'progress':
      return { level: 'debug', message: `${event.database}: ${formatPlural(event.progress.rows, 'row')}` };
    case 'retrying':
      return { level: 'warn', message: `${event.database}: ${describeRetry(event)}` };
    case 'conditions':
      return { level: 'info', message: `${event.database}: ${event.message}` };
    case 'refresh':
      return { level: 'info', message: `${event.database}: ${describeRefresh(event)}` };
    case 'preserve':
      return { level: 'info', message: `${event.database}: ${describePreserved(event)}` };
    case 'hook':
      return { level: 'info', message: `${event.database}: ${describeHook(event)}` };
    case 'note':
      return { level: 'warn', message: `${event.database}: ${event.message}` };
    case 'paused':
      return { level: 'warn', message: describePause(event) };
    case 'resumed':
      return { level: 'info', message: 'copy resumed' };
    case 'draining':
      return {
        level: 'warn',
        message: `${event.signal}: finishing what is in flight${event.graceSeconds === undefined ? '' : ` within ${formatSeconds(event.graceSeconds)}`} and starting nothing more. ${event.signal === 'SIGINT' ? 'Ctrl-C once' : 'Once'} more stops now.`,
      };
    case 'stopping':
      return {
        level: 'warn',
        message: `${event.graceSeconds === undefined ? `${event.signal} again` : `${event.signal}, and the grace time of ${formatSeconds(event.graceSeconds)} is over`}: stopping now. Databases that are not finished stay as they were.`,
      };
    case 'database-finished': {
      const { status, error } = event.outcome;
      const why = error ? `: [${error.code}] ${error.message}` : '';
      return {
        level: status === 'failed' ? 'error' : leavesWork(event.outcome) ? 'warn' : 'info',
        message: `${event.database}: ${describeEnd(event.outcome)}${why}`,
      };
    }
    case 'run-finished':
      return {
        level: event.summary.exitCode === 0 ? 'info' : 'error',
        message: `run ${event.run} finished with exit code ${String(event.summary.exitCode)}`,
      };
  }
};

const formatSeconds = (seconds: number): string => formatDuration(seconds * 1000);

/** `trying again in 2s (the connection was lost)` */
export const describeRetry = ({
  delayMilliseconds,
  reason,
}: {
  readonly delayMilliseconds: number;
  readonly reason: string;
}): string => `trying again in ${formatDuration(delayMilliseconds)} (${reason})`;

/** `copy paused: the source runs 40 threads` */
export const describePause = ({ reason }: { readonly reason: string }): string => `copy paused: ${reason}`;

/** `applied in 12s`, `not started` */
export const describeEnd = ({
  status,
  durationMilliseconds,
}: Pick<DatabaseOutcome, 'status' | 'durationMilliseconds'>): string => {
  switch (status) {
    case 'not-started':
      return 'not started';
    case 'already-applied':
      return 'already applied';
    case 'elsewhere':
      return 'left to another worker';
    default:
      return `${status} in ${formatDuration(durationMilliseconds)}`;
  }
};

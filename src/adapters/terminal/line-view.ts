import type { DatabaseName } from '../../core/names.js';
import type { CopyProgress, Phase, RunEvent } from '../../core/run/run-event.js';
import { makePrintable } from '../../core/printable.js';
import { phaseLabel, renderProgress } from '../../render/progress.js';
import { formatDuration } from '../../render/units.js';
import type { RunView, ViewClock } from './run-view.js';

const HEARTBEAT_MILLISECONDS = 30_000;

interface InFlight {
  readonly phase: Phase;
  readonly since: number;
  readonly progress?: CopyProgress;
}

/** One line a state change and a heartbeat every 30 seconds: for pipes, CI and dumb terminals. Never an escape code. */
export const createLineView = (write: (line: string) => void, clock: ViewClock): RunView => {
  const inFlight = new Map<DatabaseName, InFlight>();
  const heartbeat = setInterval(() => {
    for (const [database, { phase, since, progress }] of inFlight) {
      write(
        `${makePrintable(database)}: ${renderProgress({ phase, progress, copyMilliseconds: clock.monotonic() - since })}`,
      );
    }
  }, HEARTBEAT_MILLISECONDS);
  heartbeat.unref();
  return {
    follow: (event) => {
      trackInFlight(inFlight, event, clock);
      const line = lineOf(event);
      if (line !== undefined) write(line);
    },
    end: () => {
      clearInterval(heartbeat);
      return Promise.resolve();
    },
  };
};

const trackInFlight = (inFlight: Map<DatabaseName, InFlight>, event: RunEvent, clock: ViewClock): void => {
  if (event.type === 'phase-started')
    inFlight.set(event.database, { phase: event.phase, since: clock.monotonic() });
  if (event.type === 'database-finished') inFlight.delete(event.database);
  const current = event.type === 'progress' ? inFlight.get(event.database) : undefined;
  if (current && event.type === 'progress')
    inFlight.set(event.database, { ...current, progress: event.progress });
};

const lineOf = (event: RunEvent): string | undefined => {
  switch (event.type) {
    case 'phase-started':
      return `${makePrintable(event.database)}: ${phaseLabel(event.phase)}`;
    case 'retrying':
      return `${makePrintable(event.database)}: trying again in ${formatDuration(event.delayMilliseconds)} (${makePrintable(event.reason)})`;
    case 'conditions':
    case 'note':
      return `${makePrintable(event.database)}: ${makePrintable(event.message)}`;
    case 'recovered':
      return makePrintable(event.message);
    case 'paused':
      return `copy paused: ${makePrintable(event.reason)}`;
    case 'resumed':
      return 'rows go on';
    case 'draining':
      return `${event.signal}: finishing what is in flight and starting nothing more. Once more stops now.`;
    case 'database-finished':
      return `${makePrintable(event.database)}: ${event.outcome.status} in ${formatDuration(event.outcome.durationMilliseconds)}`;
    case 'run-started':
    case 'database-started':
    case 'progress':
    case 'run-finished':
      return undefined;
  }
};

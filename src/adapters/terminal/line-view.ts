import type { DatabaseName } from '../../core/names.js';
import type { CopyProgress, Phase, RunEvent } from '../../core/run/run-event.js';
import { makePrintable } from '../../core/printable.js';
import { renderProgress } from '../../render/progress.js';
import { describeEnd, describeEvent } from '../../render/run-event.js';
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

/** What the heartbeat tells, and what the recap says better. */
const UNPRINTED: ReadonlySet<RunEvent['type']> = new Set([
  'run-started',
  'database-started',
  'progress',
  'run-finished',
]);

/** The reason of a failure is in the recap. */
const lineOf = (event: RunEvent): string | undefined => {
  if (UNPRINTED.has(event.type)) return undefined;
  return makePrintable(
    event.type === 'database-finished'
      ? `${event.database}: ${describeEnd(event.outcome)}`
      : describeEvent(event).message,
  );
};

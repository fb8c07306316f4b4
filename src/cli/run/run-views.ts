import { exitCodeOf } from '../../core/exit-codes.js';
import type { DatabaseName, RunId } from '../../core/names.js';
import type { RunEvent } from '../../core/run/run-event.js';
import { SyncError } from '../../core/errors.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

/** Everything that follows a run: the screen, the log and, where asked for, the event stream. */
export interface RunViews {
  /** Undefined without a log. */
  readonly logPath: string | undefined;
  follow(event: RunEvent): void;
  /** Resolves when the screen is still. */
  end(): Promise<void>;
}

export interface EventSummary {
  write(event: RunEvent): void;
  end(exitCode: number): void;
}

const SILENT: EventSummary = { write: () => undefined, end: () => undefined };

/**
 * Does the work with an event stream open, whose last line is the exit code however the work ends. Nothing is written
 * when no destination is given.
 */
export const withEventStream = async <Exit>(
  services: Services<'reports'>,
  {
    destination,
    run,
    codeOf,
  }: {
    readonly destination: string | undefined;
    readonly run: RunId;
    readonly codeOf: (exit: Exit) => number;
  },
  work: (events: EventSummary) => Promise<Exit>,
): Promise<Exit> => {
  const events = destination === undefined ? SILENT : await services.reports.events(destination, run);
  try {
    const exit = await work(events);
    events.end(codeOf(exit));
    return exit;
  } catch (error) {
    events.end(error instanceof SyncError ? error.exitCode : exitCodeOf('unexpected'));
    throw error;
  }
};

export const openRunViews = async (
  services: Services<'reports'>,
  screen: Screen,
  {
    run,
    sizes,
    events,
  }: {
    readonly run: RunId;
    /** What each database holds on the source, by its name on the target. */
    readonly sizes: ReadonlyMap<DatabaseName, number>;
    readonly events: EventSummary;
  },
): Promise<RunViews> => {
  const log = await services.reports.log(run);
  const view = await services.reports.view(screen, sizes);
  let ending: Promise<void> | undefined;
  return {
    logPath: log?.path,
    follow: (event) => {
      log?.write(event);
      events.write(event);
      view.follow(event);
    },
    end: () => {
      ending ??= view.end().then(() => log?.close());
      return ending;
    },
  };
};

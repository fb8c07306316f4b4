import type { DatabaseName } from '../../core/names.js';
import type { DatabaseOutcome } from '../../core/run/outcome.js';
import type { RunEvent } from '../../core/run/run-event.js';
import type { LiveDatabase, LiveRun } from '../../render/live-run.js';
import { describeEvent, describePause, describeRetry } from '../../render/run-event.js';
import type { ViewClock } from './run-view.js';

/** The run as its events tell it. They may come before listr2 starts to draw, or all of them before. */
export class FollowedRun {
  readonly #clock: ViewClock;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #databases = new Map<string, LiveDatabase>();
  readonly #settlers = new Map<string, (outcome: DatabaseOutcome | undefined) => void>();
  #startedAt = 0;
  #pause: string | undefined;
  #news: (LiveDatabase | string)[] = [];

  constructor(clock: ViewClock, sizes: ReadonlyMap<string, number>) {
    this.#clock = clock;
    this.#sizes = sizes;
  }

  follow(event: RunEvent): void {
    const now = this.#clock.monotonic();
    if (event.type === 'run-started') {
      this.#startedAt = now;
      for (const name of event.databases)
        this.#databases.set(name, { ...UNSTARTED, name, size: this.#sizes.get(name) ?? 0 });
    } else if (event.type === 'paused') this.#pause = describePause(event);
    else if (event.type === 'resumed') this.#pause = undefined;
    else if (event.type === 'draining' || event.type === 'stopping')
      this.#news.push(describeEvent(event).message);
    else if ('database' in event) this.#followDatabase(event, now);
  }

  /** How the database ends; undefined when the run ends without telling. */
  outcomeOf(name: string): Promise<DatabaseOutcome | undefined> {
    const { outcome } = this.#databases.get(name) ?? {};
    if (outcome) return Promise.resolve(outcome);
    return new Promise((resolve) => {
      this.#settlers.set(name, resolve);
    });
  }

  leave(): void {
    for (const settle of this.#settlers.values()) settle(undefined);
  }

  look(): LiveRun {
    return {
      databases: [...this.#databases.values()],
      startedAt: this.#startedAt,
      now: this.#clock.monotonic(),
      pause: this.#pause,
    };
  }

  /** What is to be said once, since this was asked last: databases that ended, signals. */
  takeNews(): readonly (LiveDatabase | string)[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  #followDatabase(event: RunEvent & { readonly database: DatabaseName }, now: number): void {
    const before = this.#databases.get(event.database);
    if (!before) return;
    const after = { ...before, ...changeOf(event, now) };
    this.#databases.set(event.database, after);
    if (event.type !== 'database-finished') return;
    this.#news.push(after);
    this.#settlers.get(event.database)?.(event.outcome);
  }
}

const UNSTARTED = {
  phase: undefined,
  since: 0,
  progress: undefined,
  retry: undefined,
  outcome: undefined,
} as const;

const changeOf = (event: RunEvent, now: number): Partial<LiveDatabase> => {
  if (event.type === 'phase-started')
    // A second try begins anew.
    return {
      phase: event.phase,
      since: now,
      retry: undefined,
      ...(event.phase === 'stage' && { progress: undefined }),
    };
  if (event.type === 'progress') return { progress: event.progress };
  if (event.type === 'retrying') return { retry: describeRetry(event) };
  return event.type === 'database-finished' ? { outcome: event.outcome } : {};
};

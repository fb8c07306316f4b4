import { describe, expect, test } from 'vitest';
import { keepPace } from '../../src/engine/pace.js';
import type { Clock } from '../../src/engine/ports/ports.js';
import type { SourceServer } from '../../src/engine/ports/server.js';
import type { RunEvent } from '../../src/core/run/run-event.js';

/** A clock that stands still until it is moved on. */
class StandingClock implements Clock {
  #milliseconds = 0;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): Date {
    return new Date(this.#milliseconds);
  }

  monotonic(): number {
    return this.#milliseconds;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((wake, reject) => {
      this.#sleepers.add({ until: this.#milliseconds + milliseconds, wake });
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  }

  async moveOn(milliseconds: number): Promise<void> {
    this.#milliseconds += milliseconds;
    for (const sleeper of this.#sleepers)
      if (sleeper.until <= this.#milliseconds && this.#sleepers.delete(sleeper)) sleeper.wake();
    await settle();
  }
}

/** Lets everything run that waits for nothing. */
const settle = (): Promise<void> => new Promise((next) => setImmediate(next));

const noServers = {
  openSource: () => Promise.reject(new Error()),
  openTarget: () => Promise.reject(new Error()),
  keepConnections: () => Promise.reject(new Error()),
};

/** A source whose load the test decides; nothing else of it is used. */
const sourceWith = (countRunningThreads: () => Promise<number>): SourceServer =>
  ({ countRunningThreads }) as SourceServer;

const isOver = async (waiting: Promise<void> | undefined): Promise<boolean> => {
  let over = false;
  void waiting?.then(() => (over = true));
  await settle();
  return over;
};

describe('a rate', () => {
  test('bytes are paid for with time, by all who send together', async () => {
    const clock = new StandingClock();
    const source = sourceWith(() => Promise.reject(new Error()));
    const surroundings = { source, ownThreads: 4, servers: noServers, clock, events: () => undefined };
    const pace = await keepPace({ bytesPerSecond: 1000, replicas: [] }, surroundings);
    expect(pace.admit(10)).toBeUndefined();
    const [first, second] = [pace.admit(490), pace.admit(500)];
    await clock.moveOn(499);
    expect(await isOver(first)).toBe(false);
    await clock.moveOn(1);
    expect(await isOver(first)).toBe(true);
    await clock.moveOn(499);
    expect(await isOver(second)).toBe(false);
    await clock.moveOn(1);
    expect(await isOver(second)).toBe(true);
    // Time in which nothing came in is not saved up.
    await clock.moveOn(60_000);
    const third = pace.admit(1000);
    await clock.moveOn(999);
    expect(await isOver(third)).toBe(false);
    await pace.stop();
    expect(await isOver(third)).toBe(true);
  });

  test('without one nothing waits', async () => {
    const surroundings = {
      source: sourceWith(() => Promise.reject(new Error())),
      ownThreads: 4,
      servers: noServers,
      clock: new StandingClock(),
      events: () => undefined,
    };
    const pace = await keepPace({ replicas: [] }, surroundings);
    expect(pace.admit(1e12)).toBeUndefined();
    await pace.stop();
  });
});

test('rows wait while others keep the source busy, or while it does not say, and the reason is told once', async () => {
  const clock = new StandingClock();
  const events: RunEvent[] = [];
  const loads = [14, 16, 17, new Error('gone away'), 15, 4];
  const source = sourceWith(() => {
    const load = loads.shift();
    return typeof load === 'number' ? Promise.resolve(load) : Promise.reject(load ?? new Error());
  });
  const pace = await keepPace(
    { mostThreadsRunning: 10, replicas: [] },
    { source, ownThreads: 4, servers: noServers, clock, events: (event) => events.push(event) },
  );
  await settle();
  expect(pace.admit(1)).toBeUndefined();
  await clock.moveOn(1000);
  const waiting = pace.admit(1);
  expect(await isOver(waiting)).toBe(false);
  await clock.moveOn(1000);
  await clock.moveOn(1000);
  expect(await isOver(waiting)).toBe(false);
  await clock.moveOn(1000);
  expect(await isOver(waiting)).toBe(true);
  expect(events).toEqual([
    { type: 'paused', reason: '11 statements of others run on the source, and threads_running is 10' },
    { type: 'resumed' },
  ]);
  await pace.stop();
});

test('a copy is not kept waiting for ever by a source that is gone', async () => {
  const clock = new StandingClock();
  const source = sourceWith(() => Promise.reject(new Error('gone away')));
  const events: RunEvent['type'][] = [];
  const pace = await keepPace(
    { mostThreadsRunning: 10, replicas: [] },
    { source, ownThreads: 4, servers: noServers, clock, events: ({ type }) => events.push(type) },
  );
  await settle();
  const waiting = pace.admit(1);
  for (let second = 1; second < 10; second += 1) await clock.moveOn(1000);
  expect(await isOver(waiting)).toBe(false);
  await clock.moveOn(1000);
  expect(await isOver(waiting)).toBe(true);
  expect(events).toEqual(['paused', 'resumed']);
  await pace.stop();
});

import { reportError } from '../core/errors.js';
import type { PaceRules } from '../core/plan/resolved-plan.js';
import type { Clock, EventSink, Servers } from './ports/ports.js';
import type { Pace } from './ports/row-engine.js';
import type { SourceServer } from './ports/server.js';
import { formatPlural } from '../core/plural.js';

/** A pace with somebody who watches the servers. */
export interface KeptPace extends Pace {
  /** Ends the watch and lets everything go. */
  stop(): Promise<void>;
}

export interface PaceSurroundings {
  readonly source: SourceServer;
  /** So many statements of the copy may run on the source at once. */
  readonly ownThreads: number;
  readonly servers: Servers;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Bytes that came in since the last pause of the rate are paid for at once when they are worth so long a sleep. */
const SHORTEST_SLEEP_MILLISECONDS = 20;
const WATCH_MILLISECONDS = 1000;
/** A source that has not answered so often is gone, which only its own connections can tell the copy. */
const MOST_UNANSWERED_LOOKS = 10;

/**
 * Keeps rows to a rate, and waiting while the servers are busier than the rules allow. Rejects when a replica cannot be
 * reached at the start; one that is lost later counts as too far behind.
 */
export const keepPace = async (rules: PaceRules, surroundings: PaceSurroundings): Promise<KeptPace> => {
  const { clock, events } = surroundings;
  const stopping = new AbortController();
  const gate = new Gate();
  const rate = new Rate(rules.bytesPerSecond, clock, stopping.signal);
  const watched = await openWatch(rules, surroundings);
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const reason = await findReason(watched);
      if (reason !== undefined && gate.close()) events({ type: 'paused', reason });
      if (reason === undefined && gate.open()) events({ type: 'resumed' });
      await clock.sleep(WATCH_MILLISECONDS, stopping.signal).catch(() => undefined);
    }
  };
  const watching = watched.length === 0 ? Promise.resolve() : watch();
  return {
    admit: (bytes) => gate.wait() ?? rate.admit(bytes),
    stop: async () => {
      stopping.abort();
      await watching;
      gate.open();
      await Promise.all(watched.map(({ close }) => close()));
    },
  };
};

/** Where everybody waits while it is closed. */
class Gate {
  #opened: Promise<void> | undefined;
  #open: () => void = () => undefined;

  wait(): Promise<void> | undefined {
    return this.#opened;
  }

  /** False when it was closed already. */
  close(): boolean {
    if (this.#opened) return false;
    this.#opened = new Promise((open) => (this.#open = open));
    return true;
  }

  /** False when it was open already. */
  open(): boolean {
    if (!this.#opened) return false;
    this.#opened = undefined;
    this.#open();
    return true;
  }
}

/** Bytes take time, one after the other: who comes while those before are not paid for waits for them. */
class Rate {
  readonly #bytesPerSecond: number | undefined;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #paidUntil = 0;

  constructor(bytesPerSecond: number | undefined, clock: Clock, signal: AbortSignal) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
    this.#signal = signal;
  }

  admit(bytes: number): Promise<void> | undefined {
    if (this.#bytesPerSecond === undefined) return undefined;
    const now = this.#clock.monotonic();
    this.#paidUntil = Math.max(this.#paidUntil, now) + (bytes / this.#bytesPerSecond) * 1000;
    const wait = this.#paidUntil - now;
    if (wait < SHORTEST_SLEEP_MILLISECONDS) return undefined;
    return this.#clock.sleep(wait, this.#signal).catch(() => undefined);
  }
}

interface Watched {
  /** What is over its limit, in words. */
  readonly look: () => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

const openWatch = async (
  { mostThreadsRunning, mostLagSeconds, replicas }: PaceRules,
  { source, ownThreads, servers }: PaceSurroundings,
): Promise<readonly Watched[]> => {
  const watched: Watched[] = [];
  let unanswered = 0;
  const countRunning = async (): Promise<number | undefined> => {
    try {
      const running = await source.countRunningThreads();
      unanswered = 0;
      return running;
    } catch (error) {
      unanswered += 1;
      if (unanswered > MOST_UNANSWERED_LOOKS) return undefined;
      throw error;
    }
  };
  if (mostThreadsRunning !== undefined)
    watched.push({
      look: async () => {
        // One more is the question itself. Those of the copy keep running while the copy is paused, so they cannot count.
        const running = await countRunning();
        if (running === undefined) return undefined;
        const others = running - ownThreads - 1;
        if (others <= mostThreadsRunning) return undefined;
        return `${formatPlural(others, 'statement')} of others ${others === 1 ? 'runs' : 'run'} on the source, and threads_running is ${String(mostThreadsRunning)}`;
      },
      close: () => Promise.resolve(),
    });
  if (mostLagSeconds === undefined) return watched;
  for (const endpoint of replicas) {
    const replica = await servers.openSource(endpoint);
    watched.push({
      look: async () => {
        const lag = await replica.readReplicaLag();
        if (lag === undefined) return `${endpoint.name} does not replicate`;
        if (lag <= mostLagSeconds) return undefined;
        return `${endpoint.name} is ${String(lag)} s behind, and replica_lag is ${String(mostLagSeconds)}`;
      },
      close: () => replica.close(),
    });
  }
  return watched;
};

/** What cannot be looked at is taken for busy. */
const findReason = async (watched: readonly Watched[]): Promise<string | undefined> => {
  for (const { look } of watched) {
    try {
      const reason = await look();
      if (reason !== undefined) return reason;
    } catch (error) {
      return reportError(error).message;
    }
  }
  return undefined;
};

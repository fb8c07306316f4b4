import { setTimeout as delay } from 'node:timers/promises';

/** What can be done with one kind of connection. */
export interface Lending<Connection> {
  readonly isOpen: (connection: Connection) => boolean;
  /** Makes its session as good as new. Rejects where the server cannot do that. */
  readonly renew: (connection: Connection) => Promise<unknown>;
  /** Says goodbye. Never rejects. */
  readonly close: (connection: Connection) => Promise<void>;
  /** Closes the socket at once. */
  readonly destroy: (connection: Connection) => void;
}

/** So long a server is waited for at the end; one that is frozen answers nothing. */
const RENEWAL_MILLISECONDS = 1_000;

/** Servers and firewalls end connections that are idle for longer, and a run that has no use for one needs none. */
const IDLE_MILLISECONDS = 5_000;

/**
 * Logged-in connections of one server between two uses: a login takes three round trips and more. Nothing of a session
 * goes from one use to the next. One whose use failed is not given back.
 */
export class IdleConnections<Connection> {
  readonly #lending: Lending<Connection>;
  readonly #idle = new Map<Connection, NodeJS.Timeout>();
  readonly #renewing = new Map<Connection, Promise<void>>();
  #isClosed = false;

  constructor(lending: Lending<Connection>) {
    this.#lending = lending;
  }

  /** The one that was given back last. */
  take(): Connection | undefined {
    for (const [connection, timer] of [...this.#idle].reverse()) {
      clearTimeout(timer);
      this.#idle.delete(connection);
      if (this.#lending.isOpen(connection)) return connection;
    }
    return undefined;
  }

  /** Returns at once; it can be taken when its session is new. */
  giveBack(connection: Connection): void {
    const renewing = this.#renew(connection).finally(() => this.#renewing.delete(connection));
    this.#renewing.set(connection, renewing);
  }

  /** Those that are given back later are closed then. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.race([
      Promise.all(this.#renewing.values()),
      delay(RENEWAL_MILLISECONDS, undefined, { ref: false }),
    ]);
    for (const connection of this.#renewing.keys()) this.#lending.destroy(connection);
    const idle = [...this.#idle];
    this.#idle.clear();
    await Promise.all(
      idle.map(([connection, timer]) => {
        clearTimeout(timer);
        return this.#lending.close(connection);
      }),
    );
  }

  async #renew(connection: Connection): Promise<void> {
    const { renew, isOpen, close } = this.#lending;
    try {
      if (this.#isClosed) throw new Error('nobody will need it');
      await renew(connection);
    } catch {
      return close(connection);
    }
    if (!isOpen(connection)) return;
    const end = (): void => {
      this.#idle.delete(connection);
      void close(connection);
    };
    this.#idle.set(connection, setTimeout(end, IDLE_MILLISECONDS).unref());
  }
}

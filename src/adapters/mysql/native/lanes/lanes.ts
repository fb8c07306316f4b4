import type { Endpoint } from '../../../../core/server/connection.js';
import type { TableName } from '../../../../core/names.js';
import { rowFormatOf } from '../../../../core/session/binary-log.js';
import type { CopyJob } from '../../../../engine/ports/row-engine.js';
import { IdleConnections, type Lending } from '../../connection/idle-connections.js';
import { onOwnConnection } from '../../connection/own-connection.js';
import { type LaneConnection, openLaneConnection } from './lane-connection.js';
import { SOURCE_SETTINGS, TARGET_SETTINGS } from './lane-session.js';
import type { LaneMemory } from '../wire/lane-memory.js';
import type { BatchSnapshot } from './batch-snapshot.js';
import { openAsManyAs } from './several-connections.js';
import { SAVEPOINT } from './snapshot-barrier.js';

/** One connection per server. */
export class Lane {
  readonly source: LaneConnection;
  readonly target: LaneConnection;
  #table: TableName | undefined;
  #entered: Promise<unknown> = Promise.resolve();

  constructor(source: LaneConnection, target: LaneConnection) {
    this.source = source;
    this.target = target;
  }

  /** Lets go of the table before, whose definition could not be changed on the source as long as it was held. */
  enter(table: TableName): void {
    const before = this.#table;
    this.#table = table;
    if (before === undefined || before === table) return;
    this.#entered = this.source.run(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
    // Whoever reads rows waits for it; statements before that stand behind it anyway.
    this.#entered.catch(() => undefined);
  }

  /** To be waited for before rows are read. */
  get entered(): Promise<unknown> {
    return this.#entered;
  }
}

/** Lane connections of one run that no database needs at the moment. */
export interface IdleLanes {
  readonly source: IdleConnections<LaneConnection>;
  readonly target: IdleConnections<LaneConnection>;
  close(): Promise<void>;
}

export const createIdleLanes = (): IdleLanes => {
  const lending: Lending<LaneConnection> = {
    isOpen: ({ isOpen }) => isOpen,
    renew: (lane) => lane.renew(),
    close: (lane) => lane.close(),
    destroy: (lane) => lane.destroy(new Error('the run is over')),
  };
  const [source, target] = [new IdleConnections(lending), new IdleConnections(lending)];
  return {
    source,
    target,
    close: async () => {
      await Promise.all([source.close(), target.close()]);
    },
  };
};

/** Servers of the same building, or the next one, answer in less. */
const FAR_MILLISECONDS = 5;

/** Every connection of a copy: what is opened here is closed here, and what is borrowed given back, whatever happens. */
export class CopyConnections {
  readonly #job: CopyJob;
  readonly #memory: LaneMemory;
  readonly #idle: IdleLanes;
  #open: { readonly side: 'source' | 'target'; readonly connection: LaneConnection }[] = [];
  readonly #lenders = new Map<LaneConnection, BatchSnapshot>();
  #failure: Error | undefined;

  constructor(job: CopyJob, memory: LaneMemory, idle: IdleLanes) {
    this.#job = job;
    this.#memory = memory;
    this.#idle = idle;
  }

  /** At least one, and as many of the wanted ones as the server lets in. */
  async open(
    side: 'source' | 'target',
    wanted: number,
  ): Promise<readonly [LaneConnection, ...LaneConnection[]]> {
    const opened = await openAsManyAs(wanted, () => this.#openOne(side));
    if (this.#failure) throw this.#failure;
    return opened;
  }

  /** Source connections of a snapshot that outlives this copy. */
  borrow(lender: BatchSnapshot, most: number): readonly LaneConnection[] {
    const lent = lender.take(most);
    for (const connection of lent) {
      this.#open.push({ side: 'source', connection });
      this.#lenders.set(connection, lender);
    }
    return lent;
  }

  /** Its shortest answer on any of the connections: on a busy machine most of them are late. */
  isFar(side: 'source' | 'target'): boolean {
    const ofSide = this.#open.filter((one) => one.side === side);
    return Math.min(...ofSide.map(({ connection }) => connection.shortestMilliseconds)) >= FAR_MILLISECONDS;
  }

  async closeSome(connections: readonly LaneConnection[]): Promise<void> {
    await Promise.all(connections.map((connection) => this.#closeOne(connection)));
  }

  async #closeOne(connection: LaneConnection): Promise<void> {
    const { side } = this.#open.find((one) => one.connection === connection) ?? {};
    if (this.#failure || side === undefined) return connection.close();
    this.#open = this.#open.filter((one) => one.connection !== connection);
    const lender = this.#lenders.get(connection);
    this.#lenders.delete(connection);
    if (lender) return lender.giveBack(connection);
    this.#idle[side].giveBack(connection);
  }

  async close(): Promise<void> {
    await this.closeSome(this.#open.map(({ connection }) => connection));
  }

  /** Makes everything in flight fail, and ends what the servers still do for these connections. */
  async destroy(reason: Error): Promise<void> {
    if (this.#failure) return;
    this.#failure = reason;
    const open = [...this.#open];
    for (const { connection } of open) connection.destroy(reason);
    const { source, target } = this.#job;
    const threadsOf = (side: 'source' | 'target'): readonly number[] =>
      open.filter((one) => one.side === side).map(({ connection }) => connection.threadId);
    await Promise.all([killSessions(source, threadsOf('source')), killSessions(target, threadsOf('target'))]);
  }

  async #openOne(side: 'source' | 'target'): Promise<LaneConnection> {
    const { source, target, sourceFacts, targetFacts } = this.#job;
    const connection =
      this.#idle[side].take() ??
      (side === 'source'
        ? await openLaneConnection(source, sourceFacts.flavor.vendor, SOURCE_SETTINGS, this.#memory)
        : await openLaneConnection(
            target,
            targetFacts.flavor.vendor,
            {
              ...TARGET_SETTINGS,
              essential: [...TARGET_SETTINGS.essential, ...rowFormatOf(targetFacts)],
            },
            this.#memory,
          ));
    this.#open.push({ side, connection });
    if (this.#failure) connection.destroy(this.#failure);
    return connection;
  }
}

/** A server goes on with what it does for a client that is gone, an index build for example, until it is told. */
export const killSessions = async (endpoint: Endpoint, threads: readonly number[]): Promise<void> => {
  if (threads.length === 0) return;
  const kill = onOwnConnection(endpoint, 'end the sessions of a copy', async (killer) => {
    for (const thread of threads) await killer.query(`KILL ${thread}`).catch(() => undefined);
  });
  // When the server cannot be reached, neither can its sessions.
  await kill.catch(() => undefined);
};

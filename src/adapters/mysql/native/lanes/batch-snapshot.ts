import type { SnapshotLevel } from '../../../../core/change/copy-conditions.js';
import { BugError, SyncError } from '../../../../core/errors.js';
import type { Consistency } from '../../../../core/plan/row-engines.js';
import type { CopyBatch } from '../../../../engine/ports/row-engine.js';
import type { IdleConnections } from '../../connection/idle-connections.js';
import type { LaneMemory } from '../wire/lane-memory.js';
import { giveLaneKeys } from './give-lane-keys.js';
import { type LaneConnection, openLaneConnection } from './lane-connection.js';
import { SOURCE_SETTINGS } from './lane-session.js';
import { checkSameServer, openAsManyAs } from './several-connections.js';
import { type OpenSnapshots, SAVEPOINT, openSnapshots } from './snapshot-barrier.js';

/** Where its connections come from, and go back to. */
type Lender = IdleConnections<LaneConnection>;

/** Source connections that all see one moment, lent to the copies of several databases. */
export class BatchSnapshot {
  readonly level: SnapshotLevel;
  /** As `OpenSnapshots` has it. */
  readonly position: string | undefined;
  readonly consistency: Consistency;
  readonly #idle: LaneConnection[];
  readonly #waiting: (() => void)[] = [];
  readonly #open: readonly LaneConnection[];
  readonly #lender: Lender;

  private constructor(
    { level, position }: Pick<OpenSnapshots, 'level' | 'position'>,
    consistency: Consistency,
    lanes: readonly LaneConnection[],
    open: readonly LaneConnection[],
    lender: Lender,
  ) {
    this.level = level;
    this.position = position;
    this.consistency = consistency;
    this.#idle = [...lanes];
    this.#open = open;
    this.#lender = lender;
  }

  /** @throws SyncError CONN_*, COPY_FAILED */
  static async open(
    { source, sourceFacts, databases, lanes: wanted, consistency, maskKey }: CopyBatch,
    memory: LaneMemory,
    lender: Lender,
  ): Promise<BatchSnapshot> {
    const opened = await openAsManyAs(
      wanted > 1 ? wanted + 1 : 1,
      async () =>
        lender.take() ??
        (await openLaneConnection(source, sourceFacts.flavor.vendor, SOURCE_SETTINGS, memory)),
    );
    try {
      await checkSameServer(source, opened);
      const [guard, ...others] = opened;
      const sources = others.length === 0 ? opened : others;
      const snapshots = await openSnapshots({ sourceFacts, databases }, guard, sources);
      const { lanes, guardIsNeeded } = snapshots;
      const isMasked = databases.some(({ tables }) => tables.some(({ masks }) => masks !== undefined));
      if (maskKey && isMasked) await giveLaneKeys(lanes, maskKey);
      const kept = opened.filter(
        (connection) => lanes.includes(connection) || (guardIsNeeded && connection === guard),
      );
      const unused = opened.filter((connection) => !kept.includes(connection));
      for (const connection of unused) lender.giveBack(connection);
      return new BatchSnapshot(snapshots, consistency, lanes, kept, lender);
    } catch (error) {
      for (const connection of opened) connection.destroy(error as Error);
      throw error;
    }
  }

  /** At least one. @throws SyncError COPY_FAILED when none is left: another one would see another moment */
  take(most: number): readonly LaneConnection[] {
    const taken = this.#idle.splice(0, most);
    if (taken.length > 0) return taken;
    throw new SyncError('COPY_FAILED', {
      message: 'the snapshot that all databases share was lost with its connections',
      hints: ['Those that are done agree with each other. Run the same command again for all of them.'],
    });
  }

  /** Tables that were read since it was taken can be changed again. A connection that is lost does not come back. */
  async giveBack(connection: LaneConnection): Promise<void> {
    try {
      await connection.run(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
      this.#idle.push(connection);
    } catch (error) {
      connection.destroy(error as Error);
    }
    // All of them look: the last one may be lost.
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** On one of its connections, as soon as one is free. @throws SyncError COPY_FAILED when all are lost */
  async withOne<Result>(work: (connection: LaneConnection) => Promise<Result>): Promise<Result> {
    while (this.#idle.length === 0 && this.#open.some(({ isOpen }) => isOpen))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const [connection] = this.take(1);
    if (!connection) throw new BugError('a snapshot without a connection');
    try {
      return await work(connection);
    } finally {
      await this.giveBack(connection);
    }
  }

  close(): void {
    for (const connection of this.#open) if (connection.isOpen) this.#lender.giveBack(connection);
  }
}

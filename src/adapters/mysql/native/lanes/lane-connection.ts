import { performance } from 'node:perf_hooks';
import type mysql from 'mysql2';
import type { Endpoint } from '../../../../core/server/connection.js';
import type { Vendor } from '../../../../core/flavor.js';
import {
  type Session,
  type SessionSettings,
  type ToldVariables,
  applyFurtherSettings,
  applySettings,
  readTold,
} from '../../connection/session-settings.js';
import { sendAhead } from '../../protocol/send-ahead.js';
import { type LaneLogin, logInLane } from './lane-login.js';
import type { LaneMemory } from '../wire/lane-memory.js';
import { Wire } from '../wire/wire.js';

/** Cells as the server sent them; null is NULL. */
export type RawRow = readonly (Buffer | null)[];

/** What a statement did that gave no rows. */
export interface StatementResult {
  readonly affectedRows: number;
  readonly warningStatus: number;
  /** The variables that it set, where the server says that. */
  readonly told: ToldVariables | undefined;
}

/** What a lane is opened for. */
interface LaneTerms {
  readonly endpoint: Endpoint;
  readonly settings: SessionSettings;
  readonly memory: LaneMemory;
}

/** One connection of a lane. It is never opened again: what it had, a snapshot or a transaction, would be lost unseen. */
export class LaneConnection {
  readonly wire: Wire;
  /** Whether the server agreed to take bulk statements. */
  readonly takesBulk: boolean;
  /** Where its buffers come from. */
  readonly memory: LaneMemory;
  readonly #connection: mysql.Connection;
  /** How those learn of it who wait for answers when the connection is lost. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #lost: Error | undefined;
  readonly #endpoint: Endpoint;
  readonly #settings: SessionSettings;
  #isClosed = false;
  #shortestMilliseconds = Infinity;

  private constructor({ connection, takesBulk }: LaneLogin, { memory, endpoint, settings }: LaneTerms) {
    this.memory = memory;
    this.#endpoint = endpoint;
    this.#settings = settings;
    this.#connection = connection;
    this.takesBulk = takesBulk;
    this.wire = new Wire(connection);
    this.wire.onLoss((reason) => {
      this.#lost = reason;
      for (const reject of this.#waiting) reject(reason);
    });
  }

  /** Prepares the session of a login. */
  static async begin(login: LaneLogin, terms: LaneTerms): Promise<LaneConnection> {
    const lane = new LaneConnection(login, terms);
    const isTold = await applySettings(lane.#session, terms.settings);
    if (isTold && terms.endpoint.isPipelined) sendAhead(login.connection);
    await applyFurtherSettings(lane.#session, terms.settings);
    return lane;
  }

  get isOpen(): boolean {
    return !this.#isClosed && !this.wire.isLost;
  }

  /** Of all answers so far the shortest wait: how far away the server is, whatever it or this process had to do meanwhile. */
  get shortestMilliseconds(): number {
    return this.#shortestMilliseconds;
  }

  get threadId(): number {
    return this.#connection.threadId;
  }

  async queryRows(sql: string): Promise<readonly RawRow[]> {
    return this.#race(
      new Promise((resolve, reject) => {
        this.#connection.query<mysql.RowDataPacket[][]>(
          { sql, rowsAsArray: true, typeCast: false },
          (error, rows) => {
            if (error) reject(error);
            else resolve(rows as unknown as readonly RawRow[]);
          },
        );
      }),
    );
  }

  async run(sql: string): Promise<StatementResult> {
    return this.#race(
      new Promise((resolve, reject) => {
        this.#connection.query<mysql.ResultSetHeader>(sql, (error, result) => {
          if (error) reject(error);
          else
            resolve({
              affectedRows: result.affectedRows,
              warningStatus: result.warningStatus,
              told: readTold(result),
            });
        });
      }),
    );
  }

  /** Once, with values that stand in no statement's text. */
  async execute(sql: string, values: readonly string[]): Promise<void> {
    await this.#race(
      new Promise<void>((resolve, reject) => {
        this.#connection.execute(sql, [...values], (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    );
    this.unprepare(sql);
  }

  /** Prepares a statement and returns the server's number of it. */
  async prepare(sql: string): Promise<number> {
    return this.#race(
      new Promise((resolve, reject) => {
        this.#connection.prepare(sql, (error, statement) => {
          if (error) reject(error);
          else resolve((statement as unknown as { readonly id: number }).id);
        });
      }),
    );
  }

  /** Makes the session as it was when it was opened. @throws the server's error where it cannot do that */
  async renew(): Promise<void> {
    await this.#race(
      new Promise<void>((resolve, reject) => {
        this.#connection.reset((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    );
    await applySettings(this.#session, this.#settings);
    await applyFurtherSettings(this.#session, this.#settings);
  }

  unprepare(sql: string): void {
    this.#connection.unprepare(sql);
  }

  /** Makes what runs fail with the reason, and closes the socket at once. */
  destroy(reason: Error): void {
    this.#isClosed = true;
    this.wire.destroy(reason);
    this.#connection.destroy();
  }

  /** Says goodbye. Never rejects. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await new Promise<void>((resolve) => {
      this.#connection.end(() => resolve());
    });
    this.wire.waitNoLonger();
  }

  get #session(): Session {
    return {
      of: this.#endpoint.name,
      run: async (sql) => (await this.run(sql)).told,
      readRow: async (sql) => ((await this.queryRows(sql))[0] ?? []).map((cell) => cell?.toString() ?? null),
    };
  }

  /** A race against one promise for all answers would keep every answer for as long as the connection lives. */
  async #unlessLost<Result>(result: Promise<Result>): Promise<Result> {
    if (this.#lost) {
      result.catch(() => undefined);
      throw this.#lost;
    }
    let lose: (reason: Error) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => (lose = reject));
    this.#waiting.add(lose);
    try {
      return await Promise.race([result, lost]);
    } finally {
      this.#waiting.delete(lose);
    }
  }

  async #race<Result>(result: Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await this.#unlessLost(result);
    } finally {
      this.#shortestMilliseconds = Math.min(this.#shortestMilliseconds, performance.now() - start);
    }
  }
}

export const openLaneConnection = async (
  endpoint: Endpoint,
  vendor: Vendor,
  settings: SessionSettings,
  memory: LaneMemory,
): Promise<LaneConnection> =>
  LaneConnection.begin(await logInLane(endpoint, vendor, memory), { endpoint, settings, memory });

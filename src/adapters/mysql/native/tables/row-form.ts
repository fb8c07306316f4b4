import { narrowRows } from '../../../../core/sql/narrow-rows.js';
import type { CopyJob } from '../../../../engine/ports/row-engine.js';
import type { CopyTable } from '../../../../engine/ports/rows.js';
import { type KeyRange, listKeyColumns } from '../../rows/split-key.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import { narrowTo } from '../statements/patch-sql.js';
import { type TableSql, renderMoment, renderRows } from '../statements/table-sql.js';
import {
  type EnumForm,
  hasEnum,
  hasLookalikeMembers,
  listTransferColumns,
  renderHasErrorValue,
} from '../statements/transfer-columns.js';
import type { ChunkRoute } from './copy-chunk.js';
import { STRICT_SESSION, type WritingSession, chooseSession, isStrict } from './writing-session.js';

type RowsOf = Pick<CopyJob, 'from' | 'sourceFacts' | 'targetFacts'>;

/** In what form the rows of a table travel, and in what session they are written. What some rows need, all that follow get. */
export class RowForm {
  readonly #job: RowsOf;
  readonly #entry: CopyTable;
  readonly #period: readonly string[];
  #enums: EnumForm = 'labels';
  #session: WritingSession | undefined;

  /** `period`: of a system-versioned table, the columns that say when a row was valid. */
  constructor(job: RowsOf, entry: CopyTable, period: readonly string[]) {
    this.#job = job;
    this.#entry = entry;
    this.#period = period;
  }

  get enums(): EnumForm {
    return this.#enums;
  }

  get session(): WritingSession {
    return this.#session ?? STRICT_SESSION;
  }

  set session(session: WritingSession) {
    this.#session = session;
  }

  get isLenient(): boolean {
    return !isStrict(this.session);
  }

  get sql(): TableSql {
    const { table, masks } = this.#entry;
    const readMoment = renderMoment(this.#job.sourceFacts.flavor, this.#job.targetFacts.flavor);
    return {
      entry: this.#entry,
      columns: listTransferColumns(table, {
        enums: this.#enums,
        period: this.#period,
        readMoment,
        masks,
      }),
      key: listKeyColumns(table),
    };
  }

  /** Of the rows for which the condition holds. */
  narrow(condition: string | undefined): Pick<ChunkRoute, 'sql' | 'there'> {
    return condition === undefined
      ? { sql: this.sql }
      : { sql: narrowTo(this.sql, condition), there: condition };
  }

  /** For the rows of a range of the source, as far as the condition holds. */
  async choose(source: LaneConnection, range: KeyRange, condition?: string): Promise<void> {
    const before = this.#enums;
    if (await this.#needsPositions(source, range, condition)) this.#enums = 'positions';
    if (this.#enums !== before) this.#session = undefined;
    this.#session ??= chooseSession(this.#entry.table, this.#enums);
  }

  async #needsPositions(source: LaneConnection, range: KeyRange, condition?: string): Promise<boolean> {
    const { table } = this.#entry;
    if (this.#enums === 'positions' || hasLookalikeMembers(table)) return true;
    if (!hasEnum(table)) return false;
    const { sql } = this.narrow(condition);
    const where = narrowRows(sql.entry.where, renderHasErrorValue(table));
    const from = { database: this.#job.from, table: table.name };
    const [row] = await source.queryRows(`SELECT 1 FROM ${renderRows(sql, from, where, range)} LIMIT 1`);
    return row !== undefined;
  }
}

import { randomUUID } from 'node:crypto';
import type { WriterKind } from '../../../../core/change/copy-conditions.js';
import { BulkEncoder } from './bulk-encoder.js';
import { InfileSender } from './infile-sender.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import { renderQueryStart } from '../../protocol/packets.js';
import type { RowSender } from './row-sender.js';
import { StatementBuffer } from './statement-buffer.js';
import { type StatementForm, type StatementLimits, StatementSender } from './statement-sender.js';
import {
  type TablePlace,
  type TableSql,
  renderBulkInsert,
  renderInsertStart,
  renderLoad,
} from '../statements/table-sql.js';
import { TableWriter } from './table-writer.js';
import { TargetExchange } from '../wire/target-exchange.js';
import type { TransferColumn } from '../statements/transfer-columns.js';
import { TsvEncoder } from './tsv-encoder.js';
import { ValuesEncoder } from './values-encoder.js';

export interface WriterChoice {
  readonly usual: WriterKind;
  /** Whether rows that are larger than a packet may go by LOAD DATA. */
  readonly large: 'load' | 'as-usual';
  readonly limits: StatementLimits;
}

export interface OpenTableWriter {
  readonly writer: TableWriter;
  /** Sends what is left and commits. There will be no more rows. */
  readonly finish: () => Promise<void>;
  /** Gives the connection back. */
  readonly close: () => void;
}

export const openTableWriter = async (
  lane: LaneConnection,
  sql: TableSql,
  place: TablePlace,
  choice: WriterChoice,
): Promise<OpenTableWriter> => {
  const bulkInsert = choice.usual === 'bulk' ? renderBulkInsert(sql, place) : undefined;
  const statement = bulkInsert === undefined ? undefined : await lane.prepare(bulkInsert);
  const exchange = new TargetExchange(lane.wire);
  const load = (): RowSender =>
    new InfileSender(
      renderLoad(sql, place, `mysql-sync-${randomUUID()}`),
      (out) => new TsvEncoder(out, sql.columns.length),
      exchange,
      choice.limits.warnings,
    );
  const out =
    choice.usual === 'load'
      ? undefined
      : new StatementBuffer(lane.memory, choice.limits.maxPacketBytes, (packet) => exchange.write(packet));
  const makeUsual = (): RowSender => {
    if (!out) return load();
    const form =
      statement === undefined ? describeInsert(sql, place, out) : describeBulk(sql.columns, statement, out);
    return new StatementSender(form, out, exchange, choice.limits);
  };
  const usual = makeUsual();
  const hasOwnWay = choice.usual !== 'load' && choice.large === 'load';
  const writer = new TableWriter(exchange, usual, hasOwnWay ? load() : usual);
  return {
    writer,
    finish: async () => {
      await writer.finish();
      // Not after a failure: a read may still be writing into it.
      out?.close();
    },
    close: () => {
      exchange.close();
      if (bulkInsert !== undefined) lane.unprepare(bulkInsert);
    },
  };
};

const NOTHING = Buffer.alloc(0);

const describeInsert = (sql: TableSql, place: TablePlace, out: StatementBuffer): StatementForm => ({
  encoder: new ValuesEncoder(out, sql.columns),
  opening: renderQueryStart(renderInsertStart(sql, place)),
  separator: Buffer.from('),('),
  closing: Buffer.from(')'),
});

const COM_STMT_BULK_EXECUTE = 0xfa;
const SENDS_TYPES = 128;
/** Bytes are stored as they are; text is UTF-8. */
const TYPES = { integer: 0xfc, decimal: 0xfc, float: 0xfc, bytes: 0xfc, text: 0xfd } as const;

const describeBulk = (
  columns: readonly TransferColumn[],
  statement: number,
  out: StatementBuffer,
): StatementForm => {
  const opening = Buffer.alloc(7 + 2 * columns.length);
  opening.writeUInt8(COM_STMT_BULK_EXECUTE, 0);
  opening.writeUInt32LE(statement, 1);
  opening.writeUInt16LE(SENDS_TYPES, 5);
  columns.forEach(({ literal }, index) => opening.writeUInt8(TYPES[literal], 7 + 2 * index));
  return {
    encoder: new BulkEncoder(out, columns.length),
    opening,
    separator: NOTHING,
    closing: NOTHING,
  };
};

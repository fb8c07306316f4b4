import type { LoadStatement } from '../statements/table-sql.js';
import { BugError } from '../../../../core/errors.js';
import type { OutputBuffer, RowEncoder } from './output-buffer.js';
import { HEADER_BYTES, renderQuery, writeHeader } from '../../protocol/packets.js';
import { type RowSender, type WarningsOfRows, checkTaken } from './row-sender.js';
import { LARGE_ROW_BYTES, type RowSink } from '../wire/row-sink.js';
import type { TargetExchange } from '../wire/target-exchange.js';

/** Data packets may have any length; these are small enough to be passed on while the next one is filled. */
const PACKET_BYTES = 262_144;
/** One LOAD DATA takes about so much. */
const STATEMENT_BYTES = 33_554_432;
/** The command is packet 0 and the server's request for the file packet 1. */
const FIRST_SEQUENCE = 2;

/** Rows as the file of LOAD DATA LOCAL INFILE, which leaves in packets while rows come in. */
export class InfileSender implements RowSender, OutputBuffer {
  bytes: Buffer = Buffer.alloc(0);
  at = HEADER_BYTES;
  /** Of whole rows: in the middle of one nothing can be ended. */
  sentBytes = 0;
  readonly #statement: LoadStatement;
  readonly #encoder: RowEncoder;
  readonly #exchange: TargetExchange;
  readonly #warnings: WarningsOfRows;
  #state: 'closed' | 'asked' | 'open' = 'closed';
  #waiting: Buffer[] = [];
  /** Of the usual size, and passed on by now. */
  readonly #spare: Buffer[] = [];
  #sequence = FIRST_SEQUENCE;
  #rows = 0;
  #statementBytes = 0;
  #packetBytes = 0;

  /** `makeEncoder` gets this sender as the place where it writes. */
  constructor(
    statement: LoadStatement,
    makeEncoder: (out: OutputBuffer) => RowEncoder,
    exchange: TargetExchange,
    warnings: WarningsOfRows,
  ) {
    this.#statement = statement;
    this.#encoder = makeEncoder(this);
    this.#exchange = exchange;
    this.#warnings = warnings;
  }

  get isBlocked(): boolean {
    return this.#state === 'asked';
  }

  beginRow(payloadBytes: number): RowSink {
    if (this.#state === 'closed') this.#open();
    if (payloadBytes <= LARGE_ROW_BYTES) this.reserve(this.#encoder.worstRowBytes(payloadBytes));
    return this.#encoder;
  }

  mayHold(): boolean {
    return false;
  }

  reserve(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    if (this.at > HEADER_BYTES) this.#sendPacket();
    if (HEADER_BYTES + bytes > this.bytes.length)
      this.bytes = Buffer.allocUnsafeSlow(Math.max(PACKET_BYTES, HEADER_BYTES + bytes));
  }

  endRow(): void {
    this.#rows += 1;
    this.sentBytes = this.#packetBytes;
    if (this.#statementBytes >= STATEMENT_BYTES) this.flush();
  }

  flush(): void {
    if (this.#state === 'closed') return;
    if (this.at > HEADER_BYTES) this.#sendPacket();
    // An empty packet is the end of the file.
    this.#sendPacket();
    this.sentBytes = this.#packetBytes;
    const rows = this.#rows;
    // LOCAL means IGNORE: rows that clash are left out and values that do not fit are changed, with a warning each.
    this.#exchange.expect((reply) => checkTaken(rows, reply, this.#warnings), this.#sequence);
    if (this.#state === 'asked') throw new BugError('a file ended before the server had asked for it');
    this.#state = 'closed';
  }

  #open(): void {
    this.#state = 'asked';
    this.#sequence = FIRST_SEQUENCE;
    this.#rows = 0;
    this.#statementBytes = 0;
    this.at = HEADER_BYTES;
    this.#exchange.expectRequest(this.#statement.file, () => this.#sendWaiting());
    this.#exchange.write(renderQuery(this.#statement.sql));
  }

  #sendWaiting(): void {
    this.#state = 'open';
    for (const packet of this.#waiting.splice(0)) this.#write(packet);
  }

  #sendPacket(): void {
    const length = this.at - HEADER_BYTES;
    writeHeader(this.bytes, length, this.#sequence);
    const packet = this.bytes.subarray(0, this.at);
    this.#sequence = (this.#sequence + 1) & 0xff;
    this.#statementBytes += length;
    this.#packetBytes += length;
    this.bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(PACKET_BYTES);
    this.at = HEADER_BYTES;
    if (this.#state === 'asked') this.#waiting.push(packet);
    else this.#write(packet);
  }

  #write(packet: Buffer): void {
    const { buffer } = packet;
    this.#exchange.write(packet, () => {
      if (buffer.byteLength === PACKET_BYTES) this.#spare.push(Buffer.from(buffer));
    });
  }
}

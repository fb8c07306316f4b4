import type { RowEncoder } from './output-buffer.js';
import { LONGEST_PACKET } from '../../protocol/packets.js';
import { LARGE_ROW_BYTES, type RowSink } from '../wire/row-sink.js';
import { LargeRowError } from './large-row-error.js';
import { type RowSender, type WarningsOfRows, checkTaken } from './row-sender.js';
import type { StatementBuffer } from './statement-buffer.js';
import type { TargetExchange } from '../wire/target-exchange.js';

/** How rows stand in one kind of statement. */
export interface StatementForm {
  readonly encoder: RowEncoder;
  /** The command up to the first row. */
  readonly opening: Buffer;
  /** Between two rows, and after the last one. */
  readonly separator: Buffer;
  readonly closing: Buffer;
}

/** Large enough that a statement costs nothing beside its rows, small enough to stay in a processor's cache. */
const STATEMENT_BYTES = 524_288;

/** A table up to this size is one statement, which commits itself. */
const HELD_BYTES = 131_072;

export interface StatementLimits {
  /** `max_allowed_packet` of the target. */
  readonly maxPacketBytes: number;
  readonly warnings: WarningsOfRows;
}

/** Rows in statements of about `STATEMENT_BYTES`, each of which must take exactly its rows, without a warning. */
export class StatementSender implements RowSender {
  readonly isBlocked = false;
  sentBytes = 0;
  readonly #form: StatementForm;
  readonly #out: StatementBuffer;
  readonly #exchange: TargetExchange;
  readonly #limits: StatementLimits;

  constructor(form: StatementForm, out: StatementBuffer, exchange: TargetExchange, limits: StatementLimits) {
    this.#form = form;
    this.#out = out;
    this.#exchange = exchange;
    this.#limits = limits;
  }

  beginRow(payloadBytes: number): RowSink {
    const { encoder, opening, separator } = this.#form;
    const rowBytes = encoder.worstRowBytes(payloadBytes);
    // Nobody knows yet how large a large one is, so it has a statement of its own.
    const isLarge = payloadBytes > LARGE_ROW_BYTES;
    if (this.#out.rows > 0 && (isLarge || !this.#hasRoom(rowBytes))) this.flush();
    if (this.#out.rows === 0) this.#out.append(opening);
    else if (separator.length > 0) this.#out.append(separator);
    if (!isLarge) this.#out.reserve(rowBytes);
    return encoder;
  }

  mayHold(payloadBytes: number): boolean {
    const bytes = this.#out.commandBytes + this.#form.encoder.worstRowBytes(payloadBytes);
    return bytes < Math.min(HELD_BYTES, this.#limits.maxPacketBytes);
  }

  flush(): void {
    const out = this.#out;
    if (out.rows === 0) return;
    out.append(this.#form.closing);
    const { rows, commandBytes } = out;
    if (out.isTooLarge) throw new LargeRowError(commandBytes, this.#limits.maxPacketBytes);
    this.#exchange.expect((reply) => {
      out.recycle(sent);
      checkTaken(rows, reply, this.#limits.warnings);
    }, answerSequence(commandBytes));
    const sent = out.finish();
    this.sentBytes += commandBytes;
  }

  #hasRoom(rowBytes: number): boolean {
    const { commandBytes } = this.#out;
    return commandBytes < STATEMENT_BYTES && commandBytes + rowBytes < this.#limits.maxPacketBytes;
  }
}

/** The number that follows those of the statement's packets, of which the last one is not of the longest kind. */
const answerSequence = (commandBytes: number): number =>
  (Math.floor(commandBytes / LONGEST_PACKET) + 1) & 0xff;

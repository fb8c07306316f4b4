import type { RowSender } from './row-sender.js';
import { LARGE_ROW_BYTES, type RowSink, type RowWriter } from '../wire/row-sink.js';
import type { TargetExchange } from '../wire/target-exchange.js';

/** A transaction of this size is committed at the end of the row. */
const TRANSACTION_BYTES = 67_108_864;

/** Writes rows to one table of the target, large ones by a way of their own where there is one. */
export class TableWriter implements RowWriter {
  readonly #exchange: TargetExchange;
  readonly #usual: RowSender;
  readonly #large: RowSender;
  #current: RowSender;
  #isInTransaction = false;
  #committedBytes = 0;

  constructor(exchange: TargetExchange, usual: RowSender, large: RowSender = usual) {
    this.#exchange = exchange;
    this.#usual = usual;
    this.#large = large;
    this.#current = usual;
  }

  beginRow(payloadBytes: number): RowSink {
    const sender = payloadBytes > LARGE_ROW_BYTES ? this.#large : this.#usual;
    if (!this.#isInTransaction && !sender.mayHold(payloadBytes)) {
      this.#exchange.begin();
      this.#isInTransaction = true;
    }
    if (sender !== this.#current) {
      this.#current.flush();
      this.#current = sender;
    }
    return sender.beginRow(payloadBytes);
  }

  get mustStop(): boolean {
    return this.#sentBytes - this.#committedBytes > TRANSACTION_BYTES;
  }

  get isFull(): boolean {
    return this.#exchange.isBehind || this.#current.isBlocked || this.mustStop;
  }

  async whenReady(): Promise<void> {
    if (this.mustStop) await this.finish();
    else if (this.#current.isBlocked) await this.#exchange.settle(0);
    else await this.#exchange.catchUp();
  }

  /** Sends what is left and commits. The rows are at the target when it resolves, all of them and unchanged. */
  async finish(): Promise<void> {
    if (this.#current.isBlocked) await this.#exchange.settle(0);
    this.#current.flush();
    // Small tables are one statement, which needs no transaction around it: the session commits by itself.
    await (this.#isInTransaction ? this.#exchange.commit() : this.#exchange.settle(0));
    this.#isInTransaction = false;
    this.#committedBytes = this.#sentBytes;
  }

  get #sentBytes(): number {
    return this.#usual.sentBytes + (this.#large === this.#usual ? 0 : this.#large.sentBytes);
  }
}

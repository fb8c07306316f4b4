import { MalformedReply } from './malformed-reply.js';
import { checkCells, readColumnCount, readEof } from './packets.js';

/** A definition has names of at most 256 characters, and no comments. */
export const MOST_HEAD_BYTES = 65_535;
/** Catalog, database, table and column, the latter two also as they are in the table, and the numbers. */
export const DEFINITION_CELLS = 7;

/** What comes before the rows of a result: the number of columns, their definitions, EOF. */
export class ResultHead {
  columns = 0;
  isComplete = false;
  readonly #expected: number | undefined;
  #definitions = 0;

  /** `expected` is how many columns there are, where that is known. */
  constructor(expected?: number) {
    this.#expected = expected;
  }

  /** Takes the payload of the next packet. @throws MalformedReply */
  take(bytes: Buffer, from: number, to: number): void {
    if (this.columns === 0) {
      this.columns = readColumnCount(bytes, from, to);
      if (this.#expected !== undefined && this.columns !== this.#expected)
        throw new MalformedReply(`${this.columns} columns where ${this.#expected} were asked for`);
    } else if (this.#definitions < this.columns) {
      // MariaDB adds one to the definitions of clients that know it.
      checkCells(bytes, from, to, DEFINITION_CELLS, DEFINITION_CELLS + 1);
      this.#definitions += 1;
    } else {
      readEof(bytes, from, to);
      this.isComplete = true;
    }
  }
}

import { type Hash, createHash, hash } from 'node:crypto';

/** So many bytes of a row's SHA-256 are summed: 104 bits. */
const SUMMED_BYTES = 13;

/** HEX of two hexadecimal digits. */
const DIGITS_OF_BYTE = 10_000n;

/**
 * The sum of the numbers that stand for the rows of an answer, each by the bytes that carried its cells, in any order: what
 * `renderCarriedSum` has a server compute of the rows that it stores. How often each byte was at each place of a hash is
 * counted, because adding up large numbers row by row would cost more than hashing.
 */
export class CarriedSum {
  readonly #counts = new Float64Array(SUMMED_BYTES * 256);
  #large: Hash | undefined;

  /** A row that is whole: from its first cell's length to the end of its last cell. */
  addRow(chunk: Buffer, from: number, to: number): void {
    this.#add(hash('sha256', chunk.subarray(from, to), 'binary'));
  }

  /** Of a row that comes in parts. */
  addPart(chunk: Buffer, from: number, to: number): void {
    this.#large ??= createHash('sha256');
    this.#large.update(chunk.subarray(from, to));
  }

  endParts(): void {
    if (this.#large) this.#add(this.#large.digest('binary'));
    this.#large = undefined;
  }

  /** Decimal digits. */
  toString(): string {
    let sum = 0n;
    for (let place = 0; place < SUMMED_BYTES; place += 1) {
      sum *= DIGITS_OF_BYTE;
      for (let byte = 0; byte < 256; byte += 1)
        sum += BigInt(this.#counts[place * 256 + byte] as number) * digitsOf(byte);
    }
    return sum.toString();
  }

  #add(digest: string): void {
    for (let place = 0; place < SUMMED_BYTES; place += 1) {
      const at = place * 256 + digest.charCodeAt(place);
      this.#counts[at] = (this.#counts[at] as number) + 1;
    }
  }
}

/** SHA2 gives hexadecimal digits, and HEX of such a digit is two decimal ones. */
const digitsOf = (byte: number): bigint =>
  BigInt(Buffer.from(byte.toString(16).padStart(2, '0')).toString('hex'));

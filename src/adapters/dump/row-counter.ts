const NEWLINE = 10;
const QUOTE = 39;
const OPENING = 40;
const SEMICOLON = 59;
const BACKSLASH = 92;

/**
 * Counts the rows of one INSERT statement after another, from behind VALUES to the semicolon, over any chunks: each
 * opening parenthesis outside of strings is a row. Both shapes come out the same, a row a line (MariaDB) and all rows
 * on one line (MySQL). About half a second of processor time for a gigabyte of text.
 */
export class RowCounter {
  #rows = 0;
  #newlines = 0;
  #isInString = false;
  #isEscaped = false;
  #isComplete = false;

  begin(): void {
    this.#rows = 0;
    this.#newlines = 0;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isComplete = false;
  }

  /** Of the statement so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Outside of strings, where the clients write none. */
  get newlines(): number {
    return this.#newlines;
  }

  /** The semicolon was read. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Reads on from `start`. Returns the position behind the semicolon, or the chunk's length. */
  read(chunk: Buffer, start: number): number {
    let position = this.#isInString ? this.#leaveString(chunk, start + (this.#isEscaped ? 1 : 0)) : start;
    while (position < chunk.length) {
      const byte = chunk[position];
      position += 1;
      if (byte === QUOTE) position = this.#leaveString(chunk, position);
      else if (byte === OPENING) this.#rows += 1;
      else if (byte === NEWLINE) this.#newlines += 1;
      else if (byte === SEMICOLON) {
        this.#isComplete = true;
        return position;
      }
    }
    return chunk.length;
  }

  #leaveString(chunk: Buffer, start: number): number {
    const end = findStringEnd(chunk, start);
    this.#isInString = end >= chunk.length;
    this.#isEscaped = end > chunk.length;
    return end + 1;
  }
}

/** About as many bytes as can be looked at in the time that one call of indexOf takes. */
const NEAR_BYTES = 24;

/** Where the string's closing quote is; the length when it goes on in the next chunk, one more when it does so escaped. */
const findStringEnd = (chunk: Buffer, start: number): number => {
  let position = start;
  while (position < chunk.length) {
    const near = Math.min(position + NEAR_BYTES, chunk.length);
    for (; position < near; position += 1) {
      const byte = chunk[position];
      if (byte === QUOTE) return position;
      if (byte === BACKSLASH) position += 1;
    }
    if (position >= chunk.length) break;
    const quote = chunk.indexOf(QUOTE, position);
    const end = quote === -1 ? chunk.length : quote;
    if (countBackslashesBefore(chunk, end, position) % 2 === 0) return end;
    position = end + 1;
  }
  return position;
};

const countBackslashesBefore = (chunk: Buffer, end: number, start: number): number => {
  let position = end;
  while (position > start && chunk[position - 1] === BACKSLASH) position -= 1;
  return end - position;
};

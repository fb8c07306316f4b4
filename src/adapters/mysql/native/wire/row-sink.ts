/** Takes the cells of one row after another, in the order of the columns. Lengths are in bytes. */
export interface RowSink {
  nullCell(): void;
  /** A whole cell: `chunk` from `from` to `to`; its length prefix begins at `start`. */
  cell(chunk: Buffer, start: number, from: number, to: number): void;
  /** A cell that arrives in parts, with its length prefix. */
  openCell(prefix: Buffer): void;
  part(chunk: Buffer, from: number, to: number): void;
  closeCell(): void;
  endRow(): void;
}

/** Where rows go. Row by row it says what takes the cells, with room for all of a row up to `LARGE_ROW_BYTES`. */
export interface RowWriter {
  /** `payloadBytes`: cells and their length prefixes; for larger rows only what is known so far. */
  beginRow(payloadBytes: number): RowSink;
  /** Not one more row before `whenReady`. */
  readonly mustStop: boolean;
  /** Reading should pause until `whenReady`. */
  readonly isFull: boolean;
  /** @throws what the target refused */
  whenReady(): Promise<void>;
}

/** Larger rows are passed on in parts and never held whole. */
export const LARGE_ROW_BYTES = 1_048_576;

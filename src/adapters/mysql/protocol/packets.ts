import { MalformedReply } from './malformed-reply.js';

/** The few packets of the client/server protocol that a copy needs below mysql2. A header is 3 bytes length, 1 byte number. */
export const HEADER_BYTES = 4;
/** A packet of this length is continued by the next one. */
export const LONGEST_PACKET = 0xff_ff_ff;

export const NULL_CELL = 0xfb;
/** `LOAD DATA LOCAL`: the server asks for the file of a name. */
export const INFILE = 0xfb;
export const EOF = 0xfe;
export const ERROR = 0xff;

const COM_QUERY = 0x03;

/** What a server says of a statement that it has done and that gives no rows. */
export interface Done {
  readonly kind: 'done';
  readonly rows: number;
  readonly warnings: number;
  /** Where in the payload the text begins. It is in the server's language. */
  readonly textAt: number;
}

/** What a server answers to a statement that gives no rows. */
export type Reply = Done | { readonly kind: 'wants-file'; readonly name: string };

export const writeHeader = (bytes: Buffer, length: number, sequence: number): void => {
  bytes[0] = length;
  bytes[1] = length >>> 8;
  bytes[2] = length >>> 16;
  bytes[3] = sequence;
};

export const readPacketLength = (bytes: Buffer, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);

/** A whole packet that runs a short statement. */
export const renderQuery = (sql: string): Buffer => {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + 1 + Buffer.byteLength(sql));
  writeHeader(bytes, bytes.length - HEADER_BYTES, 0);
  bytes[HEADER_BYTES] = COM_QUERY;
  bytes.write(sql, HEADER_BYTES + 1);
  return bytes;
};

/** The first bytes of a statement's packet, without its header. */
export const renderQueryStart = (sql: string): Buffer => Buffer.from(`\x03${sql}`);

/** The server's own error as mysql2 would give it. `payload` begins with ERROR. */
export const readError = (payload: Buffer): Error => {
  if (payload.length < 3) return new MalformedReply('an error without a number');
  const hasState = payload[3] === 0x23;
  return Object.assign(new Error(payload.toString('utf8', hasState ? 9 : 3)), {
    errno: payload.readUInt16LE(1),
    sqlState: hasState ? payload.toString('latin1', 4, 9) : 'HY000',
  });
};

const OK = 0x00;

/** @throws the server's error, MalformedReply */
export const readReply = (payload: Buffer): Reply => {
  if (payload[0] === ERROR) throw readError(payload);
  if (payload[0] === INFILE) return { kind: 'wants-file', name: payload.toString('utf8', 1) };
  if (payload[0] !== OK) throw new MalformedReply('rows, or nothing, in answer to a statement that has none');
  const rows = readLength(payload, 1, payload.length);
  const insertId = readLength(payload, rows.end, payload.length);
  if (insertId.end + 4 > payload.length) throw new MalformedReply('an answer that ends too early');
  const textAt = insertId.end + 4;
  return {
    kind: 'done',
    rows: rows.value,
    warnings: payload.readUInt16LE(textAt - 2),
    textAt,
  };
};

/** The most that servers take in a table or a SELECT. */
const MOST_COLUMNS = 4_096;

/** The first packet of a result with rows. @throws MalformedReply */
export const readColumnCount = (bytes: Buffer, from: number, to: number): number => {
  if (bytes[from] === INFILE) throw new MalformedReply('it asked for a file that it was not offered');
  const { value, end } = readLength(bytes, from, to);
  if (end !== to || value === 0) throw new MalformedReply('no rows in answer to a query');
  if (value > MOST_COLUMNS) throw new MalformedReply(`a result of ${value} columns`);
  return value;
};

/** In the second half of the capabilities that a server offers: what it says with OK has lengths. */
const SESSION_TRACK = 0x80;
/** The thread, half of a random text and its end; then half of the capabilities, a character set and a status. */
const BETWEEN_VERSION_AND_CAPABILITIES = 4 + 8 + 1 + 2 + 1 + 2;

/** Whether a greeting offers to tell changes of the session. */
export const offersSessionTracking = (bytes: Buffer, from: number, to: number): boolean => {
  const versionEnd = bytes.indexOf(0, from + 1);
  const at = versionEnd + 1 + BETWEEN_VERSION_AND_CAPABILITIES;
  return versionEnd !== -1 && at + 2 <= to && (bytes.readUInt16LE(at) & SESSION_TRACK) !== 0;
};

/** How many texts each kind of change of a session has: a variable, the database, that there was one, transactions. */
const CHANGE_TEXTS: readonly number[] = [2, 1, 1, 2];

/** What an OK of a server that tracks sessions says: a text, and the changes of the session. @throws MalformedReply */
export const checkTracked = (bytes: Buffer, from: number, to: number): void => {
  if (from === to) return;
  checkCells(bytes, from, to, 1, 2);
  const text = readLength(bytes, from, to);
  const changesAt = text.end + text.value;
  if (changesAt === to) return;
  for (let at = readLength(bytes, changesAt, to).end; at < to;) {
    const texts = CHANGE_TEXTS[bytes[at] as number];
    const length = readLength(bytes, at + 1, to);
    at = length.end + length.value;
    if (at > to) throw longCellError();
    if (texts !== undefined) checkCells(bytes, length.end, at, texts);
  }
};

const EOF_BYTES = 5;
/** A row that begins with the same byte has a cell of 16 MB. */
const SHORTEST_ROW_AFTER_EOF_BYTE = 9;
const MORE_RESULTS = 8;

export const isEof = (bytes: Buffer, from: number, to: number): boolean =>
  bytes[from] === EOF && to - from < SHORTEST_ROW_AFTER_EOF_BYTE;

/** Whether another result follows. @throws MalformedReply */
export const readEof = (bytes: Buffer, from: number, to: number): { readonly hasMoreResults: boolean } => {
  if (bytes[from] !== EOF || to - from !== EOF_BYTES) throw new MalformedReply('a packet where EOF must be');
  return { hasMoreResults: (bytes.readUInt16LE(from + 3) & MORE_RESULTS) !== 0 };
};

/** A LONGBLOB, which nothing is longer than. */
export const MOST_CELL_BYTES = 0xff_ff_ff_ff;
const NO_LENGTH = 0xff;

/** A length-encoded integer that ends at `limit` or before. @throws MalformedReply */
export const readLength = (
  bytes: Buffer,
  at: number,
  limit: number,
): { readonly value: number; readonly end: number } => {
  const first = bytes[at] ?? NO_LENGTH;
  const end = at + lengthBytes(first);
  if (end > limit || first === NULL_CELL || first === NO_LENGTH)
    throw new MalformedReply('a packet ends in the middle of a length');
  if (first < NULL_CELL) return { value: first, end };
  if (first === 0xfc) return { value: bytes.readUInt16LE(at + 1), end };
  if (first === 0xfd) return { value: bytes.readUIntLE(at + 1, 3), end };
  return { value: bytes.readUInt32LE(at + 1) + bytes.readUInt32LE(at + 5) * 2 ** 32, end };
};

/** How many bytes a length-encoded integer takes, by its first byte. */
export const lengthBytes = (first: number): number => {
  if (first < 0xfc) return 1;
  if (first === 0xfc) return 3;
  return first === 0xfd ? 4 : 9;
};

/** Whether a payload is so many cells and nothing else. @throws MalformedReply */
export const checkCells = (bytes: Buffer, from: number, to: number, fewest: number, most = fewest): void => {
  let cells = 0;
  let at = from;
  for (; at < to; cells += 1) {
    const first = bytes[at] as number;
    // Short cells, nearly all of them, at once: this is done to every row that mysql2 reads.
    if (first < NULL_CELL) at += 1 + first;
    else if (first === NULL_CELL) at += 1;
    else {
      const { value, end } = readLength(bytes, at, to);
      at = end + value;
    }
  }
  if (at > to) throw longCellError();
  if (cells < fewest || cells > most) throw cellCountError(cells);
};

export const longCellError = (): Error => new MalformedReply('a cell is longer than its packet');
export const cellCountError = (cells: number): Error =>
  new MalformedReply(`${cells} cells in a row with a different number of columns`);
export const sequenceError = (): Error => new MalformedReply('a packet out of sequence');

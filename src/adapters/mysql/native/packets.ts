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

/** What a server answers to a statement that gives no rows. */
export type Reply =
  | { readonly kind: 'done'; readonly rows: number; readonly warnings: number; readonly text: string }
  | { readonly kind: 'wants-file'; readonly name: string };

export const writeHeader = (bytes: Buffer, length: number, sequence: number): void => {
  bytes[0] = length;
  bytes[1] = length >>> 8;
  bytes[2] = length >>> 16;
  bytes[3] = sequence;
};

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
  const hasState = payload[3] === 0x23;
  return Object.assign(new Error(payload.toString('utf8', hasState ? 9 : 3)), {
    errno: payload.readUInt16LE(1),
    sqlState: hasState ? payload.toString('latin1', 4, 9) : 'HY000',
  });
};

/** @throws the server's error */
export const readReply = (payload: Buffer): Reply => {
  if (payload[0] === ERROR) throw readError(payload);
  if (payload[0] === INFILE) return { kind: 'wants-file', name: payload.toString('utf8', 1) };
  const rows = readLength(payload, 1);
  const insertId = readLength(payload, rows.end);
  return {
    kind: 'done',
    rows: rows.value,
    warnings: payload.readUInt16LE(insertId.end + 2),
    text: payload.toString('latin1', insertId.end + 4),
  };
};

/** A length-encoded integer. Beyond 2^53 it is not exact, and no length is. */
export const readLength = (bytes: Buffer, at: number): { readonly value: number; readonly end: number } => {
  const first = bytes[at] ?? 0;
  if (first < NULL_CELL) return { value: first, end: at + 1 };
  if (first === 0xfc) return { value: bytes.readUInt16LE(at + 1), end: at + 3 };
  if (first === 0xfd) return { value: bytes.readUIntLE(at + 1, 3), end: at + 4 };
  return { value: bytes.readUInt32LE(at + 1) + bytes.readUInt32LE(at + 5) * 2 ** 32, end: at + 9 };
};

/** How many bytes a length-encoded integer takes, by its first byte. */
export const lengthBytes = (first: number): number => {
  if (first < 0xfc) return 1;
  if (first === 0xfc) return 3;
  return first === 0xfd ? 4 : 9;
};

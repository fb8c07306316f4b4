import type mysql from 'mysql2/promise';
import { supports } from '../../../core/server/features.js';
import type { ServerFacts } from '../../../core/server/inventory.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import { quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';

/**
 * Runs the statement in the session that the program was made in: the server stores sql_mode, character set and
 * collation of the session with every program, and the time zone with every event. Leaves the session behind changed.
 */
export const runAsMade = async (
  connection: mysql.Connection,
  program: ProgramDefinition,
  statement: string,
  { flavor }: Pick<ServerFacts, 'flavor'>,
): Promise<void> => {
  const { sqlMode, charsetClient, collationConnection, timeZone = '+00:00' } = program;
  await connection.query('SET NAMES utf8mb4');
  const bytes = await encodeStatement(connection, statement, charsetClient);
  // This mode never had an effect on a program, and MySQL 8.0.11 stopped knowing it.
  const modes = supports(flavor, 'noAutoCreateUserGone')
    ? sqlMode.replace(/,?NO_AUTO_CREATE_USER/, '')
    : sqlMode;
  await connection.query(
    `SET SESSION sql_mode = ${quoteText(modes)}, time_zone = ${quoteText(timeZone)},
       character_set_client = ${quoteText(charsetClient)}, collation_connection = ${quoteText(collationConnection)}`,
  );
  await sendBytes(connection, bytes);
};

const UNICODE_CLIENTS = new Set(['utf8', 'utf8mb3', 'utf8mb4', 'binary']);

/** The statement as the client of that day would have sent it. The server knows its character sets best. */
const encodeStatement = async (
  connection: mysql.Connection,
  statement: string,
  charset: string,
): Promise<Buffer> => {
  const unicode = Buffer.from(statement, 'utf8');
  if (UNICODE_CLIENTS.has(charset) || !/[^\0-\x7f]/.test(statement)) return unicode;
  if (!/^\w+$/.test(charset)) throw new Error('no character set has the name that it is stored with');
  const encoded = `CONVERT(${quoteText(statement)} USING ${charset})`;
  const [row = []] = await readRows(
    connection,
    `SELECT HEX(${encoded}), CAST(CONVERT(${encoded} USING utf8mb4) AS BINARY) = CAST(${quoteText(statement)} AS BINARY)`,
  );
  if (row[1] !== '1')
    throw new Error(`its text cannot be written in ${charset}, the character set of the client that made it`);
  return Buffer.from(row[0] ?? '', 'hex');
};

/** mysql2's number for a character set whose encoding in Node is one byte for each character, unchanged. */
const TRANSPARENT_CHARSET = 8;
const UTF8MB4_CHARSET = 45;

/** mysql2 encodes statements for the session's character set by tables of its own, so it is handed plain bytes. */
const sendBytes = async (connection: mysql.Connection, bytes: Buffer): Promise<void> => {
  connection.config.charsetNumber = TRANSPARENT_CHARSET;
  try {
    await connection.query(bytes.toString('latin1'));
  } finally {
    connection.config.charsetNumber = UTF8MB4_CHARSET;
  }
};

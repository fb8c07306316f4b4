import type mysql from 'mysql2/promise';
import { type DatabaseName, JOURNAL_TABLE, isScratchDatabase, toDatabaseName } from '../../core/names.js';
import type { Scratch } from '../../engine/ports.js';
import { isUnknownTable } from './errors.js';
import { quoteTable, quoteText } from './identifiers.js';
import { readColumn, readRows } from './rows.js';

export const listScratch = async (connection: mysql.Connection): Promise<readonly Scratch[]> => {
  const names = await readColumn(
    connection,
    `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'mysql\\\\_sync\\\\_%' ORDER BY 1`,
  );
  const found: Scratch[] = [];
  for (const database of names.map(toDatabaseName).filter(isScratchDatabase))
    found.push({ database, journalBody: await readJournal(connection, database) });
  return found;
};

/** The server opens every table for this, which takes a millisecond each. */
export const measureDatabases = async (
  connection: mysql.Connection,
  databases: readonly DatabaseName[],
): Promise<ReadonlyMap<DatabaseName, number>> => {
  if (databases.length === 0) return new Map();
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, SUM(DATA_LENGTH + INDEX_LENGTH) FROM information_schema.TABLES
     WHERE TABLE_SCHEMA IN (${databases.map(quoteText).join(', ')}) GROUP BY TABLE_SCHEMA`,
  );
  return new Map(rows.map(([database, bytes]) => [toDatabaseName(database ?? ''), Number(bytes)]));
};

const readJournal = async (
  connection: mysql.Connection,
  database: DatabaseName,
): Promise<string | undefined> => {
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(
      `SELECT body FROM ${quoteTable(database, JOURNAL_TABLE)}`,
    );
    return rows[0] === undefined ? undefined : String(rows[0]['body']);
  } catch (error) {
    if (isUnknownTable(error)) return undefined;
    throw error;
  }
};

/** One row, replaced in one statement, so that a crash leaves the old text or the new. */
export const writeJournal = async (
  connection: mysql.Connection,
  scratch: DatabaseName,
  body: string,
): Promise<void> => {
  const table = quoteTable(scratch, JOURNAL_TABLE);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${table} (id TINYINT PRIMARY KEY, body LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  );
  await connection.query(`REPLACE INTO ${table} (id, body) VALUES (1, ${quoteText(body)})`);
};

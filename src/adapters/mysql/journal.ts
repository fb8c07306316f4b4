import type mysql from 'mysql2/promise';
import { type DatabaseName, JOURNAL_TABLE, isScratchDatabase, toDatabaseName } from '../../core/names.js';
import type { Scratch } from '../../engine/ports.js';
import { isUnknownTable } from './errors.js';
import { quoteTable, quoteText } from './identifiers.js';

export const listScratch = async (connection: mysql.Connection): Promise<readonly Scratch[]> => {
  const [rows] = await connection.query<mysql.RowDataPacket[]>(
    `SELECT SCHEMA_NAME AS name,
            (SELECT COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = s.SCHEMA_NAME) AS bytes
     FROM information_schema.SCHEMATA s WHERE SCHEMA_NAME LIKE 'mysql\\\\_sync\\\\_%' ORDER BY 1`,
  );
  const found: Scratch[] = [];
  for (const row of rows) {
    const database = toDatabaseName(String(row['name']));
    if (!isScratchDatabase(database)) continue;
    found.push({
      database,
      bytes: Number(row['bytes']),
      journalBody: await readJournal(connection, database),
    });
  }
  return found;
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

import type mysql from 'mysql2/promise';
import type { TestServer } from './servers.js';

/**
 * Everything that a database holds, read independently of the product's own reading: statements as the server prints
 * them, rows as hexadecimal in a fixed order. Two databases with equal content are copies of each other.
 */
export interface DatabaseContent {
  readonly database: Readonly<Record<string, unknown>>;
  readonly tables: Readonly<
    Record<string, { readonly definition: string; readonly rows: readonly string[] }>
  >;
  readonly programs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Undefined when there is no such database. */
export const readContent = async (
  server: TestServer,
  database: string,
): Promise<DatabaseContent | undefined> => {
  const connection = await server.connect();
  try {
    await connection.query("SET NAMES utf8mb4, SESSION time_zone = '+00:00', sql_mode = ''");
    const [schema] = await select(
      connection,
      'SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?',
      [database],
    );
    if (!schema) return undefined;
    // Views print unqualified names only for the current database.
    await connection.query(`USE ${quote(database)}`);
    return {
      database: { ...schema },
      tables: await readTables(connection, database),
      programs: await readPrograms(connection, database),
    };
  } finally {
    await connection.end();
  }
};

const select = async (
  connection: mysql.Connection,
  sql: string,
  values: readonly string[] = [],
): Promise<mysql.RowDataPacket[]> => {
  const [rows] = await connection.query<mysql.RowDataPacket[]>(sql, [...values]);
  return rows;
};

const readTables = async (
  connection: mysql.Connection,
  database: string,
): Promise<DatabaseContent['tables']> => {
  const found = await select(
    connection,
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'VIEW' ORDER BY 1",
    [database],
  );
  const tables: Record<string, { definition: string; rows: readonly string[] }> = {};
  for (const { name } of found as { name: string }[]) {
    const [definition] = await select(connection, `SHOW CREATE TABLE ${quote(name)}`);
    const columns = await select(
      connection,
      'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION',
      [database, name],
    );
    const cells = (columns as { name: string }[]).map(
      (column) => `COALESCE(HEX(${quote(column.name)}), 'NULL')`,
    );
    const rows = await select(
      connection,
      `SELECT CONCAT_WS(',', ${cells.join(', ')}) AS line FROM ${quote(name)} ORDER BY 1`,
    );
    tables[name] = {
      definition: String(definition?.['Create Table']),
      rows: rows.map((row) => String(row['line'])),
    };
  }
  return tables;
};

const PROGRAM_QUERIES: Readonly<Record<string, string>> = {
  VIEW: 'SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?',
  TRIGGER: 'SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?',
  PROCEDURE:
    "SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE = 'PROCEDURE'",
  FUNCTION:
    "SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE = 'FUNCTION'",
  EVENT: 'SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?',
};

const readPrograms = async (
  connection: mysql.Connection,
  database: string,
): Promise<DatabaseContent['programs']> => {
  const programs: Record<string, Record<string, unknown>> = {};
  for (const [kind, sql] of Object.entries(PROGRAM_QUERIES)) {
    for (const { name } of (await select(connection, `${sql} ORDER BY 1`, [database])) as {
      name: string;
    }[]) {
      const [printed] = await select(connection, `SHOW CREATE ${kind} ${quote(name)}`);
      programs[`${kind} ${name}`] = Object.fromEntries(
        Object.entries({ ...printed }).filter(([key]) => key !== 'Created'),
      );
    }
  }
  return programs;
};

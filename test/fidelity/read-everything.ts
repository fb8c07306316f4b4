import type mysql from 'mysql2/promise';
import type { TestServer } from '../support/servers.js';
import { readTexts } from './read-texts.js';

/**
 * What a database holds, read with statements of its own and none of the product's: what SHOW CREATE prints, byte for
 * byte, and every row as text that tells all values apart. Keys name the object: `table t`, `rows of t`, `view v`.
 */
export interface Everything {
  readonly facts: ReadonlyMap<string, string>;
  readonly tables: number;
  readonly rows: number;
  readonly programs: number;
}

type Cells = readonly (string | null)[];

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Cells as the bytes that came, one character each: not all that servers print is text. */
const selectBytes = async (connection: mysql.Connection, sql: string): Promise<readonly Cells[]> => {
  const [rows] = await connection.query<mysql.RowDataPacket[][]>({
    sql,
    rowsAsArray: true,
    typeCast: (field) => {
      const bytes: unknown = field.buffer();
      return Buffer.isBuffer(bytes) ? bytes.toString('latin1') : null;
    },
  });
  return rows as unknown as readonly Cells[];
};

const toText = (cell: string | null | undefined): string =>
  Buffer.from(cell ?? '', 'latin1').toString('utf8');

/** Undefined when there is no such database. */
export const readEverything = async (
  server: TestServer,
  database: string,
): Promise<Everything | undefined> => {
  const connection = await server.connect();
  try {
    await connection.query("SET NAMES utf8mb4, SESSION time_zone = '+00:00', sql_mode = ''");
    const literal = connection.escape(database);
    const known = await selectBytes(
      connection,
      "SHOW COLUMNS FROM information_schema.SCHEMATA WHERE Field IN ('SCHEMA_COMMENT', 'DEFAULT_ENCRYPTION')",
    );
    const [schema] = await selectBytes(
      connection,
      `SELECT ${['DEFAULT_CHARACTER_SET_NAME', 'DEFAULT_COLLATION_NAME', ...known.map(([name]) => name)].join(', ')}
       FROM information_schema.SCHEMATA WHERE CAST(SCHEMA_NAME AS BINARY) = CAST(${literal} AS BINARY)`,
    );
    if (!schema) return undefined;
    // Views are printed without the name of their database only when it is the current one.
    await connection.query(`USE ${quote(database)}`);
    const facts = new Map([['database', JSON.stringify(schema)]]);
    const counted = await readTables(connection, literal, facts);
    const programs = await readPrograms(connection, literal, facts);
    return { facts, programs, ...counted };
  } finally {
    await connection.end();
  }
};

const readTables = async (
  connection: mysql.Connection,
  database: string,
  facts: Map<string, string>,
): Promise<{ tables: number; rows: number }> => {
  const tables = await selectBytes(
    connection,
    `SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES
     WHERE CAST(TABLE_SCHEMA AS BINARY) = CAST(${database} AS BINARY) AND TABLE_TYPE <> 'VIEW'`,
  );
  let rows = 0;
  for (const [bytes, type] of tables) {
    const name = toText(bytes);
    const kind = type === 'SEQUENCE' ? 'SEQUENCE' : 'TABLE';
    const [printed] = await selectBytes(connection, `SHOW CREATE ${kind} ${quote(name)}`);
    facts.set(`table ${name}`, printed?.[1] ?? '');
    // There may be something other than the question mark that is printed.
    if (kind === 'TABLE' && printed?.[1]?.includes('?'))
      facts.set(`texts of ${name}`, await readHiddenTexts(connection, database, name));
    const cells = await listCells(connection, database, name, type ?? '');
    const from = type === 'SYSTEM VERSIONED' ? `${quote(name)} FOR SYSTEM_TIME ALL` : quote(name);
    const lines = await selectBytes(connection, `SELECT CONCAT_WS(',', ${cells.join(', ')}) FROM ${from}`);
    facts.set(
      `rows of ${name}`,
      lines
        .map(([line]) => line ?? '')
        .sort()
        .join('\n'),
    );
    rows += lines.length;
    if (type !== 'SYSTEM VERSIONED') continue;
    const [current] = await selectBytes(connection, `SELECT COUNT(*) FROM ${quote(name)}`);
    facts.set(`current rows of ${name}`, current?.[0] ?? '');
  }
  return { tables: tables.length, rows };
};

/** Defaults and members, and the expressions of MySQL, which its catalog has byte for byte. */
const readHiddenTexts = async (
  connection: mysql.Connection,
  database: string,
  table: string,
): Promise<string> => {
  const isOfTable = `CAST(TABLE_SCHEMA AS BINARY) = CAST(${database} AS BINARY)
    AND CAST(TABLE_NAME AS BINARY) = CAST(${connection.escape(table)} AS BINARY)`;
  const columns = await selectBytes(
    connection,
    `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE FROM information_schema.COLUMNS WHERE ${isOfTable} ORDER BY ORDINAL_POSITION`,
  );
  const texts = await readTexts(
    connection,
    (sql) => selectBytes(connection, sql),
    quote(table),
    columns.map(([name, dataType, columnType]) => ({
      name: quote(toText(name)),
      dataType: dataType ?? '',
      columnType: columnType ?? '',
    })),
  );
  const [version] = await selectBytes(connection, 'SELECT @@version');
  if (version?.[0]?.includes('MariaDB')) return texts;
  const expressions = await selectBytes(
    connection,
    `SELECT HEX(GENERATION_EXPRESSION), IF(EXTRA LIKE '%DEFAULT_GENERATED%', HEX(COLUMN_DEFAULT), NULL)
     FROM information_schema.COLUMNS WHERE ${isOfTable} ORDER BY ORDINAL_POSITION`,
  );
  const checks = await selectBytes(
    connection,
    `SELECT HEX(CHECK_CLAUSE) FROM information_schema.CHECK_CONSTRAINTS
     WHERE CAST(CONSTRAINT_SCHEMA AS BINARY) = CAST(${database} AS BINARY) ORDER BY CONSTRAINT_NAME`,
  );
  return [texts, ...[...expressions, ...checks].map((cells) => cells.join())].join('\n');
};

/** Every column, also hidden and generated ones, and of versioned tables those that are in no list. */
const listCells = async (
  connection: mysql.Connection,
  database: string,
  table: string,
  type: string,
): Promise<readonly string[]> => {
  const columns = await selectBytes(
    connection,
    `SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS
     WHERE CAST(TABLE_SCHEMA AS BINARY) = CAST(${database} AS BINARY)
       AND CAST(TABLE_NAME AS BINARY) = CAST(${connection.escape(table)} AS BINARY) ORDER BY ORDINAL_POSITION`,
  );
  const [printed] =
    type === 'SYSTEM VERSIONED' ? await selectBytes(connection, `SHOW CREATE TABLE ${quote(table)}`) : [];
  const isOpen = /AS ROW START/i.test(printed?.[1] ?? '');
  const hidden = type === 'SYSTEM VERSIONED' && !isOpen ? ['ROW_START', 'ROW_END'] : [];
  return [
    ...columns.flatMap(([name, dataType]) => renderCell(quote(toText(name)), dataType ?? '')),
    ...hidden.map((name) => renderText(name)),
  ];
};

const renderText = (expression: string): string => `COALESCE(HEX(CAST(${expression} AS CHAR)), '-')`;
const renderBytes = (expression: string): string => `COALESCE(HEX(${expression}), '-')`;

/** Types of inner values, which text does not show. The size would not do: how much room a DECIMAL was given is seen in nothing else. */
const listTypes = (cell: string, path: string): string =>
  `(SELECT GROUP_CONCAT(n, JSON_TYPE(v) ORDER BY n) FROM JSON_TABLE(${cell}, '${path}' COLUMNS (n FOR ORDINALITY, v JSON PATH '$')) j
    WHERE JSON_TYPE(v) <> 'UNSIGNED INTEGER' AND JSON_TYPE(v) <> 'INTEGER')`;

/** HEX of a number would round it, so numbers and times are taken as text. FLOAT is printed in full as a DOUBLE. */
const renderCell = (cell: string, dataType: string): readonly string[] => {
  switch (dataType) {
    case 'float':
      return [renderText(`${cell} * 1e0`)];
    case 'bit':
      return [renderBytes(`${cell} + 0`)];
    case 'enum':
    case 'set':
      return [renderText(`${cell} + 0`), renderBytes(cell)];
    case 'json':
      return [
        renderText(cell),
        renderText(`JSON_TYPE(${cell})`),
        ...['$**.*', '$**[*]'].map((path) => renderText(listTypes(cell, path))),
      ];
    default:
      return [
        /char|text|blob|binary|geom|point|line|poly|vector/.test(dataType)
          ? renderBytes(cell)
          : renderText(cell),
      ];
  }
};

const PROGRAMS: Readonly<Record<string, string>> = {
  VIEW: 'SELECT TABLE_NAME, NULL FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?',
  TRIGGER:
    'SELECT TRIGGER_NAME, CONCAT(EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?',
  PROCEDURE:
    "SELECT ROUTINE_NAME, HEX(ROUTINE_COMMENT) FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'PROCEDURE' AND ROUTINE_SCHEMA = ?",
  FUNCTION:
    "SELECT ROUTINE_NAME, HEX(ROUTINE_COMMENT) FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION' AND ROUTINE_SCHEMA = ?",
  PACKAGE:
    "SELECT ROUTINE_NAME, HEX(ROUTINE_COMMENT) FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'PACKAGE' AND ROUTINE_SCHEMA = ?",
  'PACKAGE BODY':
    "SELECT ROUTINE_NAME, HEX(ROUTINE_COMMENT) FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'PACKAGE BODY' AND ROUTINE_SCHEMA = ?",
  EVENT:
    "SELECT EVENT_NAME, CONCAT_WS('|', DEFINER, TIME_ZONE, EXECUTE_AT, STARTS, ENDS, STATUS, ON_COMPLETION, HEX(EVENT_COMMENT)) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?",
};

/** Of a view that cannot be opened, such as one of a missing database, no server prints more than it keeps. */
const printProgram = async (connection: mysql.Connection, kind: string, name: string): Promise<Cells> => {
  try {
    const [printed = []] = await selectBytes(connection, `SHOW CREATE ${kind} ${quote(name)}`);
    return printed;
  } catch (error) {
    if (kind !== 'VIEW') throw error;
    const [kept = []] = await selectBytes(
      connection,
      `SELECT VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION
       FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${connection.escape(name)}`,
    );
    return kept;
  }
};

const readPrograms = async (
  connection: mysql.Connection,
  database: string,
  facts: Map<string, string>,
): Promise<number> => {
  let count = 0;
  for (const [kind, sql] of Object.entries(PROGRAMS)) {
    for (const [bytes, more] of await selectBytes(
      connection,
      sql.replace('?', () => database),
    )) {
      const name = toText(bytes);
      const printed = await printProgram(connection, kind, name);
      // The time of creation is printed for triggers alone, and last.
      const cells = kind === 'TRIGGER' ? printed.slice(0, 6) : printed;
      facts.set(`${kind.toLowerCase()} ${name}`, [more ?? '', ...cells.map((cell) => cell ?? '')].join('\n'));
      count += 1;
    }
  }
  return count;
};

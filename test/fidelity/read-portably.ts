import type mysql from 'mysql2/promise';
import type { TestServer } from '../support/servers.js';
import type { Everything } from './read-everything.js';
import { readTexts } from './read-texts.js';

type Cells = readonly (string | null)[];

/**
 * What a database holds as both vendors tell it: of structure what information_schema has in the same columns, of
 * programs the text that a person wrote, of views what they give, and of rows every value as text or bytes.
 */
export const readPortably = async (server: TestServer, database: string): Promise<Everything | undefined> => {
  const connection = await server.connect();
  try {
    await connection.query("SET NAMES utf8mb4, SESSION time_zone = '+00:00', sql_mode = ''");
    const literal = connection.escape(database);
    const [schema] = await select(
      connection,
      `SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE CAST(SCHEMA_NAME AS BINARY) = CAST(${literal} AS BINARY)`,
    );
    if (!schema) return undefined;
    await connection.query(`USE ${quote(database)}`);
    const facts = new Map([['database', schema.join()]]);
    const names = (
      await select(
        connection,
        `SELECT TABLE_NAME FROM information_schema.TABLES WHERE ${of('TABLE_SCHEMA', literal)} AND TABLE_TYPE = 'BASE TABLE'`,
      )
    ).map(([name]) => name ?? '');
    let rows = 0;
    for (const [kind, sql] of Object.entries(STRUCTURE))
      await addGroups(
        connection,
        facts,
        kind,
        sql.replaceAll('?', () => literal),
      );
    for (const name of names) rows += await addRows(connection, facts, literal, name);
    let programs = 0;
    for (const [kind, sql] of Object.entries(PROGRAMS))
      programs += await addGroups(
        connection,
        facts,
        kind,
        sql.replaceAll('?', () => literal),
      );
    await addViews(connection, facts, literal);
    return { facts, tables: names.length, rows, programs };
  } finally {
    await connection.end();
  }
};

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const of = (column: string, literal: string): string =>
  `CAST(${column} AS BINARY) = CAST(${literal} AS BINARY)`;

const select = async (connection: mysql.Connection, sql: string): Promise<readonly Cells[]> => {
  const [rows] = await connection.query<mysql.RowDataPacket[][]>({
    sql,
    rowsAsArray: true,
    typeCast: (field) => {
      const bytes: unknown = field.buffer();
      return Buffer.isBuffer(bytes) ? bytes.toString('utf8') : null;
    },
  });
  return rows as unknown as readonly Cells[];
};

/** The first cell names the object; each row is a line of it. */
const addGroups = async (
  connection: mysql.Connection,
  facts: Map<string, string>,
  kind: string,
  sql: string,
): Promise<number> => {
  const groups = new Map<string, string[]>();
  for (const [name, ...cells] of await select(connection, sql)) {
    const lines = groups.get(name ?? '') ?? [];
    lines.push(cells.map((cell) => cell ?? 'NULL').join(' | '));
    groups.set(name ?? '', lines);
  }
  for (const [name, lines] of groups) facts.set(`${kind} ${name}`, lines.sort().join('\n'));
  return groups.size;
};

const STRUCTURE: Readonly<Record<string, string>> = {
  table: `SELECT TABLE_NAME, LOWER(ENGINE), TABLE_COLLATION, TABLE_COMMENT FROM information_schema.TABLES
    WHERE ${of('TABLE_SCHEMA', '?')} AND TABLE_TYPE = 'BASE TABLE'`,
  columns: `SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLLATION_NAME, COLUMN_COMMENT, EXTRA LIKE '%auto_increment%',
      EXTRA LIKE '%on update%', EXTRA LIKE '%INVISIBLE%', EXTRA LIKE '%STORED GENERATED%', EXTRA LIKE '%VIRTUAL GENERATED%',
      DATETIME_PRECISION, COALESCE(COLUMN_DEFAULT, 'NULL') = 'NULL', COLUMN_KEY
    FROM information_schema.COLUMNS WHERE ${of('TABLE_SCHEMA', '?')}
      AND TABLE_NAME IN (SELECT TABLE_NAME FROM information_schema.TABLES t WHERE ${of('t.TABLE_SCHEMA', '?')} AND t.TABLE_TYPE = 'BASE TABLE')
`,
  keys: `SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, INDEX_COMMENT
    FROM information_schema.STATISTICS WHERE ${of('TABLE_SCHEMA', '?')} ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
  'foreign keys': `SELECT TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
    FROM information_schema.KEY_COLUMN_USAGE WHERE ${of('TABLE_SCHEMA', '?')} AND REFERENCED_TABLE_NAME IS NOT NULL
    ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`,
  rules: `SELECT CONSTRAINT_NAME, TABLE_NAME, REPLACE(UPDATE_RULE, 'RESTRICT', 'NO ACTION'), REPLACE(DELETE_RULE, 'RESTRICT', 'NO ACTION')
    FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE ${of('CONSTRAINT_SCHEMA', '?')}`,
  // Not those that MariaDB has for JSON.
  checks: `SELECT 'of all tables', COUNT(*) FROM information_schema.CHECK_CONSTRAINTS
    WHERE ${of('CONSTRAINT_SCHEMA', '?')} AND CHECK_CLAUSE NOT LIKE '%json_valid(%'`,
  partitions: `SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, SUBPARTITION_METHOD, PARTITION_DESCRIPTION, PARTITION_COMMENT
    FROM information_schema.PARTITIONS WHERE ${of('TABLE_SCHEMA', '?')} AND PARTITION_NAME IS NOT NULL
    ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION`,
};

const PROGRAMS: Readonly<Record<string, string>> = {
  view: `SELECT TABLE_NAME, CHECK_OPTION, DEFINER, SECURITY_TYPE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION
    FROM information_schema.VIEWS WHERE ${of('TABLE_SCHEMA', '?')}`,
  trigger: `SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, ACTION_STATEMENT, DEFINER, SQL_MODE,
      CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION FROM information_schema.TRIGGERS WHERE ${of('TRIGGER_SCHEMA', '?')}`,
  routine: `SELECT ROUTINE_NAME, ROUTINE_TYPE, DATA_TYPE, ROUTINE_DEFINITION, IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, SQL_MODE,
      ROUTINE_COMMENT, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION FROM information_schema.ROUTINES WHERE ${of('ROUTINE_SCHEMA', '?')}`,
  parameters: `SELECT SPECIFIC_NAME, ORDINAL_POSITION, PARAMETER_MODE, PARAMETER_NAME, DATA_TYPE,
      IF(DATA_TYPE LIKE '%text', NULL, CHARACTER_MAXIMUM_LENGTH), COALESCE(NUMERIC_SCALE, 0), CHARACTER_SET_NAME
    FROM information_schema.PARAMETERS WHERE ${of('SPECIFIC_SCHEMA', '?')} ORDER BY SPECIFIC_NAME, ORDINAL_POSITION`,
  event: `SELECT EVENT_NAME, EVENT_DEFINITION, TIME_ZONE, EVENT_TYPE, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, SQL_MODE, STARTS, ENDS, STATUS,
      ON_COMPLETION, EVENT_COMMENT, DEFINER FROM information_schema.EVENTS WHERE ${of('EVENT_SCHEMA', '?')}`,
};

const renderCell = (cell: string, dataType: string): readonly string[] => {
  const text = (expression: string): string => `COALESCE(HEX(CAST(${expression} AS CHAR)), '-')`;
  const bytes = `COALESCE(HEX(${cell}), '-')`;
  if (dataType === 'float') return [text(`${cell} * 1e0`)];
  if (dataType === 'bit') return [text(`${cell} + 0`)];
  if (dataType === 'enum' || dataType === 'set') return [text(`${cell} + 0`), bytes];
  return [/char|text|blob|binary|geom|point|line|poly/.test(dataType) ? bytes : text(cell)];
};

const addRows = async (
  connection: mysql.Connection,
  facts: Map<string, string>,
  database: string,
  table: string,
): Promise<number> => {
  const columns = await select(
    connection,
    `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, EXTRA, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE ${of('TABLE_SCHEMA', database)}
       AND ${of('TABLE_NAME', connection.escape(table))} ORDER BY ORDINAL_POSITION`,
  );
  const cells = columns.flatMap(([name, dataType]) => renderCell(quote(name ?? ''), dataType ?? ''));
  facts.set(
    `texts of ${table}`,
    await readTexts(
      connection,
      (sql) => select(connection, sql),
      quote(table),
      columns
        .filter(
          ([, type, , extra, preset]) =>
            /char|binary|enum|set/.test(type ?? '') &&
            !/(?:VIRTUAL|STORED) GENERATED/.test(extra ?? '') &&
            // UUID() gives another text each time.
            !/\w\(/.test(preset ?? ''),
        )
        .map(([name, dataType, columnType]) => ({
          name: quote(name ?? ''),
          dataType: dataType ?? '',
          columnType: columnType ?? '',
        })),
    ),
  );
  const lines = await select(connection, `SELECT CONCAT_WS(',', ${cells.join(', ')}) FROM ${quote(table)}`);
  facts.set(
    `rows of ${table}`,
    lines
      .map(([line]) => line ?? '')
      .sort()
      .join('\n'),
  );
  return lines.length;
};

/** A view that is broken on both servers gives the same: nothing. */
const addViews = async (
  connection: mysql.Connection,
  facts: Map<string, string>,
  database: string,
): Promise<void> => {
  const views = await select(
    connection,
    `SELECT TABLE_NAME FROM information_schema.VIEWS WHERE ${of('TABLE_SCHEMA', database)}`,
  );
  for (const [name] of views) {
    const lines = await select(connection, `SELECT * FROM ${quote(name ?? '')}`).catch(
      () => [['broken']] as const,
    );
    facts.set(
      `rows of ${name ?? ''}`,
      lines
        .map((cells) => cells.join(','))
        .sort()
        .join('\n'),
    );
  }
};

import { queryRows } from './throwaway-server.mjs';

/** What must be the same on both servers besides the rows, as the server itself describes it. */
const DESCRIPTIONS = {
  database: `SELECT schema_name, default_character_set_name, default_collation_name, schema_comment
    FROM information_schema.schemata WHERE schema_name = ?`,
  column: `SELECT table_name, ordinal_position, column_name, column_type, column_default, is_nullable, extra,
    generation_expression, collation_name, column_comment
    FROM information_schema.columns WHERE table_schema = ?`,
  index: `SELECT table_name, index_name, seq_in_index, column_name, non_unique, index_type
    FROM information_schema.statistics WHERE table_schema = ?`,
  'foreign key': `SELECT constraint_name, table_name, referenced_table_name, update_rule, delete_rule
    FROM information_schema.referential_constraints WHERE constraint_schema = ?`,
  view: `SELECT table_name, view_definition, check_option, definer, security_type
    FROM information_schema.views WHERE table_schema = ?`,
  trigger: `SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement, sql_mode, definer
    FROM information_schema.triggers WHERE trigger_schema = ?`,
  routine: `SELECT routine_name, routine_type, routine_definition, dtd_identifier, sql_mode, definer, routine_comment
    FROM information_schema.routines WHERE routine_schema = ?`,
  event: `SELECT event_name, event_definition, interval_value, interval_field, starts, status, time_zone, definer
    FROM information_schema.events WHERE event_schema = ?`,
};
const PROGRAMS = ['view', 'trigger', 'routine', 'event'];

const listTables = (server, database) =>
  queryRows(
    server,
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = '${database}' AND table_type = 'BASE TABLE' ORDER BY table_name`,
  ).map(([name]) => `${database}.${name}`);

/** `database.table` to its counted rows and the server's own checksum over all of them. */
const readTables = (server, database) => {
  const tables = listTables(server, database);
  if (tables.length === 0) return [];
  const counts = queryRows(
    server,
    tables.map((table) => `SELECT COUNT(*) FROM ${table}`).join(' UNION ALL '),
  );
  const checksums = queryRows(server, `CHECKSUM TABLE ${tables.join(', ')} EXTENDED`);
  return tables.map((table, index) => ({
    table,
    rows: Number(counts[index][0]),
    checksum: checksums[index][1],
  }));
};

const describe = (server, database, query) =>
  queryRows(server, `${query.replace('?', `'${database}'`)} ORDER BY 1, 2, 3`).map((row) => row.join(' | '));

/** Rows and checksums of a database as one text, to see whether it was changed. */
export const summarise = (server, database) => JSON.stringify(readTables(server, database));

/** The names of all databases of a server that hold somebody's tables. */
export const listDatabases = (server) =>
  queryRows(
    server,
    `SELECT schema_name FROM information_schema.schemata
     WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY 1`,
  ).map(([name]) => name);

/**
 * Compares databases on two servers with nothing of mysql-sync: the mariadb client counts and checksums every table
 * and reads every definition. Returns what was counted and one line for each difference.
 */
export const compareServers = (source, target, databases) => {
  /** @type {{tables: number, rows: number, programs: number, problems: string[]}} */
  const found = { tables: 0, rows: 0, programs: 0, problems: [] };
  for (const database of databases) {
    const [ours, theirs] = [source, target].map((server) => readTables(server, database));
    found.tables += ours.length;
    found.rows += ours.reduce((sum, { rows }) => sum + rows, 0);
    if (ours.length === 0) found.problems.push(`${database}: no tables on ${source.name}`);
    const asText = ({ table, rows, checksum }) => `${table} with ${rows} rows, checksum ${checksum}`;
    found.problems.push(...listDifferences('table', ours.map(asText), theirs.map(asText)));
    for (const [kind, query] of Object.entries(DESCRIPTIONS)) {
      const described = describe(source, database, query);
      if (PROGRAMS.includes(kind)) found.programs += described.length;
      found.problems.push(
        ...listDifferences(`${database}: ${kind}`, described, describe(target, database, query)),
      );
    }
  }
  return found;
};

const listDifferences = (kind, ours, theirs) => [
  ...ours.filter((text) => !theirs.includes(text)).map((text) => `${kind} differs or is missing: ${text}`),
  ...theirs.filter((text) => !ours.includes(text)).map((text) => `${kind} not as on the source: ${text}`),
];

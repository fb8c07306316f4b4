import type mysql from 'mysql2/promise';
import type { DatabaseName, TableName } from '../../../core/names.js';
import { readCreateTable } from '../../../core/sql/create-table.js';
import { readKeyClause } from '../../../core/sql/key-clause.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';

/**
 * MariaDB 10.5 to 11.8 print the names of foreign keys and their columns without doubling backticks (tables they do),
 * which no server can read. Writes such foreign keys anew, from the catalog.
 */
export const repairForeignKeys = async (
  connection: mysql.Connection,
  database: DatabaseName,
  table: TableName,
  statement: string,
): Promise<string> => {
  const all = statement.match(/ FOREIGN KEY \(`/g) ?? [];
  if (all.length === 0 || countReadable(statement) === all.length) return statement;
  let repaired = statement;
  for (const key of await readForeignKeys(connection, database, table)) {
    const printed = `\n  ${renderForeignKey(key, (name) => `\`${name}\``)}`;
    repaired = repaired.replace(printed, () => `\n  ${renderForeignKey(key, quoteName)}`);
  }
  return repaired;
};

const countReadable = (statement: string): number =>
  readCreateTable(statement).elements.filter(({ tokens }) => readKeyClause(tokens)).length;

interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** As SQL, with its database where that is another one. */
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

const renderForeignKey = (
  { name, columns, parent, parentColumns }: ForeignKey,
  quote: (name: string) => string,
): string =>
  `CONSTRAINT ${quote(name)} FOREIGN KEY (${columns.map(quote).join(', ')}) ` +
  `REFERENCES ${parent} (${parentColumns.map(quote).join(', ')})`;

const readForeignKeys = async (
  connection: mysql.Connection,
  database: DatabaseName,
  table: TableName,
): Promise<readonly ForeignKey[]> => {
  const rows = await readRows(
    connection,
    `SELECT CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
     FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = ${quoteText(database)} AND TABLE_NAME = ${quoteText(table)} AND REFERENCED_TABLE_NAME IS NOT NULL
     ORDER BY CONSTRAINT_NAME, ORDINAL_POSITION`,
  );
  const keys = new Map<
    string,
    { readonly parent: string; readonly columns: string[]; readonly parentColumns: string[] }
  >();
  for (const [name, column, parentDatabase, parentTable, parentColumn] of rows.map((row) =>
    row.map((cell) => cell ?? ''),
  )) {
    const parent =
      parentDatabase === database
        ? quoteName(parentTable ?? '')
        : `${quoteName(parentDatabase ?? '')}.${quoteName(parentTable ?? '')}`;
    const key = keys.get(name ?? '') ?? { parent, columns: [], parentColumns: [] };
    key.columns.push(column ?? '');
    key.parentColumns.push(parentColumn ?? '');
    keys.set(name ?? '', key);
  }
  return [...keys].map(([name, key]) => ({ name, ...key }));
};

import type mysql from 'mysql2/promise';
import { type DatabaseName, type TableName, toDatabaseName, toTableName } from '../../../core/names.js';
import type { DanglingKey, PreservePlaces, PreservedRows } from '../../../engine/ports/target-sessions.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { readFirstColumn, readRows } from '../connection/rows.js';

/** Tables beside a staged one: the rows that stay, and those of the copy that give way to them. */
export interface Beside {
  readonly taken: string;
  readonly gone: string;
}

interface ForeignKey {
  readonly table: TableName;
  readonly name: string;
  readonly columns: readonly string[];
  readonly parentDatabase: DatabaseName;
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

/** So many values are named. */
const MOST_VALUES = 3;

/**
 * Rows that stay and refer to nothing; and rows of the copy that referred to one that gave way, where no other came with
 * that key. A copy may have other rows that refer to nothing, which the source or the plan left it with.
 */
export const findDangling = async (
  connection: mysql.Connection,
  { staging }: PreservePlaces,
  beside: ReadonlyMap<PreservedRows, Beside>,
): Promise<readonly DanglingKey[]> => {
  const tables = new Map([...beside].map(([{ to }, made]) => [to as string, made]));
  const dangling: DanglingKey[] = [];
  for (const key of await readForeignKeys(connection, staging)) {
    const child = tables.get(key.table);
    const parent = key.parentDatabase === staging ? tables.get(key.parent) : undefined;
    const look = async (of: DanglingKey['of'], from: string): Promise<void> => {
      const found = await lookUp(connection, key, from);
      if (found)
        dangling.push({
          table: key.table,
          name: key.name,
          columns: key.columns,
          parent: key.parent,
          of,
          ...found,
        });
    };
    if (child) await look('preserved', `${quoteTable(staging, child.taken)} AS c`);
    if (parent)
      await look(
        'copied',
        `${quoteTable(staging, key.table)} AS c JOIN ${quoteTable(staging, parent.gone)} AS g ON ${link(key, 'g')}`,
      );
  }
  return dangling;
};

/** SQL condition: the row of `c` refers to the one of `parent`. */
const link = ({ columns, parentColumns }: ForeignKey, parent: string): string =>
  columns
    .map((column, at) => `c.${quoteName(column)} = ${parent}.${quoteName(parentColumns[at] ?? '')}`)
    .join(' AND ');

/** A key with a NULL in it refers to nothing on purpose. */
const lookUp = async (
  connection: mysql.Connection,
  key: ForeignKey,
  from: string,
): Promise<Pick<DanglingKey, 'rows' | 'values'> | undefined> => {
  const { columns, parentDatabase, parent, parentColumns } = key;
  const lost = `FROM ${from} LEFT JOIN ${quoteTable(parentDatabase, parent)} AS p ON ${link(key, 'p')}
    WHERE ${columns.map((column) => `c.${quoteName(column)} IS NOT NULL`).join(' AND ')}
      AND p.${quoteName(parentColumns[0] ?? '')} IS NULL`;
  const [count = '0'] = await readFirstColumn(connection, `SELECT COUNT(*) ${lost}`);
  if (count === '0') return undefined;
  const listed = columns.map((column) => `c.${quoteName(column)}`).join(', ');
  const values = await readRows(
    connection,
    `SELECT DISTINCT ${listed} ${lost} ORDER BY ${listed} LIMIT ${String(MOST_VALUES)}`,
  );
  return { rows: Number(count), values };
};

const readForeignKeys = async (
  connection: mysql.Connection,
  database: DatabaseName,
): Promise<readonly ForeignKey[]> => {
  // Names are compared by a collation there, so the exact ones are sorted out.
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME,
       REFERENCED_COLUMN_NAME
     FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = ${quoteText(database)} AND REFERENCED_TABLE_NAME IS NOT NULL
     ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`,
  );
  const keys = new Map<string, ForeignKey>();
  for (const row of rows) {
    const [schema, table = '', name = '', column = '', parentDatabase = '', parent = '', parentColumn = ''] =
      row.map((cell) => cell ?? '');
    if (schema !== database) continue;
    const id = JSON.stringify([table, name]);
    const known = keys.get(id);
    keys.set(id, {
      table: toTableName(table),
      name,
      columns: [...(known?.columns ?? []), column],
      parentDatabase: toDatabaseName(parentDatabase),
      parent,
      parentColumns: [...(known?.parentColumns ?? []), parentColumn],
    });
  }
  return [...keys.values()];
};

import type mysql from 'mysql2/promise';
import type { DatabaseName, TableName } from '../../../core/names.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';

/** A column of a key, and how much of it counts; undefined for all of it. */
export interface KeyPart {
  readonly column: string;
  readonly length: string | undefined;
}

/** The primary and unique keys of a table; those over expressions are left out. */
export const readUniqueKeys = async (
  connection: mysql.Connection,
  database: DatabaseName,
  table: TableName,
): Promise<readonly (readonly KeyPart[])[]> => {
  // Names are compared by a collation there, so the exact ones are sorted out.
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = ${quoteText(database)} AND TABLE_NAME = ${quoteText(table)} AND NON_UNIQUE = 0
     ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
  );
  const keys = new Map<string, (KeyPart | undefined)[]>();
  for (const [schema, name, index, column, length] of rows) {
    if (schema !== database || name !== table) continue;
    const parts = keys.get(index ?? '') ?? [];
    keys.set(index ?? '', parts);
    // An expression has no column.
    parts.push(column === null || column === undefined ? undefined : { column, length: length ?? undefined });
  }
  return [...keys.values()].flatMap((parts) => {
    const known = parts.filter((part) => part !== undefined);
    return known.length === parts.length ? [known] : [];
  });
};

/** SQL condition: two rows have the same key. As in an index, NULL is the same as nothing. */
export const equate = (key: readonly KeyPart[], one: string, other: string): string =>
  key
    .map(({ column, length }) => {
      const [a, b] = [one, other].map((table) => `${table}.${quoteName(column)}`);
      return length === undefined
        ? `${a ?? ''} = ${b ?? ''}`
        : `LEFT(${a ?? ''}, ${length}) = LEFT(${b ?? ''}, ${length})`;
    })
    .join(' AND ');

import type mysql from 'mysql2/promise';
import type { TableInventory } from '../../../core/server/inventory.js';
import { listJsonColumns } from '../../../core/server/json-types.js';
import type { DatabaseName } from '../../../core/names.js';
import type { TypedJson } from '../../../engine/ports/rows.js';
import { quoteName, quoteTable } from '../connection/identifiers.js';
import { renderHiddenValues } from './json-types.js';
import { listPrimaryKey } from '../../../core/server/primary-key.js';
import { readRows } from '../connection/rows.js';

const LONGEST_VALUE = 40;

/** The first value of a hidden type in the rows; the condition is the person's, and its last line may be a comment. */
export const findTypedJson = async (
  connection: mysql.Connection,
  database: DatabaseName,
  table: TableInventory,
  where: string | null,
): Promise<TypedJson | undefined> => {
  const key = listPrimaryKey(table).map(({ name }) => name);
  for (const column of listJsonColumns(table)) {
    const query = renderHiddenValues(column, key.map(quoteName), {
      from: quoteTable(database, table.name),
      where: where === null ? [] : [`${where}\n`],
    });
    const [row] = await readRows(connection, `${query} LIMIT 1`);
    if (!row) continue;
    const [path, type] = row.slice(key.length);
    const values = key.map((name, at) => `${name} = ${(row[at] ?? '').slice(0, LONGEST_VALUE)}`);
    return {
      column,
      row: values.length > 0 ? values.join(', ') : undefined,
      path: path ?? '',
      type: type ?? '',
    };
  }
  return undefined;
};

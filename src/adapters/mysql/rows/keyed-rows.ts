import type mysql from 'mysql2/promise';
import { comparedPart } from '../../../core/mask/table-masks.js';
import { isOfFamily } from '../../../core/sql/column-types.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import type { DatabaseName } from '../../../core/names.js';
import { narrowRows } from '../../../core/sql/narrow-rows.js';
import type { CopyTable, KeyedRow } from '../../../engine/ports/rows.js';
import { quoteName } from '../connection/identifiers.js';
import { readBytes, readRows } from '../connection/rows.js';
import { cutKey } from './cut-key.js';
import { renderDouble, renderRowNumber } from './digest.js';
import { renderCopiedRows } from './masked-cells.js';
import { renderRows } from './render-rows.js';
import { listRowKey } from '../../../core/server/row-key.js';
import { type KeyRange, listKeyColumns, renderRange } from './split-key.js';

/** SQL conditions; none where the rows have no key to cut them by, or are worth one piece. */
export const cutTable = async (
  connection: mysql.Connection,
  database: DatabaseName,
  { table, where }: CopyTable,
  rowsEach: number,
): Promise<readonly string[]> => {
  const key = listKeyColumns(table);
  const pieces = Math.ceil(table.rowsEstimate / rowsEach);
  if (key.length === 0 || pieces < 2) return [];
  const conditions: string[] = [];
  const rows = {
    table,
    key,
    ask: (sql: string) => readBytes(connection, sql),
    from: (range: KeyRange) =>
      renderRows(database, table, narrowRows(where, renderRange(key, range) ?? null)),
  };
  await cutKey(rows, pieces, (range) => {
    const condition = renderRange(key, range);
    if (condition !== undefined) conditions.push(condition);
  });
  return conditions;
};

/** Of each row its key, for people, and what stands for all of its values. */
export const listKeyedRows = async (
  connection: mysql.Connection,
  database: DatabaseName,
  rows: CopyTable,
): Promise<readonly KeyedRow[]> => {
  const { table, where, masks } = rows;
  const key = listRowKey(table).map(renderShown);
  const { columns } = comparedPart(table, masks);
  const from = renderCopiedRows(columns, rows, renderRows(database, table, where));
  const listed = await readRows(
    connection,
    `SELECT ${[renderRowNumber(columns), ...key].join(', ')} FROM ${from}`,
  );
  return listed.map(([number, ...cells]) => ({ number: number ?? '', key: cells.map((cell) => cell ?? '') }));
};

/** What is no text is written as SQL would have it. */
const renderShown = (column: ColumnInventory): string => {
  const name = quoteName(column.name);
  if (isOfFamily(column.dataType, 'bytes')) return `CONCAT('0x', HEX(${name}))`;
  if (isOfFamily(column.dataType, 'bit')) return `${name} + 0`;
  return isOfFamily(column.dataType, 'floating') ? renderDouble(column) : name;
};

import type { TableInventory } from '../../../../core/server/inventory.js';
import { maskOf } from '../../../../core/mask/table-masks.js';
import { listJsonColumns } from '../../../../core/server/json-types.js';
import { renderRowNumber } from '../../rows/digest.js';
import { quoteName } from '../../connection/identifiers.js';
import {
  type HiddenValue,
  renderHiddenValue,
  renderHiddenValues,
  renderDocument,
  renderHasHiddenType,
} from '../../rows/json-types.js';
import type { RawRow } from '../lanes/lane-connection.js';
import type { Lane } from '../lanes/lanes.js';
import { hasWholeKey } from '../../../../core/server/row-key.js';
import { type KeyColumn, type KeyRange, renderKeyValue } from '../../rows/split-key.js';
import {
  type TablePlace,
  type TableSql,
  listConditions,
  quotePlace,
  renderTable,
} from '../statements/table-sql.js';

/** How a row is found on the other server. */
interface Locator {
  /** SQL of the cells that are read. */
  readonly cells: readonly string[];
  /** SQL condition, and words for people. */
  readonly match: (cells: RawRow) => string;
  /** False: it stands for all rows that are the same. */
  readonly isUnique: boolean;
}

/**
 * Documents travel as text. Those with values of types that text does not show get these values once more, each at its
 * path and with its type. Rows are found by their key, or else by a number of the whole row.
 */
export const restoreJsonTypes = async (
  { source, target }: Lane,
  sql: TableSql,
  { from, into }: { readonly from: TablePlace; readonly into: TablePlace },
  range: KeyRange,
): Promise<void> => {
  const { table, where, masks } = sql.entry;
  const locator = locatorOf(table, sql.key);
  for (const column of listJsonColumns(table)) {
    // Values of the original stay at the source; a document whose types are lost fails the comparison.
    if (maskOf(masks, column) !== undefined) continue;
    const query = renderHiddenValues(column, locator.cells, {
      from: renderTable(sql, from, where),
      where: listConditions(sql, where, range),
    });
    const found = groupByRow(await source.queryRows(query), locator);
    if (found.size === 0) continue;
    await target.run('START TRANSACTION');
    for (const [row, values] of found)
      for (const statement of renderReplacement(sql, into, column, {
        row: [row, ...listConditions(sql, null, range)].join(' AND '),
        rows: values.filter(({ path }) => path === values[0]?.path).length,
        isUnique: locator.isUnique,
        values: [...new Map(values.map((value) => [value.path, value])).values()].map((value) => ({
          path: value.path,
          sql: renderOrRefuse(value, column, row),
        })),
      }))
        await target.run(statement);
    await target.run('COMMIT');
  }
};

interface Replacement {
  /** SQL condition. */
  readonly row: string;
  /** How many such rows there are on the source. */
  readonly rows: number;
  readonly isUnique: boolean;
  readonly values: readonly { readonly path: string; readonly sql: string }[];
}

/** New rows for old ones: an UPDATE does not write a document that compares as equal, and 1.5 equals 1.50. */
const renderReplacement = (
  { columns }: TableSql,
  into: TablePlace,
  column: string,
  { row, rows, isUnique, values }: Replacement,
): readonly string[] => {
  const place = quotePlace(into);
  const names = columns.map(({ name }) => quoteName(name));
  const cell = quoteName(column);
  const cells = names.map((name) => (name === cell ? renderDocument(cell, values) : name));
  const copy = `INTO ${place} (${names.join(', ')}) SELECT ${cells.join(', ')} FROM ${place} WHERE ${row}`;
  if (isUnique) return [`REPLACE ${copy}`];
  // The old rows may still be there, and others of the same text that are right as they are.
  const some = `AND NOT (${renderHasHiddenType(cell)}) LIMIT ${String(rows)}`;
  return [`REPLACE ${copy} ${some}`, `DELETE FROM ${place} WHERE ${row} ${some}`];
};

const renderOrRefuse = (value: HiddenValue, column: string, row: string): string => {
  const rendered = renderHiddenValue(value);
  if (rendered !== undefined) return rendered;
  const { path, type, text } = value;
  throw new Error(
    `no statement writes the ${type} at ${path} of column ${column}, row ${row}: ${text.slice(0, 40)}`,
  );
};

const locatorOf = (table: TableInventory, key: readonly KeyColumn[]): Locator => {
  if (hasWholeKey(table))
    return {
      isUnique: true,
      cells: key.map(({ name }) => quoteName(name)),
      match: (cells) =>
        key
          .map(
            (column, at) =>
              `${quoteName(column.name)} = ${renderKeyValue(column, cells[at] ?? Buffer.alloc(0))}`,
          )
          .join(' AND '),
    };
  // Documents as they were written; rows that are the same get the same values.
  const number = renderRowNumber(
    table.columns.filter(({ isGenerated }) => !isGenerated),
    'as text',
  );
  return {
    isUnique: false,
    cells: [number],
    match: ([cell]) => {
      const value = cell?.toString('latin1') ?? '';
      if (!/^\d+$/.test(value)) throw new Error('the source gave no number for the digest of a row');
      return `${number} = ${value}`;
    },
  };
};

const groupByRow = (
  rows: readonly RawRow[],
  locator: Locator,
): ReadonlyMap<string, readonly HiddenValue[]> => {
  const groups = new Map<string, HiddenValue[]>();
  for (const cells of rows) {
    const [path = '', type = '', text = ''] = cells.slice(-3).map((cell) => cell?.toString() ?? '');
    const row = locator.match(cells.slice(0, -3));
    const values = groups.get(row);
    if (values) values.push({ path, type, text });
    else groups.set(row, [{ path, type, text }]);
  }
  return groups;
};

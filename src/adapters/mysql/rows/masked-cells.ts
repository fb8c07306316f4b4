import { type TableMasks, maskOf } from '../../../core/mask/table-masks.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { quoteName } from '../connection/identifiers.js';
import { renderMask } from './mask-sql.js';

/** SQL of what a masked column is in the copy; undefined of a column that stays. The condition's last line may be a comment. */
export const renderMaskedCell = (column: ColumnInventory, masks: TableMasks): string | undefined => {
  const rule = maskOf(masks, column.name);
  if (rule === undefined) return undefined;
  const masked = renderMask(column, rule);
  return masks.unless === null ? masked : `IF((${masks.unless}\n), ${quoteName(column.name)}, ${masked})`;
};

/** MySQL puts the expressions of a nested SELECT where its columns are used, and takes none with variables in JSON_TABLE. */
const EVERY_ROW = ' LIMIT 18446744073709551615';

/** SQL after FROM of rows as they are in the copy. */
export const renderMaskedRows = (
  columns: readonly ColumnInventory[],
  masks: TableMasks,
  { cells, from }: { readonly cells: readonly string[]; readonly from: string },
): string => {
  const hasDocument = columns.some(
    ({ name, dataType }) => dataType === 'json' && maskOf(masks, name) !== undefined,
  );
  return `(SELECT ${cells.join(', ')} FROM ${from}${hasDocument ? EVERY_ROW : ''}) masked`;
};

/** SQL after FROM of these columns as they are in the copy. `from`: the rows as they are stored. */
export const renderCopiedRows = (
  columns: readonly ColumnInventory[],
  masks: TableMasks | undefined,
  from: string,
): string =>
  masks === undefined
    ? from
    : renderMaskedRows(columns, masks, { cells: listMaskedCells(columns, masks), from });

/** The columns of a SELECT that gives rows as they are in the copy. */
export const listMaskedCells = (
  columns: readonly ColumnInventory[],
  masks: TableMasks | undefined,
): readonly string[] =>
  columns.map((column) => {
    const name = quoteName(column.name);
    const masked = masks && renderMaskedCell(column, masks);
    return masked === undefined ? name : `${masked} AS ${name}`;
  });

import { type TableMasks, maskOf } from '../../../core/mask/table-masks.js';
import type { CopyTable } from '../../../engine/ports/rows.js';
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

/**
 * Servers put the expressions of a nested SELECT wherever its columns are used, unless it is limited: then they make its rows first, and
 * keep them aside. MySQL takes none with variables in JSON_TABLE otherwise.
 */
const EVERY_ROW = ' LIMIT 18446744073709551615';

/** So much data a server can keep aside. */
const FEW_BYTES = 16_777_216;

/** SQL after FROM of rows as they are in the copy. */
export const renderMaskedRows = (
  columns: readonly ColumnInventory[],
  masks: TableMasks,
  {
    cells,
    from,
    isAside = false,
  }: { readonly cells: readonly string[]; readonly from: string; readonly isAside?: boolean },
): string => {
  const hasDocument = columns.some(
    ({ name, dataType }) => dataType === 'json' && maskOf(masks, name) !== undefined,
  );
  return `(SELECT ${cells.join(', ')} FROM ${from}${hasDocument || isAside ? EVERY_ROW : ''}) masked`;
};

/**
 * SQL after FROM of these columns as they are in the copy. `from`: the rows as they are stored. Of few rows, masks are made once for
 * each, and not for each use in a digest, which takes twice as long.
 */
export const renderCopiedRows = (
  columns: readonly ColumnInventory[],
  { table, masks, isPiece }: Pick<CopyTable, 'table' | 'masks' | 'isPiece'>,
  from: string,
): string => {
  if (masks === undefined) return from;
  const isAside = isPiece === true || table.dataBytes <= FEW_BYTES;
  return renderMaskedRows(columns, masks, { cells: listMaskedCells(columns, masks), from, isAside });
};

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

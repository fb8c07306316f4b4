import type { ColumnInventory } from '../../../core/server/inventory.js';
import type { DatabaseName } from '../../../core/names.js';
import type { CopyTable, TableDigest } from '../../../engine/ports.js';
import { renderRowNumber } from './digest.js';
import { listMaskedCells, renderMaskedRows } from './masked-cells.js';
import { renderRows } from './render-rows.js';

/** SELECT of what `readTableDigest` reads: as many rows, and the sum of the numbers that stand for these columns of theirs. */
export const renderTableDigest = (
  columns: readonly ColumnInventory[],
  database: DatabaseName,
  { table, where, masks }: CopyTable,
): string => {
  const stored = renderRows(database, table, where);
  const from =
    masks === undefined
      ? stored
      : renderMaskedRows(columns, masks, { cells: listMaskedCells(columns, masks), from: stored });
  return `SELECT COUNT(*), SUM(${renderRowNumber(columns)}) FROM ${from}`;
};

/** The sum is NULL where there are no rows. */
export const readTableDigest = (
  rows: string | null | undefined,
  sum: string | null | undefined,
): TableDigest => ({ rows: Number(rows), digest: BigInt(sum ?? '0').toString(16) });

import type { ColumnInventory } from '../../../../core/server/inventory.js';
import { columnTypeOf } from '../../../../core/sql/column-types.js';
import { declaredBytes, renderTextNumber } from '../../rows/digest.js';
import type { KeyRange } from '../../rows/split-key.js';
import { type TablePlace, type TableSql, renderRows } from './table-sql.js';
import type { TransferColumn } from './transfer-columns.js';

/** Lengths up to this one are one byte in the protocol. */
const ONE_BYTE_LENGTH = 250;

/** What stands beside it in a CONCAT is not converted: CHAR() would not do, because the character set of a column counts for more. */
const BYTES = "CAST('' AS BINARY)";

/**
 * Rows of a range and their sum, each row written with the bytes that carry it in the protocol; see `CarriedSum`. The
 * cells are read as they are for the copy. undefined for a table with a column of a type whose text in SQL is known to be another
 * than the one that travels.
 */
export const renderCarriedSum = (sql: TableSql, place: TablePlace, range: KeyRange): string | undefined => {
  const columns = new Map(sql.entry.table.columns.map((column) => [column.name, column]));
  const cells = sql.columns.map((column) => renderCarried(column, columns.get(column.name)));
  if (cells.length === 0 || cells.includes(undefined)) return undefined;
  const number = renderTextNumber(`CONCAT(${cells.join(', ')})`);
  return `SELECT COUNT(*), SUM(${number}) FROM ${renderRows(sql, place, null, range)}`;
};

/** The length and the bytes of a cell, or the byte that stands for NULL. */
const renderCarried = ({ read }: TransferColumn, column: ColumnInventory | undefined): string | undefined => {
  const form = column === undefined ? 'plain' : columnTypeOf(column.dataType)?.digest;
  switch (form) {
    case 'plain':
    case 'floating':
    case 'bit':
      return renderCell(read, ONE_BYTE_LENGTH);
    case 'short':
    case 'members':
    case 'long':
      return renderCell(read, form === 'short' ? declaredBytes(column?.columnType ?? '') : Infinity);
    case 'vector':
    case 'json':
    case undefined:
      return undefined;
  }
};

const renderCell = (cell: string, longestBytes: number): string => {
  const length = `LENGTH(${cell})`;
  const one = `CHAR(${length})`;
  const prefix =
    longestBytes <= ONE_BYTE_LENGTH
      ? one
      : `CASE WHEN ${length} <= ${ONE_BYTE_LENGTH} THEN ${one}
         WHEN ${length} < 65536 THEN CHAR(252, ${length} & 255, ${length} >> 8)
         ELSE CHAR(253, ${length} & 255, ${length} >> 8 & 255, ${length} >> 16) END`;
  return `IFNULL(CONCAT(${BYTES}, ${prefix}, ${cell}), 0xFB)`;
};

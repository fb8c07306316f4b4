import { comparedPart, maskOf } from '../../../../core/mask/table-masks.js';
import { hasWholeKey } from '../../../../core/server/row-key.js';
import { columnTypeOf } from '../../../../core/sql/column-types.js';
import { narrowRows } from '../../../../core/sql/narrow-rows.js';
import type { CopyTable } from '../../../../engine/ports/rows.js';
import { quoteName } from '../../connection/identifiers.js';
import { renderRowHash, renderRowNumber } from '../../rows/digest.js';
import { renderCopiedRows } from '../../rows/masked-cells.js';
import { type KeyColumn, type KeyPoint, type KeyRange, renderRange } from '../../rows/split-key.js';
import { type Reading, type TablePlace, type TableSql, quotePlace, renderRows } from './table-sql.js';
import { listTransferColumns } from './transfer-columns.js';

/** Rows of a range, and the sum of the numbers that stand for them; see `digest.ts`. */
export const renderRangeDigest = (
  sql: TableSql,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
  reading: Reading,
): string => {
  const { table, masks } = sql.entry;
  const { columns } = comparedPart(table, masks);
  const rows = renderRows(sql, place, where, range);
  return `SELECT COUNT(*), SUM(${renderRowNumber(columns)}) FROM ${renderCopiedRows(columns, readAs(sql.entry, reading, range), rows)}`;
};

/** Ranges are small, unless the table cannot be cut. */
const readAs = ({ masks, ...entry }: CopyTable, reading: Reading, range: KeyRange): CopyTable => ({
  ...entry,
  ...(reading === 'sent' && masks && { masks }),
  ...((range.after ?? range.upTo) && { isPiece: true }),
});

/**
 * What rows are compared by: the cells that are stored, or a number that stands for them. Cells cost servers less than half of a
 * number, and travel.
 */
export type Listing = 'cells' | 'numbers';

/** Forms of a digest of which the cells that are listed tell all: of ENUM and SET those are positions. */
const TOLD_BY_CELLS = new Set(['plain', 'floating', 'bit', 'short', 'long', 'members']);

/** Whether equal cells, as the protocol carries them, are equal values: no type in JSON shows, nor the position of what a mask makes. */
const isToldByCells = ({ table: { columns, computes }, masks }: CopyTable): boolean =>
  computes !== 'stored' &&
  columns.every(({ name, dataType }) => {
    const digest = columnTypeOf(dataType)?.digest;
    const isMaskedMember = digest === 'members' && maskOf(masks, name) !== undefined;
    return digest !== undefined && TOLD_BY_CELLS.has(digest) && !isMaskedMember;
  });

/** Cells are not sent over a link that is slow; and without a key rows come in an order of each server's own. */
export const chooseListing = (entry: CopyTable, isFar: boolean): Listing =>
  isFar || !isToldByCells(entry) || !hasWholeKey(entry.table) ? 'numbers' : 'cells';

/**
 * Whether rows that no key names are told by hashes: both sides are read a few times for that, which saves less than it costs where a row travels
 * fast. The target has no masks to hash.
 */
export const mayBeHashed = ({ table, masks }: CopyTable, isFar: boolean): boolean =>
  isFar && masks === undefined && !hasWholeKey(table);

export interface ListedRows {
  readonly select: string;
  /** Of each row. */
  readonly cells: number;
}

/** Of each row the cells of its key, then what it is compared by. */
export const renderListed = (
  sql: TableSql,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
  listing: Listing,
  reading: Reading,
): ListedRows => {
  const { table, masks } = sql.entry;
  const { columns } = comparedPart(table, masks);
  const key = sql.key.map(({ name }) => quoteName(name));
  const cells = [
    ...key,
    ...(listing === 'cells'
      ? // Labels do not tell the error value from a member that is empty.
        listTransferColumns(table, { enums: 'positions', masks })
          .map(({ read, sent }) => (reading === 'sent' ? sent : read))
          .filter((cell) => !key.includes(cell))
      : [renderRowNumber(columns)]),
  ];
  const rows = renderRows(sql, place, where, range);
  return {
    select: `SELECT ${cells.join(', ')} FROM ${listing === 'cells' ? rows : renderCopiedRows(columns, readAs(sql.entry, reading, range), rows)}`,
    cells: cells.length,
  };
};

/** SQL condition: the rows with these keys. Spelled out, because not every server looks row comparisons up in an index. */
export const renderHasKey = (key: readonly KeyColumn[], points: readonly KeyPoint[]): string => {
  const [column, ...others] = key.map(({ name }) => quoteName(name));
  if (column === undefined) return 'FALSE';
  if (others.length === 0) return `${column} IN (${points.map(([value = '']) => value).join(', ')})`;
  const names = [column, ...others];
  const rows = points.map((point) => names.map((name, at) => `${name} = ${point[at] ?? ''}`).join(' AND '));
  return rows.map((row) => `(${row})`).join(' OR ');
};

/** Of each row what stands for it, of tables that are not masked. */
export const renderHashes = (
  sql: TableSql,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
): string => `SELECT ${renderRowHash(sql.entry.table.columns)} FROM ${renderRows(sql, place, where, range)}`;

/** SQL condition: the rows for which these stand. */
export const renderHasHash = ({ entry }: TableSql, hashes: readonly bigint[]): string =>
  `${renderRowHash(entry.table.columns)} IN (${hashes.map((hash) => `0x${hash.toString(16).padStart(16, '0')}`).join(', ')})`;

export const renderDelete = (place: TablePlace, condition: string | undefined): string =>
  `DELETE FROM ${quotePlace(place)}${condition === undefined ? '' : ` WHERE ${condition}`}`;

export const renderDeleteRange = (sql: TableSql, place: TablePlace, range: KeyRange): string =>
  renderDelete(place, renderRange(sql.key, range));

/** The statement about the same table with a further condition on the rows of the source. */
export const narrowTo = (sql: TableSql, condition: string): TableSql => ({
  ...sql,
  entry: { ...sql.entry, where: narrowRows(sql.entry.where, condition) },
});

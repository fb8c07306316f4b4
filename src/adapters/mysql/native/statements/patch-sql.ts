import { quoteName } from '../../connection/identifiers.js';
import { renderRowNumber } from '../../rows/digest.js';
import { type KeyColumn, type KeyPoint, type KeyRange, renderRange } from '../../rows/split-key.js';
import { type TablePlace, type TableSql, quotePlace, renderRows } from './table-sql.js';

/** Rows of a range, and the sum of the numbers that stand for them; see `digest.ts`. */
export const renderRangeDigest = (
  sql: TableSql,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
): string =>
  `SELECT COUNT(*), SUM(${renderRowNumber(sql.entry.table.columns)}) FROM ${renderRows(sql, place, where, range)}`;

/** Of each row the cells of its key, and last the number that stands for it. */
export const renderRowNumbers = (
  sql: TableSql,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
): string => {
  const cells = [...sql.key.map(({ name }) => quoteName(name)), renderRowNumber(sql.entry.table.columns)];
  return `SELECT ${cells.join(', ')} FROM ${renderRows(sql, place, where, range)}`;
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

export const renderDelete = (place: TablePlace, condition: string | undefined): string =>
  `DELETE FROM ${quotePlace(place)}${condition === undefined ? '' : ` WHERE ${condition}`}`;

export const renderDeleteRange = (sql: TableSql, place: TablePlace, range: KeyRange): string =>
  renderDelete(place, renderRange(sql.key, range));

/** The statement about the same table with a further condition on the rows of the source. */
export const narrowTo = (sql: TableSql, condition: string): TableSql => {
  const { where } = sql.entry;
  return {
    ...sql,
    entry: { ...sql.entry, where: where === null ? condition : `(${where}\n) AND (${condition})` },
  };
};

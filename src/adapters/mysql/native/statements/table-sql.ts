import type { Flavor } from '../../../../core/flavor.js';
import { currentRowsEnd } from '../../../../core/server/current-rows-end.js';
import { comparedPart } from '../../../../core/mask/table-masks.js';
import type { DatabaseName, TableName } from '../../../../core/names.js';
import type { CopyTable } from '../../../../engine/ports/rows.js';
import { quoteName, quoteTable } from '../../connection/identifiers.js';
import { renderRowNumber } from '../../rows/digest.js';
import { listMaskedCells, renderMaskedRows } from '../../rows/masked-cells.js';
import { type RowKey, findRowKey } from '../../../../core/server/row-key.js';
import { type KeyColumn, type KeyRange, renderRange } from '../../rows/split-key.js';
import type { TransferColumn } from './transfer-columns.js';

export interface LoadStatement {
  readonly sql: string;
  /** The name in it. No other file is ever sent, whatever a server asks for. */
  readonly file: string;
}

/** Where the rows of a table are at one side. */
export interface TablePlace {
  readonly database: DatabaseName;
  readonly table: TableName;
}

/** What all statements about one table are made of. */
export interface TableSql {
  readonly entry: CopyTable;
  readonly columns: readonly TransferColumn[];
  readonly key: readonly KeyColumn[];
}

export const quotePlace = ({ database, table }: TablePlace): string => quoteTable(database, table);

/** `sent`: of the source, masked where the plan says so. `stored`: as they are. */
export type Reading = 'sent' | 'stored';

/** Rows of a range in the order of their key, the same at both sides. */
export const renderSelect = (
  { entry, columns, key }: TableSql,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
  reading: Reading,
): string => {
  const readings = columns.map(({ read, sent }) => (reading === 'sent' ? sent : read));
  const cells = readings.length === 0 ? 'NULL' : readings.join(', ');
  return `SELECT /*!40001 SQL_NO_CACHE */ ${cells} FROM ${renderRows({ entry, key }, place, where, range)}${renderOrder(entry)}`;
};

/** How many cells a row of `renderSelect` has. */
export const countCells = ({ columns }: TableSql): number => Math.max(1, columns.length);

/** What follows FROM, up to the end of WHERE. */
export const renderRows = (
  sql: Pick<TableSql, 'entry' | 'key'>,
  place: TablePlace,
  where: string | null,
  range: KeyRange,
  order: 'key' | 'any' = 'key',
): string => {
  const conditions = listConditions(sql, where, range);
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `${renderTable(sql, place, where, order)}${filter}`;
};

/** With a condition of the person's, the server knows a better index. */
export const renderTable = (
  { entry: { table } }: Pick<TableSql, 'entry'>,
  place: TablePlace,
  where: string | null,
  order: 'key' | 'any' = 'key',
): string => {
  const history = table.kind === 'system-versioned' ? ' FOR SYSTEM_TIME ALL' : '';
  const key = order === 'key' && where === null ? findOrder(table) : undefined;
  return `${quotePlace(place)}${history}${key ? ` FORCE INDEX (${quoteName(key.index)})` : ''}`;
};

/** The condition is the person's: its last line may be a comment. */
export const listConditions = (
  { key }: Pick<TableSql, 'key'>,
  where: string | null,
  range: KeyRange,
): readonly string[] => {
  const rangeCondition = renderRange(key, range);
  return [
    ...(where === null ? [] : [`(${where}\n)`]),
    ...(rangeCondition === undefined ? [] : [rangeCondition]),
  ];
};

/** InnoDB keeps rows in the order of a key; others would have to sort them. */
const findOrder = (table: CopyTable['table']): RowKey | undefined =>
  table.engine?.toLowerCase() === 'innodb' && table.kind === 'table' ? findRowKey(table) : undefined;

const renderOrder = ({ table }: CopyTable): string => {
  const key = findOrder(table);
  return key ? ` ORDER BY ${key.columns.map(({ name }) => quoteName(name)).join(', ')}` : '';
};

/** Rows, and the sum of the numbers that stand for them; see `digest.ts`. */
export const renderDigest = (
  sql: TableSql,
  period: readonly string[],
  place: TablePlace,
  where: string | null,
  reading: Reading,
): string => {
  const { columns } = comparedPart(sql.entry.table, sql.entry.masks);
  const hidden = period.filter((name) => !columns.some((column) => column.name === name));
  const number = renderRowNumber([...columns, ...hidden.map(describePeriodColumn)]);
  return `SELECT COUNT(*), SUM(${number}) FROM ${renderAsCopied(sql, period, place, where, reading)}`;
};

/** Where moments are read otherwise than they are stored, or columns are masked, the rows with them as they are read. */
const renderAsCopied = (
  sql: TableSql,
  period: readonly string[],
  place: TablePlace,
  where: string | null,
  reading: Reading,
): string => {
  const { entry } = sql;
  const rows = renderRows(sql, place, where, {});
  const moments = sql.columns.filter(({ name }) => period.includes(name));
  const masks = reading === 'sent' ? entry.masks : undefined;
  if (masks === undefined && moments.every(({ name, read }) => read === quoteName(name))) return rows;
  const others = entry.table.columns.filter(({ name }) => !period.includes(name));
  const cells = [
    ...listMaskedCells(others, masks),
    ...moments.map(({ name, read }) => `${read} AS ${quoteName(name)}`),
  ];
  return masks === undefined
    ? `(SELECT ${cells.join(', ')} FROM ${rows}) moved`
    : renderMaskedRows(others, masks, { cells, from: rows });
};

/** A current row of the source is to be one of the target, whose last moment may be another. */
export const renderMoment =
  (source: Flavor, target: Flavor) =>
  (name: string): string => {
    const [from, to] = [currentRowsEnd(source), currentRowsEnd(target)];
    return from === to ? quoteName(name) : `IF(${quoteName(name)} = '${from}', '${to}', ${quoteName(name)})`;
  };

const describePeriodColumn = (name: string): CopyTable['table']['columns'][number] => ({
  name,
  dataType: 'timestamp',
  columnType: 'timestamp(6)',
  charset: undefined,
  collation: undefined,
  isGenerated: true,
  primaryKeyPosition: undefined,
});

const renderInto = (place: TablePlace, columns: readonly string[]): string =>
  `INTO ${quotePlace(place)} (${columns.join(', ')})`;

const nameColumns = ({ columns }: TableSql): readonly string[] => columns.map(({ name }) => quoteName(name));

export const renderBulkInsert = (sql: TableSql, place: TablePlace): string =>
  `INSERT ${renderInto(place, nameColumns(sql))} VALUES (${sql.columns.map(() => '?').join(', ')})`;

/** Up to the first row's first cell. */
export const renderInsertStart = (sql: TableSql, place: TablePlace): string =>
  `INSERT ${renderInto(place, nameColumns(sql))} VALUES (`;

/**
 * Everything is said, because sessions and servers have other defaults. What is stored otherwise than its bytes say gets
 * its cell by a variable.
 */
export const renderLoad = (sql: TableSql, place: TablePlace, file: string): LoadStatement => {
  const cells = sql.columns.map((column, index) => {
    const name = quoteName(column.name);
    const variable = `@mysql_sync_${index}`;
    const value = convertLoaded(column, variable);
    return value === undefined ? { to: name } : { to: variable, set: `${name} = ${value}` };
  });
  const sets = cells.flatMap(({ set }) => set ?? []);
  const set = sets.length === 0 ? '' : ` SET ${sets.join(', ')}`;
  return {
    file,
    sql: `LOAD DATA LOCAL INFILE '${file}' INTO TABLE ${quotePlace(place)} CHARACTER SET binary
      FIELDS TERMINATED BY '\\t' ENCLOSED BY '' ESCAPED BY '\\\\' LINES STARTING BY '' TERMINATED BY '\\n' (${cells.map(({ to }) => to).join(', ')})${set}`,
  };
};

/** Digits would be taken for a label. */
const convertLoaded = ({ literal, isPosition }: TransferColumn, variable: string): string | undefined => {
  if (isPosition) return `CAST(${variable} AS UNSIGNED)`;
  return literal === 'text' ? `CONVERT(${variable} USING utf8mb4)` : undefined;
};

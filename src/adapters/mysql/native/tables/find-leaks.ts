import type { Leak } from '../../../../core/mask/leaks.js';
import type { MaskRule } from '../../../../core/mask/mask-rule.js';
import { maskOf } from '../../../../core/mask/table-masks.js';
import type { ColumnInventory } from '../../../../core/server/inventory.js';
import { columnTypeOf } from '../../../../core/sql/column-types.js';
import { quoteName, quoteText } from '../../connection/identifiers.js';
import { renderMask } from '../../rows/mask-sql.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { WatchedColumn } from '../read/leak-watch.js';
import { type TablePlace, type TableSql, renderRows } from '../statements/table-sql.js';

const READABLE = new Set(['text', 'bytes', 'json']);

/** Masks that may leave some of a value, or all of it. */
const LEAVING = new Set<MaskRule['kind']>(['sql', 'json', 'digits']);

/** Of the cells that are sent, those of text that is kept, wholly or in part; the others are undefined. */
export const listWatched = ({ entry, columns }: TableSql): readonly (WatchedColumn | undefined)[] => {
  const inventory = new Map(entry.table.columns.map((column) => [column.name, column]));
  return columns.map(({ name }) => {
    const column = inventory.get(name);
    const rule = maskOf(entry.masks, name)?.kind;
    const isSeen = rule === undefined || LEAVING.has(rule);
    const family = columnTypeOf(column?.dataType ?? '')?.family ?? '';
    if (!column || !isSeen || !READABLE.has(family)) return undefined;
    return {
      ...{ name, charset: column.charset, isBinary: family === 'bytes' },
      areDigitsDrawn: rule === 'digits',
    };
  });
};

/**
 * What of the plan replaces nothing: a row in which `sql` gives the value itself, paths of `json` that are in no document, and
 * `digits` of a column without any. What else makes masks never gives the value.
 */
export const findUnmasked = async (
  source: LaneConnection,
  sql: TableSql,
  place: TablePlace,
): Promise<readonly Leak[]> => {
  const { table, masks, where } = sql.entry;
  const written = (masks?.columns ?? []).filter(({ rule }) => LEAVING.has(rule.kind));
  if (!masks || written.length === 0) return [];
  const others = masks.unless === null ? '' : ` AND NOT COALESCE((${masks.unless}\n), 0)`;
  const counts = written.flatMap(({ column, rule }) => {
    const inventory = table.columns.find(({ name }) => name === column);
    if (!inventory) return ['0', '0'];
    const name = quoteName(column);
    const isOpen = `COALESCE(LENGTH(${name}), 0) > 0${others}`;
    return [`SUM(${isOpen})`, `SUM(${isOpen} AND ${renderIsSame(inventory, rule)})`];
  });
  const [row = []] = await source.queryRows(
    `SELECT ${counts.join(', ')} FROM ${renderRows(sql, place, where, {})}`,
  );
  const numbers = row.map((cell) => Number(cell?.toString() ?? 0));
  return written.flatMap(({ column, rule }, index): readonly Leak[] => {
    const [open = 0, same = 0] = numbers.slice(2 * index, 2 * index + 2);
    const isLeak = rule.kind === 'sql' ? same > 0 : open > 0 && same === open;
    return isLeak ? [{ column, kind: 'unmasked', rows: same }] : [];
  });
};

const renderIsSame = (column: ColumnInventory, rule: MaskRule): string => {
  const name = quoteName(column.name);
  if (rule.kind !== 'json') return `CAST(${renderMask(column, rule)} AS BINARY) <=> CAST(${name} AS BINARY)`;
  const paths = rule.paths.map(({ path }) => quoteText(path));
  return `NOT COALESCE(JSON_CONTAINS_PATH(${name}, 'one', ${paths.join(', ')}), 0)`;
};

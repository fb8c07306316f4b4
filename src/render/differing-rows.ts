import type { DatabaseComparison } from '../core/change/comparison.js';
import type { ComparedRows } from '../core/change/sameness.js';
import { makePrintable } from '../core/printable.js';
import { formatCount, formatPlural } from './units.js';

/** Which rows of a table differ: how many, and below that the keys that are told. */
export const shownDiffering = ({ table, differing }: ComparedRows): readonly string[] => {
  if (!differing) return [];
  if ('untold' in differing)
    return [makePrintable(`rows of ${table}: which ones differ is not known (${differing.untold})`)];
  const { missing, extra, changed, keyColumns, keys } = differing;
  const left = missing + extra + changed - keys.length;
  return [
    makePrintable(
      `rows of ${table}: ${formatCount(missing)} missing on the target, ${formatCount(extra)} extra, ${formatCount(changed)} changed`,
    ),
    ...keys.map(({ is, key }) => makePrintable(`  ${is}  ${describeKey(keyColumns, key, ' = ').join(', ')}`)),
    ...(keys.length > 0 && left > 0
      ? [`  and ${formatPlural(left, 'more', 'more')}: --rows says how many are told`]
      : []),
  ];
};

/**
 * In a pipe `differing`, database, table, rows that are missing, extra and changed (or nothing, and why that is not known); and
 * for each row that is told `row`, database, table, what is wrong, and each column of its key.
 */
export const pipeDiffering = ({ to, compared }: DatabaseComparison): readonly string[] =>
  compared.flatMap(({ table, differing }) => {
    if (!differing) return [];
    if ('untold' in differing) return [joinCells(['differing', to, table, '', '', '', differing.untold])];
    const { missing, extra, changed, keyColumns, keys } = differing;
    return [
      joinCells(['differing', to, table, String(missing), String(extra), String(changed), '']),
      ...keys.map(({ is, key }) => joinCells(['row', to, table, is, ...describeKey(keyColumns, key, '=')])),
    ];
  });

const describeKey = (columns: readonly string[], key: readonly string[], equals: string): readonly string[] =>
  columns.map((column, at) => `${column}${equals}${key[at] ?? ''}`);

const joinCells = (cells: readonly string[]): string => cells.map(makePrintable).join('\t');

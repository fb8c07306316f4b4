import type { DatabaseComparison, Difference } from '../core/change/comparison.js';
import { makePrintable } from '../core/printable.js';
import { pipeDiff, renderDiff } from './definition-diff.js';
import type { Look } from './paint.js';
import { pipeDiffering, shownDiffering } from './differing-rows.js';
import { type Cell, type Column, renderTable } from './table.js';
import { formatCount, formatPlural } from './units.js';

const COLUMNS: readonly Column[] = [
  { title: 'result' },
  { title: 'database', isName: true },
  { title: 'on target', spare: 1, isName: true },
  { title: 'tables', align: 'right', spare: 2 },
  { title: 'rows', align: 'right', spare: 3 },
  { title: 'differences', align: 'right' },
];

const BY = { digest: 'digest', counts: 'number' } as const;

/** So many differences of a database are shown without `--detail`. */
const MOST = 5;

/**
 * One line for each database; below them what differs, all of it with `detail`. In a pipe `detail` adds one tab
 * separated line for each difference: difference, database, kind, name, what; those of its definition; and one for
 * each table whose rows were compared: rows, database, table, same or different, rows of the source, of the target
 * (`hooks` or `preserve` and no rows of a table that hooks change, or of which rows of the target stay). Where it was asked which rows
 * differ, that follows of each table; see `differing-rows.ts`.
 */
export const renderComparison = (
  compared: readonly DatabaseComparison[],
  look: Look,
  extent: 'summary' | 'detail',
): readonly string[] => {
  const lines = renderTable(COLUMNS, compared.map(rowOf), look);
  if (!look.isTerminal)
    return [
      ...lines,
      ...(extent === 'detail' ? compared.flatMap(pipedDifferences) : []),
      ...compared.flatMap(pipeDiffering),
    ];
  return [
    ...lines,
    ...compared.flatMap((one) => shownDifferences(one, look, extent)),
    '',
    summarize(compared),
  ];
};

const rowOf = ({ from, to, tables, rows, differences }: DatabaseComparison): readonly Cell[] => [
  differences.length === 0
    ? { shown: 'same', color: 'green' }
    : { shown: 'DIFFERENT', piped: 'different', color: 'red' },
  from,
  to,
  countCell(tables),
  countCell(rows),
  countCell(differences.length),
];

const countCell = (count: number): Cell => ({ shown: formatCount(count), piped: String(count) });

const pipedDifferences = ({
  to,
  differences,
  compared,
  changedByHooks = [],
  preserved = [],
}: DatabaseComparison): readonly string[] => [
  ...differences.flatMap(({ kind, name, what, diff }) => [
    ['difference', to, kind, name, what].map(makePrintable).join('\t'),
    ...pipeDiff(to, { kind, name, diff }),
  ]),
  ...compared.map(({ table, isSame, source, target }) =>
    ['rows', to, table, isSame ? 'same' : 'different', String(source), String(target)]
      .map(makePrintable)
      .join('\t'),
  ),
  ...changedByHooks.map((table) => ['rows', to, table, 'hooks', '', ''].map(makePrintable).join('\t')),
  ...preserved.map((table) => ['rows', to, table, 'preserve', '', ''].map(makePrintable).join('\t')),
];

const shownDifferences = (
  { to, differences, compared, by, changedByHooks = [], preserved = [] }: DatabaseComparison,
  look: Look,
  extent: 'summary' | 'detail',
): readonly string[] => {
  const same = extent === 'detail' ? compared.filter(({ isSame }) => isSame) : [];
  if (differences.length + same.length + changedByHooks.length + preserved.length === 0) return [];
  const shown = extent === 'detail' ? differences : differences.slice(0, MOST);
  const left = differences.length - shown.length;
  return [
    '',
    `${makePrintable(to)}:`,
    ...shown.flatMap((one) => [
      `  ${describeDifference(one)}`,
      ...(extent === 'detail' ? renderDiff(one.diff ?? [], look) : []),
    ]),
    ...compared.flatMap(shownDiffering).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${formatPlural(left, 'more', 'more')}: --detail lists all`] : []),
    ...changedByHooks.map((table) =>
      makePrintable(`  table ${table} is changed by hooks: its rows are not compared`),
    ),
    ...preserved.map((table) =>
      makePrintable(`  table ${table} has rows that stay by tables.preserve: its rows are not compared`),
    ),
    ...same.map(({ table, source }) =>
      makePrintable(`  table ${table} is the same: ${formatPlural(source, 'row')} by ${BY[by]}`),
    ),
  ];
};

const describeDifference = ({ kind, name, what }: Difference): string =>
  makePrintable(`${kind} ${name} ${what}`);

const summarize = (compared: readonly DatabaseComparison[]): string => {
  const different = compared.filter(({ differences }) => differences.length > 0).length;
  const same = compared.length - different;
  const by = compared.some((one) => one.by === 'counts') ? ' Rows were only counted (verify: counts).' : '';
  return `Verified: ${String(same)} the same, ${String(different)} different.${by}`;
};

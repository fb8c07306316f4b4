import { type DatabaseChange, type PatchBase, type TableChange, isPatch } from '../core/change/change-set.js';
import type { RunEvent } from '../core/run/run-event.js';
import { formatCount, formatPlural } from '../core/plural.js';
import { makePrintable } from '../core/printable.js';

/** What a refresh does with each table: how many stay or may stay, and why others are copied. */
export const listRefresh = ({ tables }: DatabaseChange, form: 'short' | 'full'): readonly string[] => {
  const groups = new Map<string, string[]>();
  const patched: (readonly [TableChange['name'], PatchBase])[] = [];
  for (const { name, refresh } of tables)
    if (isPatch(refresh)) patched.push([name, refresh]);
    else if (refresh) {
      const [before, after] = describeBase(refresh);
      const group = JSON.stringify([before, after]);
      groups.set(group, [...(groups.get(group) ?? []), name]);
    }
  const list = (names: readonly string[]): string =>
    form === 'full' ? names.map(makePrintable).join(', ') : formatPlural(names.length, 'table');
  const others = [...groups]
    .map(([group, names]) => [...(JSON.parse(group) as readonly [string, string]), list(names)] as const)
    .map(
      ([before, after, names]) => `${before}: ${names}${after === '' ? '' : ` (${makePrintable(after)})`}`,
    );
  const listBase = (base: PatchBase['base']): readonly string[] =>
    listPatched(
      patched.filter(([, refresh]) => refresh.base === base),
      form,
    );
  return [...others, ...listBase('previous'), ...listBase('unfinished')];
};

const BASES = {
  previous: 'made of what is kept for a rollback',
  unfinished: 'made of a copy that was not finished',
};

/** Tables that are made of what one kind of earlier run has, each with its rows where all are listed. */
const listPatched = (
  patched: readonly (readonly [TableChange['name'], PatchBase])[],
  form: 'short' | 'full',
): readonly string[] => {
  const [[, first] = []] = patched;
  if (!first) return [];
  const describe = (what: string, tables: readonly PatchBase[]): string => {
    const told = tables.filter(({ insert }) => insert !== undefined);
    const sum = (key: 'insert' | 'change' | 'delete'): string =>
      formatCount(told.reduce((total, table) => total + (table[key] ?? 0), 0));
    const rows = `${sum('insert')} to insert, ${sum('change')} to change, ${sum('delete')} to delete`;
    const untold = tables.length - told.length;
    const others = told.length === 0 ? 'rows' : `rows of ${formatPlural(untold, 'table')}`;
    const parts = [...(told.length > 0 ? [rows] : []), ...(untold > 0 ? [`${others} not compared`] : [])];
    return `patched: ${what} (${BASES[first.base]}: ${parts.join('; ')})`;
  };
  return form === 'full'
    ? patched.map(([name, table]) => describe(makePrintable(name), [table]))
    : [
        describe(
          formatPlural(patched.length, 'table'),
          patched.map(([, table]) => table),
        ),
      ];
};

/** What is said of a table, and why. */
const describeBase = (
  refresh: Exclude<NonNullable<TableChange['refresh']>, PatchBase>,
): readonly [string, string] => {
  if (refresh.base === 'none') return ['copied in any case', refresh.reason];
  if (refresh.would === 'copy') return ['copied', refresh.reason];
  return refresh.would === 'keep'
    ? ['kept as they are', "the rows are the source's"]
    : ['compared first, and left as they are if equal', ''];
};

const wordOf = (refresh: NonNullable<TableChange['refresh']>): string => {
  if (refresh.base === 'none') return 'copy';
  return refresh.base === 'unfinished' ? 'resume' : (refresh.would ?? 'compare');
};

/**
 * In a pipe: `refresh`, database, table, `keep`, `patch`, `resume`, `copy` or `compare`, why it does not stay; of `patch`, and of `resume`
 * where rows were compared, those to insert, change and delete.
 */
export const pipeRefresh = ({ to, tables }: DatabaseChange): readonly string[] =>
  tables.flatMap(({ name, refresh }) => {
    if (!refresh) return [];
    const word = wordOf(refresh);
    const reason = 'reason' in refresh ? refresh.reason : '';
    const rows =
      isPatch(refresh) && refresh.insert !== undefined
        ? [refresh.insert, refresh.change, refresh.delete].map(String)
        : [];
    return [['refresh', to, name, word, reason, ...rows].map(makePrintable).join('\t')];
  });

const MOST_NAMED = 6;

/** `4 tables are kept, 1 table is copied: orders (its rows differ)` */
export const describeRefresh = ({
  kept,
  copied,
}: Pick<Extract<RunEvent, { type: 'refresh' }>, 'kept' | 'copied'>): string => {
  const named = copied.slice(0, MOST_NAMED).map(({ table, reason }) => `${table} (${reason})`);
  const rest = copied.length - named.length;
  const names = [...named, ...(rest > 0 ? [`and ${formatPlural(rest, 'other')}`] : [])];
  return [
    `${formatPlural(kept.length, 'table is kept', 'tables are kept')}, ${formatPlural(copied.length, 'table is copied', 'tables are copied')}`,
    ...(names.length > 0 ? [names.join(', ')] : []),
  ].join(': ');
};

import { makePrintable } from '../core/printable.js';
import { type Look, paint } from './look.js';
import { formatRelativeTime } from './relative-time.js';
import { renderTable } from './table.js';
import { formatBytes, formatPlural } from './units.js';

/** One live database and what would come back. */
export interface RollbackRow {
  readonly live: string;
  readonly run: string;
  /** When that run started, RFC 3339. */
  readonly startedAt: string;
  /** Null when the database did not exist before that run. */
  readonly tables: number | null;
  readonly bytes: number;
}

/** What a rollback would do; in a pipe: database, run, time of the run, tables (empty when removed), bytes. */
export const renderRollback = (
  rows: readonly RollbackRow[],
  look: Look,
  { target, now }: { readonly target: string; readonly now: Date },
): readonly string[] => {
  if (!look.isTerminal)
    return rows.map(({ live, run, startedAt, tables, bytes }) =>
      [live, run, startedAt, String(tables ?? ''), String(bytes)].map(makePrintable).join('\t'),
    );
  const lines = renderTable(
    [{ title: 'database' }, { title: 'goes back to', cut: 'last' }, { title: 'before run', spare: 1 }],
    rows.map(({ live, run, startedAt, tables, bytes }) => [
      live,
      tables === null
        ? 'not existing: it is REMOVED'
        : `${formatPlural(tables, 'table')}, ${formatBytes(bytes)}`,
      `${run}, ${formatRelativeTime(startedAt, now)}`,
    ]),
    look,
  );
  return [
    ...lines,
    '',
    paint(
      look,
      'yellow',
      `REPLACES ${formatPlural(rows.length, 'database')} on ${makePrintable(target)}: what was written since those runs leaves with the swap.`,
    ),
    'It is kept in turn, so this can be rolled back too.',
  ];
};

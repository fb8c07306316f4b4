import type { RunId } from '../core/names.js';
import { makePrintable } from '../core/printable.js';
import { type Look, paint } from './paint.js';
import { formatRelativeTime } from './relative-time.js';
import { renderTable } from './table.js';
import { formatBytes, formatPlural } from './units.js';

/** One live database and what would come back. */
export interface RollbackRow {
  readonly live: string;
  readonly run: RunId;
  /** When that run started, RFC 3339. */
  readonly startedAt: string;
  /** Name of the plan of that run. */
  readonly plan: string;
  /** Null when the database did not exist before that run. */
  readonly tables: number | null;
  readonly bytes: number;
}

/** What a rollback would do; in a pipe: database, run, time of the run, tables (empty when removed), bytes, plan. */
export const renderRollback = (
  rows: readonly RollbackRow[],
  look: Look,
  { target, now }: { readonly target: string; readonly now: Date },
): readonly string[] => {
  const lines = renderRows(rows, look, now);
  if (!look.isTerminal) return lines;
  return [
    ...lines,
    '',
    paint(
      look,
      'bold',
      `REPLACES ${formatPlural(rows.length, 'database')} on ${makePrintable(target)}: what was written since those runs is swapped out with it.`,
    ),
    'It is kept in turn, so this can be rolled back too.',
  ];
};

/** What could be rolled back, and the command for each run; in a pipe the same rows as of a rollback. */
export const renderKept = (
  rows: readonly RollbackRow[],
  look: Look,
  { now, commandFor }: { readonly now: Date; readonly commandFor: (run: RollbackRow['run']) => string },
): readonly string[] => {
  const lines = renderRows(rows, look, now);
  if (!look.isTerminal) return lines;
  const runs = [...new Set(rows.map(({ run }) => run))];
  return [...lines, '', ...runs.map((run) => `Roll back:  ${makePrintable(commandFor(run))}`)];
};

const renderRows = (rows: readonly RollbackRow[], look: Look, now: Date): readonly string[] =>
  look.isTerminal
    ? renderTable(
        [
          { title: 'database', isName: true },
          { title: 'goes back to', cut: 'last' },
          { title: 'before run', spare: 1 },
          { title: 'of plan', spare: 1, isName: true },
        ],
        rows.map(({ live, run, startedAt, plan, tables, bytes }) => [
          live,
          tables === null
            ? 'not existing: it is REMOVED'
            : `${formatPlural(tables, 'table')}, ${formatBytes(bytes)}`,
          `${run}, ${formatRelativeTime(startedAt, now)}`,
          plan,
        ]),
        look,
      )
    : rows.map(({ live, run, startedAt, plan, tables, bytes }) =>
        [live, run, startedAt, String(tables ?? ''), String(bytes), plan].map(makePrintable).join('\t'),
      );

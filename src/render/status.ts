import type { LiveCopy } from '../core/run/live-copies.js';
import type { Look } from './paint.js';
import { summarizeKept } from './kept.js';
import { formatRelativeTime } from './relative-time.js';
import { type Cell, type Column, renderTable } from './table.js';
import { formatBytes, formatPlural } from './units.js';

const COLUMNS: readonly Column[] = [
  { title: 'DATABASE', isName: true },
  { title: 'COPY OF' },
  { title: 'SINCE', spare: 2 },
  { title: 'PLAN', spare: 3 },
  { title: 'SIZE', align: 'right', spare: 1 },
  { title: 'ROLLBACK BRINGS BACK', cut: 'last' },
];

export interface StatusView {
  readonly now: Date;
  /** How the dropping of what is kept is called. */
  readonly dropCommand: string;
}

/**
 * A row for each database that a run made or replaced, and what is kept in all. In a pipe: database, server and name of the source, run,
 * started (RFC 3339), plan, bytes, tables and bytes of what a rollback brings back.
 */
export const renderStatus = (
  copies: readonly LiveCopy[],
  look: Look,
  { now, dropCommand }: StatusView,
): readonly string[] => {
  if (!look.isTerminal) return renderTable(PIPED, copies.map(pipedRow), look);
  const kept = copies.flatMap(({ previous, startedAt }) => (previous ? [{ ...previous, startedAt }] : []));
  return [
    ...renderTable(
      COLUMNS,
      copies.map((copy) => shownRow(copy, now)),
      look,
    ),
    ...(kept.length > 0
      ? ['', `${summarizeKept(kept, now)}. Drop ${kept.length === 1 ? 'it' : 'them'}:  ${dropCommand}`]
      : []),
  ];
};

const PIPED: readonly Column[] = Array.from({ length: 9 }, () => ({ title: '' }));

const pipedRow = ({ database, source, run, startedAt, plan, bytes, previous }: LiveCopy): readonly Cell[] => [
  database,
  source?.server ?? '',
  source?.database ?? '',
  run,
  startedAt,
  plan,
  String(bytes ?? ''),
  String(previous?.tables ?? ''),
  String(previous?.bytes ?? ''),
];

const shownRow = (copy: LiveCopy, now: Date): readonly Cell[] => [
  copy.database,
  describeOrigin(copy),
  `${formatRelativeTime(copy.startedAt, now)}, run ${copy.run}`,
  copy.plan,
  copy.bytes === null ? 'not there' : formatBytes(copy.bytes),
  describePrevious(copy),
];

const describeOrigin = ({ by, source }: LiveCopy): string => {
  if (source) return `${source.database} of ${source.server}`;
  return by === 'rollback' ? '(rolled back)' : '(a run of another machine)';
};

const describePrevious = ({ previous }: LiveCopy): string => {
  if (!previous) return 'nothing is kept';
  return previous.tables === null
    ? 'nothing: it is removed'
    : `${formatPlural(previous.tables, 'table')}, ${formatBytes(previous.bytes)}`;
};

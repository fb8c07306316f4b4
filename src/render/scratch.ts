import { type ScratchDatabase, isKept, isTooOld } from '../core/change/scratch.js';
import { makePrintable } from '../core/printable.js';
import { summarizeKept } from './kept.js';
import type { Look } from './paint.js';
import { formatRelativeTime } from './relative-time.js';
import { USED_UP } from './used-up.js';
import { type Column, renderTable, widthOfTable } from './table.js';
import { formatBytes } from './units.js';

export interface ScratchView {
  readonly now: Date;
  /** The live databases of this plan. */
  readonly planned: ReadonlySet<string>;
  /** Those of them that this apply would replace. */
  readonly replaced: ReadonlySet<string>;
  /** Scratch databases that are dropped first. */
  readonly dropped: ReadonlySet<string>;
  /** Whether tables that differ may start from what is kept. */
  readonly isStart: boolean;
  /** The command that lists what is kept. */
  readonly statusCommand: string;
}

/** In one line what is kept of this plan's databases for rollback; then what killed runs left behind, and what becomes of it. */
export const renderScratch = (
  scratch: readonly ScratchDatabase[],
  look: Look,
  view: ScratchView,
): readonly string[] => [
  ...renderKept(scratch.filter(isKept), view),
  ...renderLeft(
    scratch.filter((found) => !isKept(found)),
    look,
    view,
  ),
];

const renderKept = (
  found: readonly ScratchDatabase[],
  { now, planned, replaced, isStart, statusCommand }: ScratchView,
): readonly string[] => {
  const kept = found.filter(({ live }) => planned.has(live ?? ''));
  const going = kept.filter(({ live }) => replaced.has(live ?? '')).length;
  const pronoun = kept.length === 1 ? 'it' : 'them';
  const gone =
    going === 0
      ? ''
      : ` (this apply replaces ${going < kept.length ? `${String(going)} of them` : pronoun}${isStart ? `; ${USED_UP}` : ''})`;
  return kept.length === 0 ? [] : ['', `${summarizeKept(kept, now)}${gone}.  ${statusCommand}`];
};

const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: '' },
  { title: '', align: 'right' },
  { title: '' },
];
const INDENT = '  ';
const MOST = 5;

/** A table where it fits, else a line each. */
const renderLeft = (left: readonly ScratchDatabase[], look: Look, view: ScratchView): readonly string[] => {
  const rows = left.map((found) => describeLeft(found, view)).sort(([a], [b]) => a.localeCompare(b));
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST);
  const columns = look.columns - INDENT.length;
  const lines =
    widthOfTable(COLUMNS, shown) <= columns
      ? renderTable(COLUMNS, shown, { ...look, columns }).slice(1)
      : shown.map((cells) => cells.map(makePrintable).filter(Boolean).join(', '));
  const rest = rows.length - shown.length;
  return [
    '',
    'Left behind on the target:',
    ...lines.map((line) => INDENT + line),
    ...(rest > 0 ? [`${INDENT}and ${String(rest)} more:  mysql-sync scratch`] : []),
  ];
};

const describeLeft = (
  { database, state, doubt, run, live, startedAt, bytes }: ScratchDatabase,
  { now, planned, dropped }: ScratchView,
): readonly [name: string, what: string, size: string, next: string] => {
  const size = formatBytes(bytes);
  if (state === 'empty') return [database, 'empty', size, 'the next apply drops it'];
  if (state === 'unknown' || doubt !== null)
    return [database, doubt ?? 'without a journal', size, 'left as it is: mysql-sync scratch'];
  const since = startedAt === null ? '' : `, ${formatRelativeTime(startedAt, now)}`;
  const left = state === 'staging' ? 'an unfinished copy' : 'an unfinished swap';
  const isLeft =
    state === 'staging' && !dropped.has(database) && startedAt !== null && !isTooOld(startedAt, now);
  const next = isLeft
    ? describeUse(planned.has(live ?? ''))
    : 'still running, or the next apply cleans it up';
  return [live ?? database, `${left} of run ${run ?? ''}${since}`, size, next];
};

const describeUse = (isPlanned: boolean): string =>
  isPlanned
    ? 'still running, or this apply goes on from it (--discard drops it)'
    : 'still running, or left for an apply of its database, which goes on from it';

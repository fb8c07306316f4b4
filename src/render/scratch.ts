import type { ScratchDatabase } from '../core/change/scratch.js';
import { makePrintable } from '../core/printable.js';
import type { Look } from './paint.js';
import { formatRelativeTime } from './relative-time.js';
import { type Column, renderTable, widthOfTable } from './table.js';
import { formatBytes } from './units.js';

export interface ScratchView {
  readonly now: Date;
  /** The live databases that this apply would replace. */
  readonly replaced: ReadonlySet<string>;
}

const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: '' },
  { title: '', align: 'right' },
  { title: '' },
];
const INDENT = '  ';

/** What earlier runs have on the target, and what becomes of it: a table where it fits, else a line each. */
export const renderScratch = (
  scratch: readonly ScratchDatabase[],
  look: Look,
  view: ScratchView,
): readonly string[] => {
  const rows = scratch.map((found) => describeScratch(found, view)).sort(([a], [b]) => a.localeCompare(b));
  if (rows.length === 0) return [];
  const columns = look.columns - INDENT.length;
  const lines =
    widthOfTable(COLUMNS, rows) <= columns
      ? renderTable(COLUMNS, rows, { ...look, columns }).slice(1)
      : rows.map((cells) => cells.map(makePrintable).filter(Boolean).join(', '));
  return ['', 'Kept on the target for rollback, or left behind:', ...lines.map((line) => INDENT + line)];
};

const describeScratch = (
  { database, state, doubt, run, live, startedAt, bytes }: ScratchDatabase,
  { now, replaced }: ScratchView,
): readonly [name: string, what: string, size: string, next: string] => {
  const size = formatBytes(bytes);
  if (state === 'empty') return [database, 'empty', size, 'the next apply drops it'];
  if (state === 'unknown' || doubt !== null)
    return [database, doubt ?? 'without a journal', size, 'left as it is: mysql-sync scratch'];
  const name = live ?? database;
  const since = startedAt === null ? '' : `, ${formatRelativeTime(startedAt, now)}`;
  const ofRun = `run ${run ?? ''}${since}`;
  if (state === 'kept')
    return [name, `as before ${ofRun}`, size, replaced.has(name) ? 'goes with this apply' : ''];
  const left = state === 'staging' ? 'an unfinished copy' : 'an unfinished swap';
  return [name, `${left} of ${ofRun}`, size, 'still running, or the next apply cleans it up'];
};

import { escapeInJson } from '../core/printable.js';
import type { ScratchDatabase } from '../core/change/scratch.js';
import type { Look } from './paint.js';
import { formatRelativeTime } from './relative-time.js';
import { renderTable } from './table.js';
import { formatBytes } from './units.js';

const COLUMNS = [
  { title: 'NAME', cut: 'last' },
  { title: 'STATE' },
  { title: 'RUN' },
  { title: 'DATABASE', spare: 1, isName: true },
  { title: 'STARTED', spare: 2 },
  { title: 'SIZE', align: 'right', spare: 3 },
  { title: 'JOURNAL' },
] as const;

/** One row a scratch database. In a pipe sizes are bytes and times RFC 3339. */
export const renderScratchList = (
  scratch: readonly ScratchDatabase[],
  look: Look,
  now: Date,
): readonly string[] =>
  renderTable(
    COLUMNS,
    scratch.map(({ database, state, doubt, run, live, startedAt, bytes }) => [
      database,
      state,
      run ?? '',
      live ?? '',
      { shown: startedAt === null ? '' : formatRelativeTime(startedAt, now), piped: startedAt ?? '' },
      { shown: formatBytes(bytes), piped: String(bytes) },
      doubt ?? (state === 'unknown' || state === 'empty' ? 'none' : 'signed'),
    ]),
    look,
  );

/** The longest journal that is shown whole. */
const MOST_CHARACTERS = 100_000;

/** What a journal says, as JSON where it is some; printable, whoever wrote it. */
export const renderClaim = (text: string): readonly string[] => {
  const cut = text.slice(0, MOST_CHARACTERS);
  const lines = escapeInJson(indentJson(cut)).split('\n');
  return cut === text ? lines : [...lines, `(${String(text.length)} characters, cut)`];
};

const indentJson = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
};

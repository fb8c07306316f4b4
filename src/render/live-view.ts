import { type DatabaseOutcome, wasBegun } from '../core/run/outcome.js';
import { displayWidth, truncateText } from './display-width.js';
import { fitLines } from './fit-lines.js';
import { renderFooter } from './live-footer.js';
import type { LiveDatabase, LiveRun } from './live-run.js';
import { type Look, paint } from './paint.js';
import { progressParts } from './progress.js';
import { describeEnd } from './run-event.js';

/** Where the run is drawn. */
export interface LiveScreen {
  readonly look: Look;
  /** Lines of the terminal. */
  readonly rows: number;
  /** The sign of what goes on: a frame of a spinner. */
  readonly sign: string;
}

const GAP = '  ';
/** A longer name is cut, in its own row; it stands whole in the line of its end and in the recap. */
const LONGEST_NAME = 32;

/** The width of the names: of the longest that leaves room for what happens. */
const nameWidth = (databases: readonly LiveDatabase[], { columns }: Look): number => {
  const most = Math.min(LONGEST_NAME, Math.floor(columns / 2));
  return Math.min(most, Math.max(...databases.map(({ name }) => displayWidth(name))));
};

const padName = (name: string, width: number): string =>
  name + ' '.repeat(Math.max(0, width - displayWidth(name)));

/**
 * What changes while a run goes on: a row for each database in flight, what goes for all, how many wait and are done,
 * and how far the whole is. No line is longer than the terminal, and all of them fit on it.
 */
export const renderLive = (run: LiveRun, screen: LiveScreen): readonly string[] => {
  const { look, rows, sign } = screen;
  const active = run.databases.filter(({ phase, outcome }) => phase && !outcome);
  const pause = run.pause === undefined ? [] : [run.pause];
  const below = [...fitLines([...pause, ...countLine(run.databases, look)], look), renderFooter(run, look)];
  // One line is the cursor's, and one may tell what had no room.
  const room = Math.max(1, rows - below.length - 2);
  const shown = active.slice(0, active.length > room ? room : undefined);
  const width = nameWidth(run.databases, look);
  const more = active.length - shown.length;
  return [
    ...shown.map((database) => {
      const name = padName(truncateText(database.name, width), width);
      const text = fitFirst(partsOf(database, run.now), look.columns - width - 2 * GAP.length);
      return truncateText(`${sign} ${name}${GAP}${text}`, look.columns);
    }),
    ...(more > 0 ? [`${GAP}${String(more)} more in progress`] : []),
    ...below,
  ];
};

/** The line of a database that has ended, for good: nothing is cut from its name. */
export const renderEnd = (
  { name, outcome }: LiveDatabase,
  all: readonly LiveDatabase[],
  { look, signs }: { readonly look: Look; readonly signs: { readonly good: string; readonly bad: string } },
): readonly string[] => {
  // Those that never started are counted here, and named by the recap.
  if (!outcome || !wasBegun(outcome)) return [];
  const sign =
    outcome.status === 'applied' ? paint(look, 'green', signs.good) : paint(look, 'red', signs.bad);
  return [`${sign} ${padName(name, nameWidth(all, look))}${GAP}${describeEnd(outcome)}`];
};

const partsOf = ({ phase, since, progress, retry }: LiveDatabase, now: number): readonly string[] => {
  if (retry !== undefined || !phase) return [retry ?? ''];
  return progressParts({ phase, progress, copyMilliseconds: now - since });
};

/** As many parts as have room, the first of those that have none cut when enough of it can be read. */
const fitFirst = (parts: readonly string[], columns: number): string => {
  const [first = '', ...rest] = parts;
  let line = truncateText(first, columns);
  for (const part of rest) {
    const room = columns - displayWidth(line) - GAP.length;
    if (displayWidth(part) > room)
      return part === rest.at(-1) && room >= 8 ? `${line}${GAP}${truncateText(part, room)}` : line;
    line += GAP + part;
  }
  return line;
};

/** `37 waiting, 5 done, 1 failed`; nothing for one database alone. */
const countLine = (databases: readonly LiveDatabase[], look: Look): readonly string[] => {
  if (databases.length < 2) return [];
  const ended = (...statuses: readonly DatabaseOutcome['status'][]): number =>
    databases.filter(({ outcome }) => outcome && statuses.includes(outcome.status)).length;
  const failed = ended('failed');
  const parts = [
    countOf(databases.filter(({ phase, outcome }) => !phase && !outcome).length, 'waiting'),
    countOf(ended('applied'), 'done'),
    failed > 0 ? paint(look, 'red', countOf(failed, 'failed')) : '',
    countOf(ended('interrupted'), 'interrupted'),
    countOf(ended('not-started'), 'not started'),
    countOf(ended('already-applied'), 'already applied'),
    countOf(ended('elsewhere'), 'left to other workers'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? [] : [GAP + parts.join(', ')];
};

const countOf = (count: number, word: string): string => (count > 0 ? `${String(count)} ${word}` : '');

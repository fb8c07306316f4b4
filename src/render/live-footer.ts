import { displayWidth, truncateText } from './display-width.js';
import type { LiveDatabase, LiveRun } from './live-run.js';
import type { Look } from './paint.js';
import { copiedShare, formatEta, formatRate, formatShare } from './progress.js';
import { formatBytes, formatDuration, formatPlural } from './units.js';

const GAP = '  ';
/** An empty database is some work too. */
const LEAST_WEIGHT = 65_536;
/** How much of a database is done when only its rows are. */
const ALL_BUT_DONE = 0.99;

const shareOf = ({ phase, progress, outcome }: LiveDatabase): number => {
  if (outcome) return 1;
  if (phase === 'copy') return (progress && copiedShare(progress)) ?? 0;
  return phase === undefined || phase === 'stage' ? 0 : ALL_BUT_DONE;
};

interface Whole {
  readonly share: number;
  readonly bytes: number;
  readonly size: number;
}

/** What failed or was left is no longer work, done or to do. */
const measureWhole = (databases: readonly LiveDatabase[]): Whole => {
  const counted = databases.filter(({ outcome }) => !outcome || outcome.status === 'applied');
  const sum = (number: (database: LiveDatabase) => number): number =>
    counted.reduce((total, database) => total + number(database), 0);
  const weight = sum(({ size }) => size + LEAST_WEIGHT);
  return {
    share: weight === 0 ? 1 : sum((one) => (one.size + LEAST_WEIGHT) * shareOf(one)) / weight,
    bytes: sum(({ progress, outcome }) => outcome?.bytes ?? progress?.bytes ?? 0),
    size: sum(({ size }) => size),
  };
};

/** `[====>    ]  ~43%  6/43 databases  3.2 GiB of ~7.4 GiB  85.0 MiB/s  elapsed 38s  ETA 50s`, as much as has room. */
export const renderFooter = ({ databases, startedAt, now }: LiveRun, { columns }: Look): string => {
  const { share, bytes, size } = measureWhole(databases);
  const elapsed = now - startedAt;
  const ended = databases.filter(({ outcome }) => outcome).length;
  // Sizes are of what the source stores, bytes are what travels: what is left is judged by what was found so far.
  const total = share < 0.01 ? size : bytes / share;
  const parts = [
    { text: formatShare(share), rank: 0 },
    { text: `${String(ended)}/${formatPlural(databases.length, 'database')}`, rank: 1 },
    { text: size === 0 ? '' : `${formatBytes(bytes)} of ~${formatBytes(total)}`, rank: 3 },
    { text: formatRate(bytes, elapsed), rank: 5 },
    { text: elapsed < 1000 ? '' : `elapsed ${formatDuration(elapsed)}`, rank: 4 },
    { text: formatEta(elapsed, share), rank: 2 },
  ].filter(({ text }) => text !== '');
  const shown = fitByRank(parts, columns - NARROWEST_BAR - GAP.length).join(GAP);
  const bar = renderBar(share, Math.min(WIDEST_BAR, columns - GAP.length - displayWidth(shown)));
  return truncateText(`${bar}${GAP}${shown}`, columns);
};

const NARROWEST_BAR = 10;
const WIDEST_BAR = 24;

/** Of ASCII: other blocks are two columns wide in some terminals of East Asia. */
const renderBar = (share: number, width: number): string => {
  const room = Math.max(0, width - 2);
  const done = Math.floor(share * room);
  return `[${'='.repeat(done)}${(done < room ? '>' : '').padEnd(room - done)}]`;
};

/** The parts with room for them, the lowest rank chosen first, in their own order. */
const fitByRank = (
  parts: readonly { readonly text: string; readonly rank: number }[],
  columns: number,
): readonly string[] => {
  const chosen = new Set<string>();
  let width = -GAP.length;
  for (const { text } of parts.toSorted((one, other) => one.rank - other.rank)) {
    if (width + GAP.length + displayWidth(text) > columns) break;
    width += GAP.length + displayWidth(text);
    chosen.add(text);
  }
  return parts.map(({ text }) => text).filter((text) => chosen.has(text));
};

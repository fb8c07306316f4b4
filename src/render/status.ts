import type { LiveCopy } from '../core/run/live-copies.js';
import type { Origin } from '../core/run/provenance.js';
import { makePrintable } from '../core/printable.js';
import type { Look } from './paint.js';
import { summarizeKept } from './kept.js';
import { formatRelativeTime } from './relative-time.js';
import { type Cell, type Column, renderTable } from './table.js';
import { formatBytes, formatPlural } from './units.js';

/** A copy, and where its age was asked for, why it is too old; null when it is not. */
export type JudgedCopy = LiveCopy & { readonly tooOld?: string | null };

const COLUMNS: readonly Column[] = [
  { title: 'DATABASE', isName: true },
  { title: 'COPY OF' },
  { title: 'AS OF', spare: 1 },
  { title: 'SINCE', spare: 3 },
  { title: 'VERIFIED', spare: 4 },
  { title: 'WRITTEN', spare: 2 },
  { title: 'PLAN', spare: 6 },
  { title: 'SIZE', align: 'right', spare: 5 },
  { title: 'ROLLBACK BRINGS BACK', cut: 'last' },
];

export interface StatusView {
  readonly now: Date;
  /** How the dropping of what is kept is called. */
  readonly dropCommand: string;
}

/**
 * A row for each database that a run made or replaced, what speaks against what is said of it, and what is kept in all. In a
 * pipe: database, server and name of the source, run, started (RFC 3339), plan, bytes, tables and bytes of what a rollback
 * brings back, as of (RFC 3339), tables compared and those of them by digest, written since (RFC 3339), doubt, why it is too old.
 */
export const renderStatus = (
  copies: readonly JudgedCopy[],
  look: Look,
  { now, dropCommand }: StatusView,
): readonly string[] => {
  if (!look.isTerminal) return renderTable(PIPED, copies.map(pipedRow), look);
  const kept = copies.flatMap(({ previous, startedAt }) => (previous ? [{ ...previous, startedAt }] : []));
  const troubles = copies.flatMap((copy) => [describeTrouble(copy) ?? [], describeScan(copy) ?? []].flat());
  return [
    ...renderTable(
      COLUMNS,
      copies.map((copy) => shownRow(copy, now)),
      look,
    ),
    ...(troubles.length > 0 ? ['', ...troubles] : []),
    ...(kept.length > 0
      ? ['', `${summarizeKept(kept, now)}. Drop ${kept.length === 1 ? 'it' : 'them'}:  ${dropCommand}`]
      : []),
  ];
};

const describeTrouble = ({ database, doubt, tooOld }: JudgedCopy): string | undefined => {
  const name = makePrintable(database);
  if (typeof tooOld === 'string') return `${name} is too old: ${makePrintable(tooOld)}`;
  return doubt === null ? undefined : `${name}: ${makePrintable(doubt)}`;
};

const PIPED: readonly Column[] = Array.from({ length: 15 }, () => ({ title: '' }));

const pipedRow = (copy: JudgedCopy): readonly Cell[] => {
  const { database, source, run, startedAt, plan, bytes, previous, asOf, origin, changedAt, doubt, tooOld } =
    copy;
  return [
    database,
    source?.server ?? '',
    source?.database ?? '',
    run ?? '',
    startedAt ?? '',
    plan ?? '',
    String(bytes ?? ''),
    String(previous?.tables ?? ''),
    String(previous?.bytes ?? ''),
    asOf ?? '',
    String(origin?.verification.counted ?? ''),
    String(origin?.verification.digested ?? ''),
    changedAt ?? '',
    doubt ?? '',
    tooOld ?? '',
  ];
};

const shownRow = (copy: JudgedCopy, now: Date): readonly Cell[] => {
  const { database, asOf, startedAt, run, origin, changedAt, plan, bytes } = copy;
  return [
    database,
    describeSource(copy),
    bytes === null ? 'not there' : asOf === null ? 'not known' : formatRelativeTime(asOf, now),
    startedAt === null
      ? 'not known'
      : `${formatRelativeTime(startedAt, now)}${run === null ? '' : `, run ${run}`}`,
    describeVerification(origin),
    changedAt === null ? '' : formatRelativeTime(changedAt, now),
    plan ?? '',
    bytes === null ? '' : formatBytes(bytes),
    describePrevious(copy, now),
  ];
};

const describeSource = ({ by, source, doubt }: LiveCopy): string => {
  if (source) return `${source.database} of ${source.server}${by === 'rollback' ? ' (rolled back)' : ''}`;
  if (by === 'apply' || doubt !== null) return 'not known';
  return by === 'rollback' ? '(rolled back)' : '(a run of another machine)';
};

const describeVerification = (origin: Origin | null): string => {
  if (!origin) return '';
  const { digested, counted } = origin.verification;
  if (digested === 0) return 'by counts';
  const compared = `${digested >= counted ? '' : `${String(digested)} of ${String(counted)} `}by digests`;
  return origin.masks ? `${compared}, ${formatPlural(origin.masks.columns, 'column')} masked` : compared;
};

/** The leak gate looked at less than all of what is kept. */
const describeScan = ({ database, origin }: JudgedCopy): string | undefined => {
  const scan = origin?.masks?.scan;
  if (scan === undefined || scan === 'full') return undefined;
  const what =
    scan === 'off' ? 'nothing of what is not masked was' : 'of what is not masked a sample of the rows was';
  return makePrintable(`${database}: ${what} searched for personal data (mask.scan: ${scan})`);
};

const describePrevious = ({ previous }: LiveCopy, now: Date): string => {
  if (!previous) return 'nothing is kept';
  if (previous.tables === null) return 'nothing: it is removed';
  const age = previous.origin ? `, as of ${formatRelativeTime(previous.origin.asOf, now)}` : '';
  return `${formatPlural(previous.tables, 'table')}, ${formatBytes(previous.bytes)}${age}`;
};

import { type DatabaseName, type RunId, toDatabaseName, toRunId } from '../names.js';
import type { MaskReport } from './outcome.js';
import { MalformedError, toFields, toList, toText } from '../strict-json.js';

/** A position in a source's binary log. */
export interface SnapshotPosition {
  /** `gtid`: a set or list of transaction ids. `file`: a file of the binary log and a position in it. */
  readonly kind: 'gtid' | 'file';
  readonly text: string;
  /** Of the snapshot itself; otherwise it was read a little before. */
  readonly isExact: boolean;
}

/** Of what the content of a database is a copy, as the run that made it wrote it down on the target. */
export interface Origin {
  readonly run: RunId;
  readonly plan: { readonly name: string; readonly digest: string };
  /** `name` is what the plan calls the server, `identity` that of its facts; not how it is reached. */
  readonly source: {
    readonly name: string;
    readonly identity: string;
    readonly server: string;
    readonly database: DatabaseName;
  };
  /** The copy is of this moment or a little later: read just before the snapshot. RFC 3339, by the clock of the run's machine. */
  readonly asOf: string;
  /** As far as the account could see them, an exact one first. */
  readonly positions: readonly SnapshotPosition[];
  readonly engine: string;
  readonly verification: { readonly digested: number; readonly counted: number; readonly moved: number };
  /** Tables with rows that stay the target's own. */
  readonly preserved: number;
  /** How many columns were masked, how much of the rest was searched, and what tells masks apart; null without any. */
  readonly masks: {
    readonly columns: number;
    readonly scan: MaskReport['scan'];
    readonly fingerprint: string | null;
    /** Says to whoever has the key of the masks that all rows were searched, and for what. Absent where they were not. */
    readonly searched?: string;
  } | null;
  /** How many hooks changed the copy or were asked of it, and what tells the changing ones apart; null without any. */
  readonly hooks: { readonly count: number; readonly fingerprint: string | null } | null;
  /** `user@host` of the person or pipeline. */
  readonly by: string;
}

/** What is live of a database. */
export interface LiveRecord {
  readonly phase: 'live';
  /** The run that made it live. */
  readonly run: RunId;
  readonly kind: 'apply' | 'rollback';
  /** When that run began with this database, RFC 3339. */
  readonly startedAt: string;
  /** By the target's clock, in whole seconds; null where nobody could ask it any more. */
  readonly liveAt: string | null;
  /** Null: what came back by a rollback, and nobody had written down what it is. */
  readonly content: Origin | null;
  /** What it replaced, as far as it was known. */
  readonly previous: Origin | null;
}

/** A swap has begun: what is live is one of these, null where nothing was written down, or no database is there. */
export interface SwapRecord {
  readonly phase: 'swapping';
  readonly run: RunId;
  readonly before: LiveRecord | null;
  readonly next: LiveRecord | null;
}

/** What stands on the target of one live database. */
export type ProvenanceRecord = LiveRecord | SwapRecord;

/** Of one record, UTF-8: longer ones are neither written nor read. */
export const MOST_RECORD_BYTES = 65_536;

/** Of each text in it but the position. */
export const MOST_TEXT_LENGTH = 1_024;

/** A position that is longer says more of the server's past than of the copy. */
export const MOST_POSITION_LENGTH = 4_096;

const FORMAT = 1;

export const writeProvenance = (record: ProvenanceRecord): string =>
  JSON.stringify({ format: FORMAT, ...record });

/** A record, or why what stands there is none. */
export type ParsedProvenance =
  | { readonly record: ProvenanceRecord; readonly fault: null }
  | { readonly record: undefined; readonly fault: string };

/** Reads what anybody may have written who has rights on that table. It is told to people, and decides nothing else. */
export const parseProvenance = (text: string): ParsedProvenance => {
  try {
    return { record: toRecord(JSON.parse(text) as unknown), fault: null };
  } catch (error) {
    return { record: undefined, fault: error instanceof MalformedError ? error.message : 'it is no JSON' };
  }
};

const toRecord = (value: unknown): ProvenanceRecord => {
  const format = (value as { format?: unknown } | null)?.format;
  if (format !== FORMAT)
    throw new MalformedError(
      typeof format === 'number' && format > FORMAT
        ? 'a newer version of mysql-sync wrote it'
        : 'it is of a format that this version does not know',
    );
  const { phase } = value as { phase?: unknown };
  if (phase === 'live') return toLiveRecord(value, ['format']);
  if (phase !== 'swapping') throw new MalformedError('its phase is unknown');
  const { run, before, next } = toFields(value, 'it', ['format', 'phase', 'run', 'before', 'next']);
  return { phase, run: toRun(run), before: orNull(before, toLiveRecord), next: orNull(next, toLiveRecord) };
};

const orNull = <Part>(value: unknown, toPart: (value: unknown) => Part): Part | null =>
  value === null ? null : toPart(value);

const LIVE_FIELDS = ['phase', 'run', 'kind', 'startedAt', 'liveAt', 'content', 'previous'] as const;

const toLiveRecord = (value: unknown, more: readonly string[] = []): LiveRecord => {
  const fields = toFields(value, 'it', [...LIVE_FIELDS, ...more]);
  const { phase, run, kind, startedAt, liveAt, content, previous } = fields;
  if (phase !== 'live') throw new MalformedError('its phase is unknown');
  if (kind !== 'apply' && kind !== 'rollback') throw new MalformedError('its kind is unknown');
  return {
    phase,
    run: toRun(run),
    kind,
    startedAt: toTime(startedAt, 'startedAt'),
    liveAt: orNull(liveAt, (time) => toTime(time, 'liveAt')),
    content: orNull(content, toOrigin),
    previous: orNull(previous, toOrigin),
  };
};

const toOrigin = (value: unknown): Origin => {
  const fields = toFields(value, 'its origin', [
    'run',
    'plan',
    'source',
    'asOf',
    'positions',
    'engine',
    'verification',
    'preserved',
    'masks',
    'hooks',
    'by',
  ]);
  const plan = toFields(fields['plan'], 'its plan', ['name', 'digest']);
  const source = toFields(fields['source'], 'its source', ['name', 'identity', 'server', 'database']);
  const verification = toFields(fields['verification'], 'its verification', ['digested', 'counted', 'moved']);
  return {
    run: toRun(fields['run']),
    plan: {
      name: toShort(plan['name'], 'its plan'),
      digest: toShort(plan['digest'], 'the digest of its plan'),
    },
    source: {
      name: toShort(source['name'], 'its source'),
      identity: toShort(source['identity'], 'the identity of its source'),
      server: toShort(source['server'], 'the server of its source'),
      database: toDatabaseName(toShort(source['database'], 'the database of its source')),
    },
    asOf: toTime(fields['asOf'], 'asOf'),
    positions: toList(fields['positions'], 'its positions', toPosition),
    engine: toShort(fields['engine'], 'its engine'),
    verification: {
      digested: toCount(verification['digested']),
      counted: toCount(verification['counted']),
      moved: toCount(verification['moved']),
    },
    preserved: toCount(fields['preserved']),
    masks: orNull(fields['masks'], toMasks),
    hooks: orNull(fields['hooks'], toHooks),
    by: toShort(fields['by'], 'who made it'),
  };
};

const toPosition = (value: unknown): SnapshotPosition => {
  const { kind, text, isExact } = toFields(value, 'its position', ['kind', 'text', 'isExact']);
  if (typeof isExact !== 'boolean') throw new MalformedError('nothing says whether its position is exact');
  if (kind !== 'gtid' && kind !== 'file') throw new MalformedError('the kind of its position is unknown');
  return { kind, text: toText(text, 'its position', MOST_POSITION_LENGTH), isExact };
};

const toMasks = (value: unknown): NonNullable<Origin['masks']> => {
  const { columns, scan, fingerprint, searched } = toFields(
    value,
    'its masks',
    ['columns', 'scan', 'fingerprint'],
    ['searched'],
  );
  if (scan !== 'full' && scan !== 'sample' && scan !== 'off')
    throw new MalformedError('nothing says what was searched');
  return {
    columns: toCount(columns),
    scan,
    fingerprint: orNull(fingerprint, (text) => toShort(text, 'its masks')),
    ...(searched === undefined ? {} : { searched: toSeal(searched) }),
  };
};

const toSeal = (value: unknown): string => {
  const seal = toShort(value, 'its search');
  if (!/^[0-9a-f]{64}$/.test(seal)) throw new MalformedError('the seal of its search is none');
  return seal;
};

const toHooks = (value: unknown): NonNullable<Origin['hooks']> => {
  const { count, fingerprint } = toFields(value, 'its hooks', ['count', 'fingerprint']);
  return {
    count: toCount(count),
    fingerprint: orNull(fingerprint, (text) => toShort(text, 'its hooks')),
  };
};

const toShort = (value: unknown, what: string): string => toText(value, what, MOST_TEXT_LENGTH);

const toRun = (value: unknown): RunId => {
  const run = toShort(value, 'its run');
  if (!/^[a-km-np-z2-9]{6}$/.test(run)) throw new MalformedError('its run is no id of one');
  return toRunId(run);
};

const toTime = (value: unknown, what: string): string => {
  const time = toText(value, what, 40);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) || Number.isNaN(Date.parse(time)))
    throw new MalformedError(`${what} is no time`);
  return time;
};

const toCount = (value: unknown): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new MalformedError('a number of it is none');
  return value;
};

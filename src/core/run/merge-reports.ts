import { EXIT_CODES, exitCodeOf } from '../exit-codes.js';
import type { DatabaseName, RunId } from '../names.js';
import { type DatabaseOutcome, ENDS, isDone } from './outcome.js';
import type { UnfinishedDatabase, WorkerReport } from './worker-report.js';

/** How one database ended, whichever process did it. */
export interface MergedOutcome extends DatabaseOutcome {
  /** Null where no file tells. */
  readonly target: string | null;
  /** The file that tells it; null where none does. */
  readonly file: string | null;
  readonly run: RunId | null;
}

export interface MergedReports {
  readonly outcomes: readonly MergedOutcome[];
  readonly reports: readonly WorkerReport[];
  /** Of the process that took longest: they run at the same time. */
  readonly durationMilliseconds: number;
  readonly exitCode: number;
}

/**
 * Several processes as one: each database once, with its best end. `expected` are the databases that there were to be; without
 * it, one of which no file tells is not missed.
 */
export const mergeReports = (
  reports: readonly WorkerReport[],
  expected: ReadonlySet<DatabaseName> | undefined,
): MergedReports => {
  const targets = new Set(reports.flatMap(({ target }) => target ?? []));
  const [only] = targets;
  const best = new Map<string, MergedOutcome>();
  const add = (outcome: MergedOutcome): void => {
    const key = JSON.stringify([outcome.target, outcome.to]);
    const known = best.get(key);
    if (!known || rankOf(outcome) < rankOf(known)) best.set(key, outcome);
  };
  for (const report of reports) {
    const { file, run } = report;
    // What refused to begin has no target; where only one is told of, it is its.
    const target = report.target ?? (targets.size === 1 ? (only ?? null) : null);
    for (const outcome of report.outcomes) add({ ...outcome, target, file, run });
    for (const left of report.unfinished) add({ ...describeUnfinished(left), target, file, run });
  }
  const told = new Set([...best.values()].map(({ to }) => to));
  const target = targets.size === 1 ? (only ?? null) : null;
  for (const to of expected ?? [])
    if (!told.has(to)) add({ ...describeMissing(to), target, file: null, run: null });
  const outcomes = [...best.values()];
  return {
    outcomes,
    reports,
    durationMilliseconds: Math.max(0, ...reports.map((report) => report.durationMilliseconds)),
    exitCode: chooseExit(outcomes, reports, expected !== undefined),
  };
};

const rankOf = ({ status, targetState }: DatabaseOutcome): number =>
  // Killed in the middle: what another process says of it is better known.
  targetState === 'unsure' ? ENDS.length : ENDS.indexOf(status);

const UNTOLD = {
  action: 'overwrite',
  tables: 0,
  rows: 0,
  bytes: 0,
  durationMilliseconds: 0,
  verification: null,
  notes: [],
} as const;

const describeUnfinished = ({ to, isBegun }: UnfinishedDatabase): DatabaseOutcome => ({
  ...UNTOLD,
  from: to,
  to,
  status: isBegun ? 'interrupted' : 'not-started',
  targetState: isBegun ? 'unsure' : 'old',
  error: isBegun
    ? {
        code: 'INTERRUPTED',
        message: 'the process that copied it ended without telling how far it was',
        hints: ['The next apply puts in order what it left.'],
      }
    : null,
});

const describeMissing = (to: DatabaseName): DatabaseOutcome => ({
  ...UNTOLD,
  from: to,
  to,
  status: 'not-started',
  targetState: 'old',
  error: null,
  notes: ['no output tells of it'],
});

/** What a person has to see comes before what another try may mend. */
const WORST_FIRST: readonly number[] = (
  [
    'unexpected',
    'usage',
    'refusedByPolicy',
    'stalePlan',
    'notApproved',
    'invalidInput',
    'databaseFailed',
    'cannotConnect',
    'targetLocked',
    'interrupted',
    'terminated',
  ] as const
).map((name) => EXIT_CODES[name].code);

/** Codes of a process that are only about its own databases, which others may have done. */
const OF_DATABASES: ReadonlySet<number | null> = new Set([
  null,
  exitCodeOf('databaseFailed'),
  exitCodeOf('interrupted'),
  exitCodeOf('terminated'),
]);

const chooseExit = (
  outcomes: readonly MergedOutcome[],
  reports: readonly WorkerReport[],
  isComplete: boolean,
): number => {
  const isAllDone = outcomes.every(isDone);
  const failed = exitCodeOf('databaseFailed');
  const codes = [
    ...outcomes.flatMap((outcome) => (isDone(outcome) ? [] : [codeOf(outcome, reports) ?? failed])),
    ...reports.flatMap(({ exitCode, outcomes: own, unfinished }) => {
      const hadNone = own.length + unfinished.length === 0;
      // It could have had databases of which nobody knows.
      if (hadNone) return isComplete && isAllDone ? [] : [exitCode ?? failed];
      return OF_DATABASES.has(exitCode) ? [] : [exitCode ?? failed];
    }),
  ].filter((code) => code !== 0);
  return WORST_FIRST.find((code) => codes.includes(code)) ?? codes[0] ?? 0;
};

/** A database that was left because its process was told to end did not fail. */
const codeOf = (outcome: MergedOutcome, reports: readonly WorkerReport[]): number | undefined => {
  if (outcome.status === 'failed') return undefined;
  const code = reports.find(({ file }) => file === outcome.file)?.exitCode;
  return code === null || code === 0 ? undefined : code;
};

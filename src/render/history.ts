import { type DatabaseOutcome, type Verification, leavesWork } from '../core/run/outcome.js';
import { type PastRun, hasFailed, leftDatabases, unfinishedDatabases } from '../core/run/run.js';
import { isPlanFile } from '../core/plan/unsaved-plan.js';
import { listOutcomeDetails } from './outcome-details.js';
import { makePrintable } from '../core/printable.js';
import { type Fact, renderFacts } from './facts.js';
import { type Color, type Look, paint } from './paint.js';
import { formatRelativeTime } from './relative-time.js';
import { type Cell, type RichCell, renderTable } from './table.js';
import { formatBytes, formatCount, formatDuration, formatPlural } from './units.js';
import { suggestCommand } from '../core/shell-word.js';
import { planArgument } from '../core/plan/unsaved-plan.js';

const RUN_COLUMNS = [
  { title: 'RUN', cut: 'last' },
  { title: 'STARTED' },
  { title: 'PLAN', spare: 2, isName: true },
  { title: 'SOURCE', spare: 3, isName: true },
  { title: 'TARGET', spare: 1, isName: true },
  { title: 'RESULT' },
  { title: 'TIME', align: 'right', spare: 4 },
] as const;

/** One row a run, as they are given. */
export const renderRuns = (runs: readonly PastRun[], look: Look, now: Date): readonly string[] =>
  renderTable(
    RUN_COLUMNS,
    runs.map((run) => [
      { shown: run.id, color: 'bold' },
      { shown: formatRelativeTime(run.startedAt, now), piped: run.startedAt },
      run.plan.name,
      run.source.name,
      run.target.name,
      { shown: describeResult(run), color: resultColor(run) },
      timeCell(durationOf(run)),
    ]),
    look,
  );

const resultColor = (run: PastRun): Color =>
  run.state === 'running' ? 'bold' : hasFailed(run) ? 'red' : 'green';

/** `2 applied`, `1 of 2 failed`, `interrupted (never finished)` ... */
export const describeResult = (run: PastRun): string =>
  run.kind === 'rollback' ? `rollback: ${describeEnd(run)}` : describeEnd(run);

const describeEnd = (run: PastRun): string => {
  const { state, exitCode, outcomes, databases, startedBy } = run;
  if (state === 'running') return 'running';
  if (state === 'interrupted') return 'interrupted (never finished)';
  if (state === 'unknown') return `not finished (on ${startedBy.slice(startedBy.lastIndexOf('@') + 1)})`;
  const failed = outcomes.filter(({ status }) => status === 'failed').length;
  if (failed > 0) return `${failed} of ${databases.length} failed`;
  const applied = outcomes.filter(({ status }) => status === 'applied').length;
  if (exitCode === 0) return `${applied} applied`;
  return `interrupted, ${applied} of ${databases.length} applied`;
};

/** Undefined while it runs, and when the clock was moved backwards meanwhile. */
const durationOf = ({ startedAt, finishedAt }: PastRun): number | undefined => {
  if (finishedAt === undefined) return undefined;
  const milliseconds = new Date(finishedAt).getTime() - new Date(startedAt).getTime();
  return milliseconds < 0 ? undefined : milliseconds;
};

const timeCell = (milliseconds: number | undefined): RichCell =>
  milliseconds === undefined
    ? { shown: '' }
    : { shown: formatDuration(milliseconds), piped: String(milliseconds) };

const DATABASE_COLUMNS = [
  { title: 'DATABASE', isName: true },
  { title: 'ACTION', spare: 3 },
  { title: 'RESULT' },
  { title: 'TABLES', align: 'right', spare: 5 },
  { title: 'ROWS', align: 'right', spare: 1 },
  { title: 'BYTES', align: 'right', spare: 4 },
  { title: 'TIME', align: 'right', spare: 6 },
  { title: 'VERIFIED', spare: 2 },
] as const;

/** One run: what it was, its databases, why some failed, and how to try those again. */
export const renderRun = (run: PastRun, look: Look, now: Date): readonly string[] => [
  ...renderFacts(listFacts(run, look, now), look),
  '',
  ...renderTable(
    DATABASE_COLUMNS,
    [...run.outcomes.map(outcomeRow), ...unfinishedDatabases(run).map(({ to }) => unfinishedRow(to))],
    look,
  ),
  ...run.outcomes.flatMap((outcome) => detailLines(outcome, look)),
  ...(look.isTerminal ? retryLines(run) : []),
];

const listFacts = (run: PastRun, look: Look, now: Date): readonly Fact[] => {
  const { plan, source, target, startedAt, finishedAt, startedBy, exitCode, logPath } = run;
  const duration = durationOf(run);
  return [
    ['Run', `${run.id}  ${describeResult(run)}${exitCode === undefined ? '' : `  (exit ${exitCode})`}`],
    ['Plan', `${plan.name}  ${plan.path}`],
    ['Source', `${source.name}  ${source.address}  ${source.server}`],
    ['Target', `${target.name}  ${target.address}  ${target.server}`],
    ['Started', look.isTerminal ? `${startedAt} (${formatRelativeTime(startedAt, now)})` : startedAt],
    ['Ended', finishedAt],
    ['Took', duration === undefined ? undefined : formatDuration(duration)],
    ['By', startedBy],
    ['Log', logPath],
  ];
};

const STATUS_WORDS: Record<DatabaseOutcome['status'], { readonly word: string; readonly color: Color }> = {
  applied: { word: 'applied', color: 'green' },
  failed: { word: 'FAILED', color: 'red' },
  interrupted: { word: 'interrupted', color: 'magenta' },
  'not-started': { word: 'not started', color: 'magenta' },
  'already-applied': { word: 'already applied', color: 'green' },
  elsewhere: { word: 'left to another worker', color: 'dim' },
};

const outcomeRow = (outcome: DatabaseOutcome): readonly Cell[] => {
  const { from, to, status, action, tables, rows, bytes, durationMilliseconds, verification } = outcome;
  const { word, color } = STATUS_WORDS[status];
  return [
    from === to ? to : `${from} as ${to}`,
    action,
    { shown: word, color },
    { shown: formatCount(tables), piped: String(tables) },
    { shown: formatCount(rows), piped: String(rows) },
    { shown: formatBytes(bytes), piped: String(bytes) },
    timeCell(durationMilliseconds),
    verification ? describeVerification(verification) : '',
  ];
};

/** `38 by digest, 2 by count` */
const describeVerification = ({ digested, counted, movedOnSource }: Verification): string =>
  [
    digested > 0 ? `${formatCount(digested)} by digest` : '',
    counted > 0 ? `${formatCount(counted)} by count` : '',
    movedOnSource.length > 0 ? `${formatPlural(movedOnSource.length, 'table')} moved` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');

const unfinishedRow = (name: string): readonly Cell[] => [
  name,
  '',
  { shown: 'not finished', color: 'magenta' },
  '',
  '',
  '',
  '',
  '',
];

const STATE_SENTENCES: Record<DatabaseOutcome['targetState'], string> = {
  old: 'on the target it is as it was before the run',
  new: 'on the target it is the new copy',
  unsure: 'on the target it is in an uncertain state',
};

const detailLines = (outcome: DatabaseOutcome, look: Look): readonly string[] => {
  const { to, targetState, error } = outcome;
  const lines = [
    ...(error
      ? [
          `${paint(look, 'red', `error[${error.code}]`)} ${makePrintable(error.message)}`,
          ...error.hints.map((hint) => `  ${makePrintable(hint)}`),
        ]
      : []),
    ...listOutcomeDetails(outcome),
    ...(leavesWork(outcome) ? [STATE_SENTENCES[targetState]] : []),
  ];
  return lines.length === 0 ? [] : ['', `${makePrintable(to)}:`, ...lines.map((line) => `  ${line}`)];
};

const retryLines = (run: PastRun): readonly string[] => {
  // A rollback is of what another run kept, which this one does not name.
  if (!hasFailed(run) || run.kind === 'rollback' || !isPlanFile(run.plan.path)) return [];
  return leftDatabases(run).length === 0
    ? []
    : [
        '',
        `Try again what is left:  ${suggestCommand`apply ${planArgument(run.plan.path)} --retry ${run.id}`}`,
      ];
};

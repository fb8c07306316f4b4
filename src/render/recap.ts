import { type DatabaseOutcome, type RunSummary, leavesWork, wasBegun } from '../core/run/outcome.js';
import { exactPattern } from '../core/plan/pattern.js';
import { listOutcomeDetails } from './outcome-details.js';
import { makePrintable } from '../core/printable.js';
import { type Color, type Look, paint } from './paint.js';
import { type Cell, type Column, renderTableRows } from './table.js';
import { formatBytes, formatDuration, formatPlural } from './units.js';

export interface RecapView {
  readonly run: string;
  readonly target: string;
  readonly kind: 'apply' | 'rollback';
  /** The command that does these databases again; undefined when no file can be named. */
  readonly retry: ((only: readonly string[]) => string) | undefined;
  /** The command that undoes it; undefined when nothing was kept. */
  readonly undo: string | undefined;
  readonly logPath: string | undefined;
}

/** How the run ended, database by database, and what state the target is in now. */
export const renderRecap = (
  { outcomes, durationMilliseconds }: RunSummary,
  look: Look,
  view: RecapView,
): readonly string[] => {
  const rows = outcomes.map(rowOf);
  const [, ...lines] = renderTableRows(COLUMNS, rows, {
    ...look,
    isTerminal: true,
    columns: look.isTerminal ? look.columns : WIDEST_COLUMNS,
  });
  return [
    paint(look, 'bold', `RECAP on ${view.target}    run ${view.run}`),
    ...lines.flatMap((line, index) => {
      const outcome = outcomes[index];
      return outcome ? [...line, ...detailLines(outcome).map((detail) => `      ${detail}`)] : line;
    }),
    `${view.kind === 'rollback' ? 'Rollback' : 'Apply'} finished: ${countSentence(outcomes)} in ${formatDuration(durationMilliseconds)}.`,
    ...retryLines(outcomes, view),
  ];
};

/** A file has no edge: there names are as long as they are. */
const WIDEST_COLUMNS = 1000;

const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: '', isName: true },
  { title: '', cut: 'last' },
  { title: '', align: 'right', spare: 3 },
  { title: '', align: 'right', spare: 2 },
  { title: '', align: 'right', spare: 1 },
  { title: '', align: 'right', cut: 'last' },
];

const RESULTS: Record<DatabaseOutcome['status'], { readonly word: string; readonly color: Color }> = {
  applied: { word: 'applied', color: 'green' },
  failed: { word: 'FAILED', color: 'red' },
  interrupted: { word: 'interrupted', color: 'magenta' },
  'not-started': { word: 'not started', color: 'magenta' },
  'already-applied': { word: 'already applied', color: 'green' },
  elsewhere: { word: 'left to another worker', color: 'dim' },
};

const DONE: Record<DatabaseOutcome['action'], string> = {
  create: 'created',
  overwrite: 'overwritten',
  restore: 'restored',
  remove: 'removed',
};

const resultOf = ({ status, action }: DatabaseOutcome): Cell => {
  const { word, color } = RESULTS[status];
  return { shown: status === 'applied' ? DONE[action] : word, color };
};

const rowOf = (outcome: DatabaseOutcome): readonly Cell[] => {
  const isDone = outcome.status === 'applied';
  return [
    '',
    outcome.to,
    resultOf(outcome),
    isDone ? formatPlural(outcome.tables, 'table') : '',
    isDone && outcome.verification ? formatPlural(outcome.rows, 'row') : '',
    isDone ? formatBytes(outcome.bytes) : '',
    wasBegun(outcome) ? formatDuration(outcome.durationMilliseconds) : '',
  ];
};

const detailLines = (outcome: DatabaseOutcome): readonly string[] => {
  const { to, targetState, error } = outcome;
  return [
    ...listOutcomeDetails(outcome),
    ...(error ? [`error[${error.code}] ${makePrintable(error.message)}`, ...error.hints] : []),
    ...(leavesWork(outcome) ? [stateSentence(to, targetState)] : []),
  ];
};

const stateSentence = (database: string, state: DatabaseOutcome['targetState']): string => {
  if (state === 'unsure') return `${database} on the target is in an uncertain state: see the error above`;
  return `${database} on the target is ${state === 'old' ? 'UNCHANGED' : 'the new copy'}`;
};

const countSentence = (outcomes: readonly DatabaseOutcome[]): string => {
  const count = (matches: (outcome: DatabaseOutcome) => boolean, word: string): string => {
    const number = outcomes.filter(matches).length;
    return number > 0 ? `${String(number)} ${word}` : '';
  };
  const parts = [
    ...(Object.keys(DONE) as DatabaseOutcome['action'][]).map((done) =>
      count(({ status, action }) => status === 'applied' && action === done, DONE[done]),
    ),
    count(({ status }) => status === 'failed', 'failed'),
    count(({ status }) => status === 'interrupted', 'interrupted'),
    count(({ status }) => status === 'not-started', 'not started'),
    count(({ status }) => status === 'already-applied', 'already applied'),
    count(({ status }) => status === 'elsewhere', 'left to other workers'),
  ].filter((part) => part !== '');
  return parts.join(', ') || 'nothing to do';
};

const retryLines = (
  outcomes: readonly DatabaseOutcome[],
  { retry, logPath, undo }: RecapView,
): readonly string[] => {
  const undoLines =
    undo !== undefined && outcomes.some(({ status }) => status === 'applied') ? [`Undo:  ${undo}`] : [];
  const left = outcomes.filter(leavesWork);
  if (left.length === 0) return undoLines;
  return [
    ...(retry === undefined
      ? []
      : [
          `Retry only ${left.length === 1 ? 'that one' : 'those'}:  ${retry(left.map(({ from }) => exactPattern(from)))}`,
        ]),
    ...(logPath === undefined ? [] : [`Log: ${logPath}`]),
    ...undoLines,
  ];
};

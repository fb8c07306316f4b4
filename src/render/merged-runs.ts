import type { MergedOutcome, MergedReports } from '../core/run/merge-reports.js';
import type { WorkerReport } from '../core/run/worker-report.js';
import { makePrintable } from '../core/printable.js';
import type { Look } from './paint.js';
import { type RecapView, renderRecap } from './recap.js';
import { formatPlural } from './units.js';

/** One recap for each target, and what became of processes that have none of their own. */
export const renderMergedRuns = (merged: MergedReports, look: Look): readonly string[] => {
  const targets = [...new Set(merged.outcomes.map(({ target }) => target))];
  return [
    ...targets.flatMap((target) => {
      const outcomes = merged.outcomes.filter((outcome) => outcome.target === target);
      return renderRecap({ ...merged, outcomes }, look, viewOf(outcomes, target));
    }),
    ...merged.reports.flatMap(describeWorker),
    `${formatPlural(merged.reports.length, 'output')} read; exit code ${String(merged.exitCode)}.`,
  ];
};

/** What renders the recap of merged runs elsewhere too: on the page of a job. */
export const viewOf = (outcomes: readonly MergedOutcome[], target: string | null): RecapView => {
  const [first, ...others] = new Set(outcomes.flatMap(({ run }) => run ?? []));
  const more = others.length === 0 ? '' : ` and ${formatPlural(others.length, 'other')}`;
  return {
    run: `${first ?? '-'}${more}`,
    target: target ?? 'a target that no output names',
    kind: 'apply',
    retry: undefined,
    undo: undefined,
    logPath: undefined,
  };
};

const describeWorker = ({ file, exitCode, error, outcomes, unfinished }: WorkerReport): readonly string[] => {
  if (error)
    return [
      `${file}: error[${error.code}] ${makePrintable(error.message)} (exit code ${String(exitCode ?? '-')})`,
    ];
  if (exitCode !== null) return [];
  const nothing = outcomes.length + unfinished.length === 0 ? ', and it told nothing' : '';
  return [`${file}: its process was killed, or still runs${nothing}`];
};

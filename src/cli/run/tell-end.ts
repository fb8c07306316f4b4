import { SyncError, reportError } from '../../core/errors.js';
import { type ExitName, exitCodeOf } from '../../core/exit-codes.js';
import type { RunId } from '../../core/names.js';
import type { ApplyEnd } from '../../core/run/apply-end.js';
import type { RunSummary } from '../../core/run/outcome.js';
import { Secret } from '../../core/secret.js';
import type { PlanFile } from '../../core/plan/sync-plan.js';
import { namePlan } from '../../core/plan/name-plan.js';
import type { Services } from '../services/compose.js';

export interface EndFlagValues {
  /** A URL, or `env:NAME`. */
  readonly notify?: string | undefined;
  /** A file. */
  readonly metrics?: string | undefined;
}

/** What is learned of an apply while it goes on. */
export interface EndNotes {
  /** Called as soon as the plan was read: what fails after that is told too. */
  planRead(file: PlanFile): void;
  runEnded(run: RunId, summary: RunSummary): void;
}

/**
 * Does the work of an apply, and tells how it ended to those who were not there: by a POST and in a file of metrics. Neither
 * changes how the command ends. A person who said no is there.
 */
export const withEndTold = async (
  services: Services<'reports'>,
  flags: EndFlagValues,
  work: (notes: EndNotes) => Promise<ExitName>,
): Promise<ExitName> => {
  const called = flags.notify === undefined ? undefined : services.reports.noticeUrl(flags.notify);
  const startedAt = performance.now();
  let file: PlanFile | undefined;
  let ended: Pick<ApplyEnd, 'run'> & RunSummary = {
    run: null,
    outcomes: [],
    durationMilliseconds: 0,
    exitCode: 0,
  };
  const tell = async (exitCode: number, error: ApplyEnd['error']): Promise<void> => {
    const planned = file?.plan.options?.notify ?? '';
    const url = called ?? (planned === '' ? undefined : new Secret(planned));
    const durationMilliseconds = ended.durationMilliseconds || Math.round(performance.now() - startedAt);
    const end = { ...ended, durationMilliseconds, exitCode, error, ...describePlan(file) };
    if (flags.metrics !== undefined) await services.reports.metrics(flags.metrics, end);
    if (url) await services.reports.notify(url, end);
  };
  const notes: EndNotes = {
    planRead: (read) => {
      file = read;
    },
    runEnded: (run, summary) => {
      ended = { run, ...summary };
    },
  };
  let exit: ExitName;
  try {
    exit = await work(notes);
  } catch (error) {
    const isDeclined = error instanceof SyncError && error.code === 'APPROVAL_DECLINED';
    if (!isDeclined)
      await tell(error instanceof SyncError ? error.exitCode : exitCodeOf('unexpected'), reportError(error));
    throw error;
  }
  await tell(exitCodeOf(exit), null);
  return exit;
};

const describePlan = (file: PlanFile | undefined): Pick<ApplyEnd, 'plan' | 'target'> => {
  if (!file) return { plan: null, target: null };
  const { target } = file.plan;
  return { plan: namePlan(file), target: typeof target === 'string' ? target : target.name };
};

import { listPending } from '../../core/change/change-set.js';
import { SyncError } from '../../core/errors.js';
import { type ExitName, exitNameOf } from '../../core/exit-codes.js';
import type { DatabaseName } from '../../core/names.js';
import { type MergedReports, mergeReports } from '../../core/run/merge-reports.js';
import type { WorkerReport } from '../../core/run/worker-report.js';
import { renderMergedRuns, viewOf } from '../../render/merged-runs.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

export interface MergeFlagValues {
  /** A saved plan. */
  readonly plan?: string | undefined;
  /** A URL, or `env:NAME`. */
  readonly notify?: string | undefined;
}

/** Makes one report, one notice and one exit code of the outputs of several processes. */
export const mergeRuns = async (
  services: Services<'planFiles' | 'reports' | 'workerOutput'>,
  files: readonly string[],
  flags: MergeFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const url = flags.notify === undefined ? undefined : services.reports.noticeUrl(flags.notify);
  const saved = flags.plan === undefined ? undefined : await readExpected(services, flags.plan);
  const reports: WorkerReport[] = [];
  for (const file of files) reports.push(await services.workerOutput(file));
  refuseOtherPlans(reports, flags.plan, saved);
  const merged = mergeReports(reports, saved?.databases);
  if (screen.format === 'json') screen.printJson('merged-runs', toMergedDocument(merged));
  else screen.print(renderMergedRuns(merged, screen.output));
  const { outcomes } = merged;
  const targets = [...new Set(outcomes.flatMap(({ target }) => target ?? []))];
  const target = targets.length > 0 ? targets.join(', ') : (saved?.target ?? null);
  services.reports.github(merged, viewOf(outcomes, target));
  const [run = null, ...otherRuns] = new Set(outcomes.flatMap((one) => one.run ?? []));
  if (url)
    await services.reports.notify(url, {
      run: otherRuns.length === 0 ? run : null,
      plan: saved?.plan ?? null,
      target,
      error: outcomes.length === 0 ? (reports.find(({ error }) => error)?.error ?? null) : null,
      outcomes,
      durationMilliseconds: merged.durationMilliseconds,
      exitCode: merged.exitCode,
    });
  return exitNameOf(merged.exitCode);
};

/** Databases of one name, of two plans, would count as one. */
const refuseOtherPlans = (
  reports: readonly WorkerReport[],
  path: string | undefined,
  saved: Expected | undefined,
): void => {
  const told = reports.filter(({ savedPlan }) => savedPlan !== null);
  const [first] = told;
  const [id, of] = saved ? [saved.id, path ?? ''] : [first?.savedPlan, first?.file ?? ''];
  const other = told.find(({ savedPlan }) => savedPlan !== id);
  if (!other) return;
  throw new SyncError('INPUT_INVALID', {
    message: `${other.file} tells of saved plan ${other.savedPlan ?? ''}, and ${of} is of ${id ?? ''}`,
    hints: ['Merge the outputs of one saved plan at a time.'],
  });
};

interface Expected {
  readonly id: string;
  readonly plan: string;
  readonly target: string;
  readonly databases: ReadonlySet<DatabaseName>;
}

const readExpected = async (services: Services<'planFiles'>, path: string): Promise<Expected> => {
  const saved = await services.planFiles.readSaved(path);
  if (!saved)
    throw new SyncError('INPUT_INVALID', {
      message: `${path}: is no saved plan`,
      hints: ['Name what plan --out wrote, which the processes have applied.'],
    });
  const { plan, target } = saved.changeSet;
  return { id: saved.id, plan: plan.name, target: target.name, databases: listPending(saved.changeSet) };
};

const toMergedDocument = ({ outcomes, reports, durationMilliseconds, exitCode }: MergedReports): object => ({
  exitCode,
  durationMilliseconds,
  workers: reports.map(({ file, run, target, exitCode: code, outcomes: own, unfinished, error }) => ({
    file,
    run,
    target,
    exitCode: code,
    databases: own.length + unfinished.length,
    error,
  })),
  outcomes,
});

import { SyncError } from '../../core/errors.js';
import type { DatabaseName } from '../../core/names.js';
import { STDIN_PLAN, isPlanFile, planArgument } from '../../core/plan/unsaved-plan.js';
import type { ChangeSet } from '../../core/change/change-set.js';
import { type PastRun, leftDatabases } from '../../core/run/run.js';
import { suggestCommand } from '../../core/shell-word.js';
import { formatPlural } from '../../render/units.js';
import type { Services } from '../services/compose.js';
import { isRunId } from './run-identity.js';

/** What `--retry` does again: of that run, with that plan as it is now. */
export interface Retry {
  readonly past: PastRun;
  readonly file: string;
  /** What the run did not apply, by the names on the target. */
  readonly left: ReadonlySet<DatabaseName>;
}

/** What `--retry` is without a run: the last one of the plan. */
export const LAST_RUN = '';

/** The framework knows no flag whose value may be left out: a run is bound to `--retry`, and nothing else. */
export const bindRetry = (argv: readonly string[]): string[] => {
  const at = argv.indexOf('--retry');
  const end = argv.indexOf('--');
  if (at === -1 || (end !== -1 && at > end)) return [...argv];
  const next = argv[at + 1];
  const isRun = next !== undefined && (next === 'latest' || isRunId(next));
  return [...argv.slice(0, at), `--retry=${isRun ? next : LAST_RUN}`, ...argv.slice(at + (isRun ? 2 : 1))];
};

/** Finds the run in the history of this machine, and the plan in `file` or where that run had it. */
export const findRetry = async (
  services: Services<'memory' | 'planFiles'>,
  file: string | undefined,
  wanted: string,
): Promise<Retry> => {
  await refuseSaved(services, file);
  const history = await services.memory.history();
  const past = wanted === LAST_RUN ? await findLast(services, file) : await history.findRun(wanted);
  refuseOther(past);
  const path = file ?? past.plan.path;
  if (file === undefined && !isPlanFile(path))
    throw new SyncError('INPUT_INVALID', {
      message: `the plan of run ${past.id} is in no file`,
      hints: [`Write it to one, and name that before --retry ${past.id}.`],
    });
  return { past, file: path, left: new Set(leftDatabases(past).map(({ to }) => to)) };
};

/** A saved plan is applied once, as it was saved. */
const refuseSaved = async (services: Services<'planFiles'>, file: string | undefined): Promise<void> => {
  const saved = file === undefined || file === '-' ? undefined : await services.planFiles.readSaved(file);
  if (saved === undefined) return;
  throw new SyncError('INPUT_INVALID', {
    message: '--retry cannot be used with a saved plan: it is applied once, as it was saved',
    hints: [
      `Retry with the sync plan:  ${suggestCommand`apply ${planArgument(saved.changeSet.plan.path)} --retry`}`,
    ],
  });
};

const findLast = async (
  services: Services<'memory' | 'planFiles'>,
  file: string | undefined,
): Promise<PastRun> => {
  if (file === '-')
    throw new SyncError('INPUT_INVALID', {
      message: 'name the run to retry: a plan from stdin is not known by a path',
      hints: [`Which runs there were:  ${suggestCommand`history --plan ${STDIN_PLAN}`}`],
    });
  const { path } = await services.planFiles.read(file);
  const history = await services.memory.history();
  const runs = await history.listRuns({ limit: Number.MAX_SAFE_INTEGER, plan: path });
  const last = runs.find(({ kind, plan }) => kind === 'apply' && plan.path === path);
  if (last) return last;
  throw new SyncError('RUN_UNKNOWN', {
    message: `the history of this machine has no apply of ${path}`,
    hints: [`Apply it:  ${suggestCommand`apply ${planArgument(path)}`}`, 'See all runs:  mysql-sync history'],
  });
};

const refuseOther = ({ id, kind, state }: PastRun): void => {
  if (kind === 'rollback')
    throw new SyncError('INPUT_INVALID', {
      message: `run ${id} is a rollback, and --retry is for an apply`,
      hints: [`What it did:  ${suggestCommand`history show ${id}`}`],
    });
  if (state === 'running')
    throw new SyncError('INPUT_INVALID', {
      message: `run ${id} still goes on`,
      hints: [`How far it is:  ${suggestCommand`history show ${id}`}`],
    });
};

/** Throws when this is another plan or target than the run's: what was left there is not what is left here. */
export const refuseElsewhere = ({ past }: Retry, { plan, target }: ChangeSet): void => {
  const isOtherPlan = past.plan.name !== plan.name && past.plan.path !== plan.path;
  if (!isOtherPlan && past.target.name === target.name) return;
  const was = isOtherPlan ? `of the plan ${past.plan.name} (${past.plan.path})` : `on ${past.target.name}`;
  const is = isOtherPlan ? `this is ${plan.name}` : `the plan's target is ${target.name}`;
  throw new SyncError('INPUT_INVALID', {
    message: `run ${past.id} was ${was}, and ${is}`,
    hints: [`Name the run to retry:  ${suggestCommand`history --plan ${plan.path}`}`],
  });
};

/** What is done again, and how it differs from what that run would have done. */
export const announceRetry = ({ past, left }: Retry, { plan, databases }: ChangeSet): readonly string[] => {
  const gone = [...left].filter((name) => !databases.some(({ to }) => to === name));
  return [
    `Retry of run ${past.id}: ${String(left.size - gone.length)} of ${formatPlural(past.databases.length, 'database')}.`,
    ...(past.plan.digest === plan.digest ? [] : ['The plan was changed since; it is planned as it is now.']),
    ...gone.map((name) => `${name}: left out, the plan does not copy to it any more`),
  ];
};

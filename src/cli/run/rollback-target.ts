import { existsSync } from 'node:fs';
import type { Endpoint } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import type { PastRun } from '../../core/run/run.js';
import type { PlanMark } from '../../engine/journal-form.js';
import type { Services } from '../services/compose.js';
import type { RollbackFlagValues } from './rollback-flags.js';
import type { Screen } from '../frame/screen.js';

/** Where a rollback takes place. */
export interface RollbackTarget {
  readonly endpoint: Endpoint;
  /** From the history of this machine. */
  readonly past: PastRun | undefined;
  /** The one that was named. */
  readonly plan: PlanMark | undefined;
}

export const findRollbackTarget = async (
  services: Services<'memory' | 'planEndpoints' | 'person'>,
  runArgument: string | undefined,
  flags: RollbackFlagValues,
  screen: Screen,
): Promise<RollbackTarget> => {
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  if (flags.plan !== undefined) {
    const { name, digest, target } = await services.planEndpoints.resolvePlanTarget(flags.plan, ask);
    return { endpoint: target, past: undefined, plan: { name, digest } };
  }
  if (flags.target !== undefined) {
    const endpoint = await services.planEndpoints.resolveTarget({ connection: flags.target }, ask);
    return { endpoint, past: undefined, plan: undefined };
  }
  const past = await findPastRun(services, runArgument);
  const written =
    past && existsSync(past.plan.path) ? { plan: past.plan.path } : { connection: past?.target.name ?? '' };
  return { endpoint: await services.planEndpoints.resolveTarget(written, ask), past, plan: undefined };
};

/** The history names the plan and so the target; a run of another machine needs --plan or --target. */
const findPastRun = async (
  services: Services<'memory'>,
  runArgument: string | undefined,
): Promise<PastRun | undefined> => {
  const history = await services.memory.history();
  if (runArgument !== undefined) return history.findRun(runArgument);
  const [last] = await history.listRuns({ limit: 1 });
  if (last) return history.findRun('latest');
  throw new SyncError('RUN_UNKNOWN', {
    message: 'there is no run in the history of this machine',
    hints: ['Say where: --plan with the file of a plan, or --target with a saved connection.'],
  });
};

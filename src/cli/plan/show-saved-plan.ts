import { SyncError } from '../../core/errors.js';
import { renderChangeSet } from '../../render/change-set.js';
import type { Services } from '../services/compose.js';
import { type ViewFlagValues, viewOf } from './plan-flags.js';
import { openSavedPlan } from './saved-plan.js';
import type { Screen } from '../frame/screen.js';
import { suggestCommand } from '../../core/shell-word.js';
import { planArgument } from '../../core/plan/unsaved-plan.js';

/** Renders a saved plan, also one that apply would refuse, and says so. */
export const showSavedPlan = async (
  services: Services<'memory' | 'planFiles'>,
  path: string,
  flags: ViewFlagValues,
  screen: Screen,
): Promise<void> => {
  const saved = await services.planFiles.readSaved(path);
  if (!saved)
    throw new SyncError('PLAN_NOT_FOUND', {
      message: (await services.planFiles.exists(path))
        ? `${path} is not a saved plan`
        : `there is no file ${path}`,
      hints: ['Save one:  mysql-sync plan --out FILE'],
    });
  const refusal = await findRefusal(services, path);
  if (screen.format === 'json') {
    screen.printJson('saved-plan', {
      savedPlan: saved,
      refusal: refusal ? { code: refusal.code, message: refusal.message } : null,
    });
    return;
  }
  screen.print(renderChangeSet(saved.changeSet, screen.output, viewOf(flags)));
  screen.notice(`Saved at ${saved.created}, good once until ${saved.expires}.`);
  const [first, ...rest] = refusal?.lines ?? [];
  screen.notice(
    first === undefined
      ? `Apply it:  ${suggestCommand`apply ${planArgument(path)}`}`
      : `apply would refuse it: ${first}`,
  );
  for (const line of rest) screen.notice(line);
};

const findRefusal = async (
  services: Services<'memory' | 'planFiles'>,
  path: string,
): Promise<SyncError | undefined> => {
  try {
    await openSavedPlan(services, path, { only: [], exclude: [] });
    return undefined;
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
};

import type { DatabaseComparison } from '../../core/change/comparison.js';
import type { ExitName } from '../../core/exit-codes.js';
import { verifyDatabase } from '../../engine/verify-databases.js';
import { renderComparison } from '../../render/comparison.js';
import type { Services } from '../services/compose.js';
import type { PlanFlagValues } from './plan-flags.js';
import { openPlanSession } from './plan-session.js';
import type { Screen } from '../frame/screen.js';

export interface VerifyFlagValues extends PlanFlagValues {
  readonly detail: boolean;
  readonly rows?: number | undefined;
}

/** Compares what the plan copies on both servers, database by database; what apply would skip is left out. */
export const verifyFromCommandLine = async (
  services: Services<'settings' | 'memory' | 'planEndpoints' | 'person' | 'servers'>,
  file: string | undefined,
  flags: VerifyFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const session = await openPlanSession(services, file, flags, screen, { targetUse: 'read-only' });
  const compared: DatabaseComparison[] = [];
  try {
    const { changeSet, plan, servers, source, target } = session;
    for (const change of changeSet.databases) {
      if (change.action === 'skip') continue;
      screen.notice(`${change.to}: comparing`);
      compared.push(await verifyDatabase({ plan, servers, change, source, target, keys: flags.rows }));
    }
  } finally {
    await session.close();
  }
  const isSame = compared.every(({ differences }) => differences.length === 0);
  if (screen.format === 'json') screen.printJson('verify', { same: isSame, databases: compared });
  else screen.print(renderComparison(compared, screen.output, flags.detail ? 'detail' : 'summary'));
  return isSame ? 'done' : 'databaseFailed';
};

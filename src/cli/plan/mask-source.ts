import { SyncError } from '../../core/errors.js';
import type { ResolvedPlan } from '../../core/plan/resolved-plan.js';
import { type SourceMasks, classifySource } from '../../engine/classify-source.js';
import type { SourceServer } from '../../engine/ports/server.js';
import type { Screen } from '../frame/screen.js';
import type { Services } from '../services/compose.js';

export type MaskServices = Services<'planEndpoints' | 'person' | 'servers' | 'planFiles'>;

export interface SourceOfPlan extends SourceMasks {
  readonly plan: ResolvedPlan;
}

/** Opens the source alone, for as long as the work takes. Rejects with INPUT_INVALID for a plan without masks. */
export const withSource = async <Result>(
  services: MaskServices,
  file: string | undefined,
  { canPrompt }: Pick<Screen, 'canPrompt'>,
  work: (found: SourceOfPlan, server: SourceServer) => Promise<Result>,
): Promise<Result> => {
  const ask = canPrompt ? await services.person.passwordPrompt() : undefined;
  const plan = await services.planEndpoints.resolvePlan(
    file,
    {},
    { targetUse: 'read-only', ...(ask && { ask }) },
  );
  if (!plan.mask)
    throw new SyncError('INPUT_INVALID', {
      message: `${plan.path} masks nothing`,
      hints: ['Give it a mask with a key:  mask: {key: "${MASK_KEY:?openssl rand -hex 32}"}'],
    });
  const server = await (await services.servers()).openSource(plan.source);
  try {
    return await work({ plan, ...(await classifySource(plan, server)) }, server);
  } finally {
    await server.close();
  }
};

export const readSource = (
  services: MaskServices,
  file: string | undefined,
  screen: Pick<Screen, 'canPrompt'>,
): Promise<SourceOfPlan> => withSource(services, file, screen, (found) => Promise.resolve(found));

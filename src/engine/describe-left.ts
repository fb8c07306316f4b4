import type { ChangeSet } from '../core/change/change-set.js';
import { type ReadScratch, describeScratch, readScratch } from './journal.js';
import type { TargetServer } from './ports/target-server.js';
import { planRecovery } from './recover.js';
import type { MayStay } from './unfinished.js';

/** What earlier runs have on the target, and what would be put in order. Reads only. */
export const describeLeft = async (
  target: TargetServer,
  { known, mayStay }: { readonly known?: readonly ReadScratch[]; readonly mayStay?: MayStay } = {},
): Promise<Pick<ChangeSet, 'scratch' | 'recovery'>> => {
  const found = known ?? (await readScratch(target));
  const { steps, doubts } = await planRecovery(target, found, mayStay);
  const scratch = await describeScratch(target, found);
  return {
    scratch: scratch.map((one) => ({ ...one, doubt: doubts.get(one.database) ?? one.doubt })),
    recovery: steps,
  };
};

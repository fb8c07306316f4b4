import type { WorkingRun } from '../core/run/working-run.js';
import type { ReadScratch } from './journal.js';
import type { TargetServer } from './ports/target-server.js';

/** Whose journals are open and whose locks are held: what is open without a lock was left behind. Reads only. */
export const findWorking = async (
  target: TargetServer,
  found: readonly ReadScratch[],
): Promise<readonly WorkingRun[]> => {
  const open = found.flatMap(({ journal }) => (journal && journal.phase !== 'kept' ? [journal] : []));
  const holders = await target.findHolders([...new Set(open.map(({ run }) => run))]);
  return open.flatMap(({ live, run, plan, startedAt, phase }) => {
    const by = holders.get(run);
    if (by === undefined || phase === 'kept') return [];
    return [{ database: live, run, plan: plan.name, startedAt, phase, by }];
  });
};

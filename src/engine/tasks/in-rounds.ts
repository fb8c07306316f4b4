import { SyncError } from '../../core/errors.js';
import type { TargetServer } from '../ports/target-server.js';
import type { Swap } from './swap-definition.js';

/**
 * Views of one database may read views of another, so swaps whose programs fail are tried again as long as more programs
 * get made. Returns those that still fail.
 */
export const inRounds = async (
  target: TargetServer,
  swaps: readonly Swap[],
  work: (swap: Swap) => Promise<void>,
  madeBefore = -1,
): Promise<ReadonlyMap<Swap, SyncError>> => {
  const failed = new Map<Swap, SyncError>();
  for (const swap of swaps) {
    try {
      await work(swap);
    } catch (error) {
      if (!isProgramFailure(error)) throw error;
      failed.set(swap, error);
    }
  }
  if (failed.size === 0 || swaps.length === 1) return failed;
  let made = 0;
  for (const { live } of failed.keys()) made += (await target.readProgramDefinitions(live)).length;
  if (failed.size === swaps.length && made <= madeBefore) return failed;
  return inRounds(target, [...failed.keys()], work, made);
};

export const isProgramFailure = (error: unknown): error is SyncError =>
  error instanceof SyncError && error.code === 'PROGRAMS_FAILED';

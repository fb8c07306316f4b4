import { SyncError } from '../../core/errors.js';
import type { Surroundings } from './surroundings.js';

export const isUnusable = (error: unknown): error is SyncError =>
  error instanceof SyncError && error.code === 'STORE_UNUSABLE';

/** A pipeline throws its state away with the job, so a run there does without what it cannot write. */
export const goOnWithout = ({ environment, notice }: Surroundings, what: string, error: unknown): void => {
  if (!environment.isPipeline || !isUnusable(error)) throw error;
  notice(`warning: this run goes on without ${what}: ${error.message}`);
};

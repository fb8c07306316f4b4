import type { RowEngine } from '../../../engine/ports.js';
import { BatchSnapshot } from './lanes/batch-snapshot.js';
import { type DatabaseCopyOptions, copyDatabase } from './copy-database.js';

export type NativeEngineOptions = DatabaseCopyOptions;

/**
 * Rows over mysql2 in parallel lanes, in one snapshot, as the bytes that are stored. Needs no client programs. With
 * `proof: 'digest'` every copied table is read back and compared before `copy` resolves; with `counts` it is counted.
 */
export const createNativeEngine = (options: NativeEngineOptions): RowEngine => ({
  name: 'native',
  prepare: async () => {
    // Whatever a server lacks has a slower way; what cannot be copied at all depends on the tables.
  },
  copy: (job, report, signal) => copyDatabase(job, options, report, signal),
  inOneMoment: async (scope) => {
    const batch = await BatchSnapshot.open(scope);
    return { ...createNativeEngine({ ...options, batch }), close: () => batch.close() };
  },
});

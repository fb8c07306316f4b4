import type { RowEngine } from '../../../engine/ports.js';
import { LaneMemory } from './wire/lane-memory.js';
import { createIdleLanes } from './lanes/lanes.js';
import { BatchSnapshot } from './lanes/batch-snapshot.js';
import { type DatabaseCopyOptions, copyDatabase } from './copy-database.js';

/** Each engine has a memory of its own, unless one is given. */
export type NativeEngineOptions = Omit<DatabaseCopyOptions, 'memory' | 'idle' | 'batch'> &
  Partial<Pick<DatabaseCopyOptions, 'memory'>>;

/**
 * Rows over mysql2 in parallel lanes, in one snapshot, as the bytes that are stored. Needs no client programs. With
 * `proof: 'digest'` every copied table is read back and compared before `copy` resolves; with `counts` it is counted.
 */
export const createNativeEngine = (options: NativeEngineOptions): RowEngine =>
  makeEngine({ memory: new LaneMemory(), idle: createIdleLanes(), ...options });

const makeEngine = (options: DatabaseCopyOptions): RowEngine => ({
  name: 'native',
  prepare: async () => {
    // Whatever a server lacks has a slower way; what cannot be copied at all depends on the tables.
  },
  copy: (job, report, signal) => copyDatabase(job, options, report, signal),
  inOneMoment: async (scope) => {
    const batch = await BatchSnapshot.open(scope, options.memory);
    const close = async (): Promise<void> => {
      await Promise.all([batch.close(), options.idle.close()]);
    };
    return { ...makeEngine({ ...options, batch }), close };
  },
  close: () => options.idle.close(),
});

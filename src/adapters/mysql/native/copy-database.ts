import type { CopyConditions, WriterKind } from '../../../core/change/copy-conditions.js';
import { BugError, SyncError } from '../../../core/errors.js';
import { describeFlavor } from '../../../core/flavor.js';
import { firstVersion, supports } from '../../../core/server/features.js';
import type { TableName } from '../../../core/names.js';
import type { CopyProgress } from '../../../core/run/run-event.js';
import type { VerifyLevel } from '../../../core/plan/sync-plan.js';
import type { CopiedTable, CopyJob } from '../../../engine/ports/row-engine.js';
import type { BatchSnapshot } from './lanes/batch-snapshot.js';
import { type TargetAbilities, chooseWriter, probeTarget } from './write/choose-writer.js';
import type { Listing } from './statements/patch-sql.js';
import { ProgressMeter } from './tables/copy-progress.js';
import { type CopyContext, copyTable } from './tables/copy-table.js';
import { CopyConnections, type IdleLanes, type Lane } from './lanes/lanes.js';
import { type Preparations, linkTables, prepareTables } from './tables/table-preparation.js';
import { takeLoading } from './tables/take-loading.js';
import { giveLaneKeys } from './lanes/give-lane-keys.js';
import type { LaneConnection } from './lanes/lane-connection.js';
import type { LaneMemory } from './wire/lane-memory.js';
import { LanePool } from './lanes/lane-pool.js';
import { USUAL_CHUNK_BYTES } from './tables/plan-chunks.js';
import { findPatches } from './tables/find-patches.js';
import { openEnds, pairLanes } from './lanes/open-lanes.js';
import { together } from '../connection/together.js';
import { readPeriods, readReferencedColumns, refuseMovedTables } from './tables/table-facts.js';

export interface DatabaseCopyOptions {
  readonly memory: LaneMemory;
  readonly idle: IdleLanes;
  /** At most. */
  readonly lanes: number;
  readonly proof: VerifyLevel;
  /** The moment of which several databases are copied; otherwise each has its own. */
  readonly batch?: BatchSnapshot;
  readonly onConditions: (job: CopyJob, conditions: Omit<CopyConditions, 'engine'>) => void;
  /** So much of a table is one chunk. */
  readonly chunkBytes?: number;
  /** So many rows of a table that has some already are compared at a time. */
  readonly rangeRows?: number;
  /** Ways of writing that may be used; every one that the target allows when absent. INSERT always is. */
  readonly writers?: readonly WriterKind[];
}

/** Copies the tables of one database in one snapshot. */
export const copyDatabase = async (
  job: CopyJob,
  options: DatabaseCopyOptions,
  report: (progress: CopyProgress) => void,
  signal: AbortSignal,
): Promise<readonly CopiedTable[]> => {
  if (signal.aborted) throw interrupted(job);
  refuseHistory(job);
  const meter = new ProgressMeter(job.tables, report);
  const connections = new CopyConnections(job, options.memory, options.idle);
  let ending: Promise<void> | undefined;
  const end = (reason: Error): void => {
    ending ??= connections.destroy(reason);
  };
  const stop = (): void => end(interrupted(job));
  signal.addEventListener('abort', stop);
  try {
    const copied = await copyTables(job, options, meter, connections, end);
    await connections.close();
    meter.stop();
    return copied;
  } catch (error) {
    end(error as Error);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    meter.stop();
    await ending;
  }
};

const interrupted = ({ from }: CopyJob): SyncError =>
  new SyncError('INTERRUPTED', { message: `${from}: the copy was stopped, and its sessions were ended` });

/** What was true at which time can be written since MariaDB 10.11. */
const refuseHistory = ({ tables, from, targetFacts: { flavor } }: CopyJob): void => {
  const versioned = tables.find(({ table }) => table.kind === 'system-versioned');
  if (!versioned || supports(flavor, 'historyInserts')) return;
  throw new SyncError('COPY_FAILED', {
    message: `table ${from}.${versioned.table.name} is system-versioned, and ${describeFlavor(flavor)} cannot be given its history`,
    hints: [
      `The target needs MariaDB ${firstVersion('historyInserts', 'mariadb')} or newer; or exclude the table.`,
    ],
  });
};

const copyTables = async (
  job: CopyJob,
  options: DatabaseCopyOptions,
  meter: ProgressMeter,
  connections: CopyConnections,
  end: (reason: Error) => void,
): Promise<readonly CopiedTable[]> => {
  if (job.tables.length === 0) return [];
  const { chunkBytes = USUAL_CHUNK_BYTES } = options;
  const wanted = countLanes(job, options.lanes, chunkBytes);
  const ends = await openEnds(job, wanted, connections, options.batch);
  const [target] = ends.targets;
  const prepare = (tables: CopyJob['tables']): Promise<Preparations> =>
    prepareStaged(target, job, tables, chunkBytes);
  // What the source is asked for its snapshots is another server's business.
  const [{ lanes, level, position }, { abilities, early }] = await together([
    pairLanes(job, ends, connections, options.batch),
    probeTarget(target, job.into, job.tables).then(async (abilities) => ({
      abilities,
      // Foreign keys that the tables of an unfinished copy had not while they were loaded would give them another form now.
      early: await prepare(job.tables.filter(({ isFilled }) => !isFilled || job.unfinished !== undefined)),
    })),
  ]);
  const [lane] = lanes;
  if (!lane) throw new SyncError('COPY_FAILED', { message: `${job.from}: no lane could be opened` });
  await giveMaskKeys(job, lanes);
  const pool = new LanePool(lanes, end);
  const loading = job.unfinished ? await takeLoading(target, job, job.unfinished, early) : EMPTY;
  await job.unfinished?.onTaken([...loading.keys()]);
  const patches = await findPatches({
    job,
    loading,
    pool,
    meter,
    rangeRows: options.rangeRows,
    isFar: () => connections.isFar('source') || connections.isFar('target'),
  });
  const emptied = job.tables
    .filter(({ isFilled, table }) => isFilled && !patches.has(table.name) && !early.has(table.name))
    .map((entry) => ({ ...entry, isFilled: false }));
  const [, periods, late] = await together([
    refuseMovedTables(lane.source, job),
    readPeriods(lane.source, job),
    prepare(emptied),
  ]);
  const preparations: Preparations = new Map([...early, ...loading, ...late]);
  const unread = new Set(job.tables.map(({ table }) => table.name));
  const context: CopyContext = {
    job,
    pool,
    meter,
    abilities: limitAbilities(abilities, options.writers),
    proof: options.proof,
    chunkBytes,
    periods,
    preparations,
    patches,
    isTargetFar: () => connections.isFar('target'),
    rowsAreCopied: (name: TableName) => {
      unread.delete(name);
      // Long snapshots cost the source; index builds do not need them.
      if (unread.size === 0) void connections.closeSome(lanes.map(({ source }) => source));
    },
  };
  const { usual: writer } = chooseWriter(context.abilities, { enums: 'labels', writers: 'one' });
  const moment = options.batch?.consistency ?? 'database';
  if (position !== undefined) job.onSnapshot?.(position);
  const comparison = describeListings([...patches.values()].map(({ scope }) => scope.listing));
  options.onConditions(job, { snapshot: level, lanes: lanes.length, writer, moment, ...comparison });
  const copied = await Promise.all(
    job.tables.map(async (entry) => {
      const table = await copyTable(context, entry);
      meter.tableDone();
      return table;
    }),
  );
  await linkTables(lane.target, job, preparations);
  return copied;
};

const describeListings = (listings: readonly Listing[]): Pick<CopyConditions, 'comparison'> => {
  const kinds = new Set(listings);
  if (kinds.size === 0) return {};
  return { comparison: kinds.size > 1 ? 'mixed' : kinds.has('cells') ? 'rows' : 'digests' };
};

const giveMaskKeys = async ({ maskKey, tables }: CopyJob, lanes: readonly Lane[]): Promise<void> => {
  if (tables.every(({ masks }) => masks === undefined)) return;
  if (!maskKey) throw new BugError('tables are to be masked without a key');
  await giveLaneKeys(
    lanes.map(({ source }) => source),
    maskKey,
  );
};

const prepareStaged = async (
  target: LaneConnection,
  job: CopyJob,
  tables: CopyJob['tables'],
  chunkBytes: number,
): Promise<Preparations> => {
  if (tables.length === 0) return EMPTY;
  const referenced = await readReferencedColumns(target, job);
  return prepareTables(target, { ...job, tables }, { referenced, chunkBytes });
};

const EMPTY: Preparations = new Map();

const limitAbilities = (
  abilities: TargetAbilities,
  writers: readonly WriterKind[] = ['bulk', 'load', 'insert'],
): TargetAbilities => ({
  ...abilities,
  canBulk: abilities.canBulk && writers.includes('bulk'),
  canLoad: abilities.canLoad && writers.includes('load'),
});

/** A lane is worth its connections from so much on. */
const LANE_BYTES = 2_097_152;

const countLanes = ({ tables }: CopyJob, most: number, chunkBytes: number): number => {
  const sizes = tables.map(({ table }) => table.dataBytes);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const chunks = sizes.reduce((sum, size) => sum + Math.max(1, Math.ceil(size / chunkBytes)), 0);
  return Math.max(1, Math.min(most, chunks, Math.ceil(bytes / Math.min(LANE_BYTES, chunkBytes))));
};

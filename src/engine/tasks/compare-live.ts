import { forEachConcurrently } from '../../core/concurrency.js';
import type { TableChange } from '../../core/change/change-set.js';
import { SyncError } from '../../core/errors.js';
import type { TableName } from '../../core/names.js';
import type { RowEngine, Snapshot, TableDigest } from '../ports.js';
import type { DatabaseRun } from '../run-context.js';
import { whileServersAnswer } from '../while-servers-answer.js';

/** Tables at once: a server uses one core for each. */
const LANES = 2;

/** Whether a live table has the rows of the source; `unread`: the target could not read them. */
export type RowsFound = 'equal' | 'other' | 'unread';

export const compareLive = async (
  context: DatabaseRun,
  reading: RowEngine,
  candidates: readonly TableChange[],
): Promise<ReadonlyMap<TableName, RowsFound>> => {
  const { plan, target } = context;
  const found = new Map<TableName, RowsFound>();
  const lanes = Math.min(LANES, plan.options.parallel, candidates.length);
  await whileServersAnswer(
    context,
    () => found.size,
    async (signal) => {
      const snapshots = await Promise.all(Array.from({ length: lanes }, () => target.openSnapshot()));
      const idle = [...snapshots];
      const closeAll = async (): Promise<void> => {
        await Promise.all(snapshots.map((snapshot) => snapshot.close()));
      };
      const stop = (): void => void closeAll();
      signal.addEventListener('abort', stop);
      try {
        await forEachConcurrently(candidates, lanes, async (table) => {
          const snapshot = idle.pop();
          if (!snapshot) return;
          signal.throwIfAborted();
          found.set(table.name, await compare(context, reading, snapshot, table, signal));
          idle.push(snapshot);
        });
      } finally {
        signal.removeEventListener('abort', stop);
        await closeAll();
      }
    },
  );
  return found;
};

/** A table that the target cannot read is copied, as it would be without a comparison. */
const compare = async (
  { change, inventory }: DatabaseRun,
  reading: RowEngine,
  snapshot: Snapshot,
  { name, content, where }: TableChange,
  signal: AbortSignal,
): Promise<RowsFound> => {
  const table = inventory.tables.find((one) => one.name === name);
  if (!table || !reading.digestSource) return 'other';
  const isFilled = content !== 'none';
  const [source, target] = await Promise.all([
    isFilled ? reading.digestSource(change.from, { table, where }, signal) : undefined,
    unlessUnread(
      isFilled
        ? snapshot.digestTable(change.to, { table, where: null })
        : snapshot.countTable(change.to, table, null).then((rows) => ({ rows })),
    ),
  ]);
  if (!target) return 'unread';
  return target.rows === (source?.rows ?? 0) && target.digest === source?.digest ? 'equal' : 'other';
};

/** Undefined where the server answered with an error; one that is gone fails the run. */
const unlessUnread = async (
  reading: Promise<Partial<TableDigest> & Pick<TableDigest, 'rows'>>,
): Promise<Partial<TableDigest> | undefined> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SyncError && error.code === 'SERVER_ERROR') return undefined;
    throw error;
  }
};

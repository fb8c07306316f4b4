import { formatDuration } from '../../core/duration.js';
import { SyncError } from '../../core/errors.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import { formatPlural } from '../../core/plural.js';
import type { DatabaseRun } from '../run-context.js';
import { readTables } from '../read-tables.js';
import { compareLive } from './compare-live.js';

/** Tables that stay, while nobody can write to them. */
export interface Hold {
  /** When the others have moved. Rejects where somebody may have written to them before. */
  release(): Promise<void>;
  /** Whether they were released or not. */
  close(): Promise<void>;
  /** What the recap says of it: how long writers may have waited. Nothing before it is released, and of other databases. */
  describe(live: DatabaseName): readonly string[];
}

const NOTHING_HELD: Hold = {
  release: () => Promise.resolve(),
  close: () => Promise.resolve(),
  describe: () => [],
};

/**
 * With `refresh: strict`, locks the tables of their database that stay against writes and compares them once more with the source as it was
 * when it was copied. Neither the session that holds them nor the one that swaps the others waits for the other: no foreign key
 * ties one of these to one of those.
 * @throws SyncError TARGET_WRITTEN naming those that are not what they were
 */
export const holdStaying = async (contexts: readonly DatabaseRun[]): Promise<Hold> => {
  // Databases that are swapped together leave no table.
  const context = contexts.find(({ kept, plan }) => plan.options.refresh === 'strict' && kept.length > 0);
  if (!context) return NOTHING_HELD;
  const { change, kept, ports, signals, target } = context;
  const names = kept.map(({ record }) => record.name);
  const lock = await target.lockTables(change.to, names, signals.abort);
  const since = ports.clock.monotonic();
  let held: number | undefined;
  try {
    const written = await findWrittenNow(context);
    if (written.length > 0) throw writtenError(change.to, written);
    return {
      release: async () => {
        await lock.release();
        held = ports.clock.monotonic() - since;
      },
      close: () => lock.close(),
      describe: (live) =>
        held === undefined || live !== change.to
          ? []
          : [
              `${formatPlural(names.length, 'table that stayed was', 'tables that stayed were')} locked against writes for ${formatDuration(held)} until the others were swapped`,
            ],
    };
  } catch (error) {
    await lock.close();
    throw error;
  }
};

/** Tables that stay and do not have the rows, the structure or the number of the next row any more that they had when they were compared. */
const findWrittenNow = async (context: DatabaseRun): Promise<readonly TableName[]> => {
  const { change, kept, ports, target } = context;
  const names = new Set(kept.map(({ record }) => record.name));
  const tables = change.tables.filter(({ name }) => names.has(name));
  const [rows, now] = await Promise.all([
    compareLive(context, ports.rowEngine, tables),
    readTables(target, change.to),
  ]);
  const found = new Map(now.map((table) => [table.name, table]));
  return kept.flatMap(({ record: { name }, seen }) => {
    const table = found.get(name);
    const isStill =
      rows.get(name) === 'equal' &&
      table?.fingerprint === seen.fingerprint &&
      table.nextNumber === seen.nextNumber;
    return isStill ? [] : [name];
  });
};

const writtenError = (live: string, written: readonly TableName[]): SyncError =>
  new SyncError('TARGET_WRITTEN', {
    message: `${live}: ${written.join(', ')} ${written.length === 1 ? 'was' : 'were'} written to on the target after the rows had been compared`,
    hints: ['Apply again: tables are compared anew, and those that differ are copied.'],
  });

import { SyncError } from '../../core/errors.js';
import type { DatabaseName } from '../../core/names.js';
import { suggestCommand } from '../../core/shell-word.js';
import type { TargetServer } from '../ports/target-server.js';
import { findWrongPrograms, refuseDifferent } from './compare-undone.js';
import { inRounds, isProgramFailure } from './in-rounds.js';
import { locateSwap, moveOf } from './locate-swap.js';
import type { Swap } from './swap-definition.js';

/**
 * Puts the old content of all of them back, from whatever step their swap had reached: where each table is now says what
 * has to move, and what each program is now says what has to be made again. What never left is not touched: the reason why
 * it could not leave would keep it from coming back. First the tables of all, then programs: views of one may read another.
 * Returns why some are not what they were before; the others are.
 */
export const undoSwaps = async (
  target: TargetServer,
  swaps: readonly Swap[],
): Promise<ReadonlyMap<Swap, unknown>> => {
  const failures = new Map<Swap, unknown>();
  const forEach = async (step: (target: TargetServer, swap: Swap) => Promise<void>): Promise<void> => {
    for (const swap of swaps.filter((one) => !failures.has(one)))
      try {
        await step(target, swap);
      } catch (error) {
        failures.set(swap, error);
      }
  };
  await forEach(dropNewPrograms);
  await forEach(moveBack);
  await forEach(settleTables);
  const makePrograms = async (swap: Swap): Promise<void> => {
    try {
      await makeOldPrograms(target, swap);
    } catch (error) {
      if (isProgramFailure(error)) throw error;
      failures.set(swap, error);
    }
  };
  const whole = swaps.filter((swap) => !failures.has(swap));
  for (const [swap, error] of await inRounds(target, whole, makePrograms)) failures.set(swap, error);
  await forEach(checkUndone);
  return failures;
};

/** @throws SyncError SWAP_UNSETTLED naming one that cannot be undone */
export const undoOrExplain = async (
  target: TargetServer,
  swaps: readonly Swap[],
  cause: unknown,
): Promise<void> => {
  for (const [{ live, staging, retired }, error] of await undoSwaps(target, swaps))
    throw new SyncError('SWAP_UNSETTLED', {
      message: `${live}: the swap failed (${messageOf(cause)}) and could not be undone (${messageOf(error)})`,
      hints: [
        `The copy is in ${staging} and the previous tables are in ${retired}, both on the target.`,
        'The next apply or rollback finishes or undoes the swap.',
        ...(error instanceof SyncError ? error.hints : []),
      ],
      cause: error,
    });
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const dropNewPrograms = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, staging, retired, incoming, outgoing } = swap;
  const databases = await target.listDatabases();
  if (!databases.includes(staging) && (await locateSwap(target, swap)) !== 'unmoved')
    throw new SyncError('SWAP_FAILED', {
      message: `${staging} is gone, so nothing says which tables were moved`,
      hints: [`Look at what is left:  ${suggestCommand`scratch show ${retired}`}`],
    });
  // What came with a new database is not read: servers do not print a view whose database is gone.
  if (outgoing === null) {
    if (databases.includes(live)) await target.dropPrograms(live, incoming?.programs ?? []);
    return;
  }
  if (!databases.includes(live)) await target.createDatabase(live, outgoing.defaults);
  const { surplus } = findWrongPrograms(swap, await target.readProgramDefinitions(live));
  await target.dropPrograms(live, surplus);
};

const moveBack = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, staging, retired, incoming, outgoing } = swap;
  const databases = await target.listDatabases();
  if (!databases.includes(live)) return;
  // Keys that waited for a new database have found its tables, and would follow them out again.
  const outsideKeys = outgoing === null ? await target.readOutsideKeys(live, []) : swap.outsideKeys;
  const staged = new Set(databases.includes(staging) ? await target.listTables(staging) : incoming?.tables);
  const kept = new Set(await target.listTables(retired));
  const back = [
    ...(incoming?.tables ?? []).map((table) => moveOf(table, live, staging)),
    ...(outgoing?.tables ?? []).map((table) => moveOf(table, retired, live)),
  ];
  await target.renameTables(
    back.filter(({ from, to }) => (to.database === staging ? !staged.has(to.table) : kept.has(from.table))),
  );
  // Also of tables that are back already: a run can have ended between the rename and their defaults.
  await target.followSequences(back);
  await target.restoreOutsideKeys(outsideKeys);
  if (outgoing === null) return;
  const isChanged =
    incoming === null || incoming.tables.length === 0 || incoming.tables.some((table) => !staged.has(table));
  if (isChanged) await target.alterDatabase(live, outgoing.defaults);
};

/** When the tables of all are back. */
const settleTables = async (
  target: TargetServer,
  { live, staging, incoming, outgoing }: Swap,
): Promise<void> => {
  // The staging of a rollback is what an earlier run kept, and stays.
  await target.dropKeys(staging, incoming?.keysToStaying ?? []);
  const { keysToUnit = [], keysToStaying = [] } = outgoing ?? {};
  if (outgoing !== null) await target.restoreOutsideKeys([...keysToUnit, ...keysToStaying]);
  else if ((await target.listDatabases()).includes(live)) await dropIfEmpty(target, live);
};

/** A table that somebody made there meanwhile is worth more than a tidy end. */
export const dropIfEmpty = async (target: TargetServer, live: DatabaseName): Promise<void> => {
  if ((await target.listTables(live)).length === 0) await target.dropDatabase(live);
};

const checkUndone = async (target: TargetServer, swap: Swap): Promise<void> => {
  if (swap.outgoing !== null) await refuseDifferent(target, swap);
};

const makeOldPrograms = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, outgoing } = swap;
  if (outgoing === null) return;
  const { surplus, missing } = findWrongPrograms(swap, await target.readProgramDefinitions(live));
  await target.dropPrograms(live, surplus);
  await target.createPrograms(live, missing, outgoing.printedAs, 'live');
};

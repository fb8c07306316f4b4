import type { Swap } from './swap-definition.js';
import { SyncError } from '../../core/errors.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import { suggestCommand } from '../../core/shell-word.js';
import { markParts } from '../../core/sql/structure-parts.js';
import type { ProgramDefinition, TableMove, TargetServer } from '../ports.js';
import { findWrongPrograms, refuseDifferent } from './compare-undone.js';

/** What is written down of the outgoing tables, so that an undo can be checked. */
export const readBefore = async (
  target: TargetServer,
  live: DatabaseName,
  outgoing: readonly TableName[],
): Promise<Swap['before']> => {
  const names = new Set(outgoing);
  return (await target.readStructures(live))
    .filter(({ name }) => names.has(name))
    .map(({ name, fingerprint, parts }) => ({ name, fingerprint, marks: markParts(parts) }));
};

/** The server refuses to move a table that has triggers to another database (1435), and views share names with tables. */
const leavesFirst = ({ kind }: ProgramDefinition): boolean => kind === 'trigger' || kind === 'view';

/**
 * Makes the staged copies live. One RENAME moves all tables, so that readers see the old set or the new set. `check`
 * looks at the result. When any step fails, all of it is undone and the error of that step thrown.
 */
export const swapIn = async (
  target: TargetServer,
  swaps: readonly Swap[],
  check: () => Promise<void>,
): Promise<void> => {
  const begun: Swap[] = [];
  try {
    for (const swap of swaps) {
      const { live, incoming, outgoing } = swap;
      // A database that somebody else made meanwhile is not ours to undo.
      if (outgoing === null && incoming !== null) await target.createDatabase(live, incoming.defaults);
      begun.push(swap);
      if (outgoing !== null) await target.dropPrograms(live, outgoing.programs.filter(leavesFirst));
    }
    await target.renameTables(swaps.flatMap(listMoves));
    await finishSwaps(target, swaps);
    await check();
  } catch (error) {
    await undoAll(target, begun, error);
    throw error;
  }
};

/** All live tables leave before the staged ones come: MySQL's CHECK names are unique in a database (3822). */
export const listMoves = ({ live, staging, retired, incoming, outgoing }: Swap): readonly TableMove[] => [
  ...(outgoing?.tables ?? []).map((table) => moveOf(table, live, retired)),
  ...(incoming?.tables ?? []).map((table) => moveOf(table, staging, live)),
];

const moveOf = (table: TableName, from: DatabaseName, to: DatabaseName): TableMove => ({
  from: { database: from, table },
  to: { database: to, table },
});

/** Goes on after the rename, of whose end nobody knows how far it came. */
export const resumeSwaps = async (target: TargetServer, swaps: readonly Swap[]): Promise<void> => {
  await target.followSequences(swaps.flatMap(listMoves));
  await finishSwaps(target, swaps);
};

/** Views of one database may read views of another, so those that fail are tried again as long as more programs get made. */
const finishSwaps = async (target: TargetServer, swaps: readonly Swap[], madeBefore = -1): Promise<void> => {
  const [only, second] = swaps;
  if (only && !second) return finishSwap(target, only);
  const failed: Swap[] = [];
  const errors: unknown[] = [];
  for (const swap of swaps) {
    try {
      await finishSwap(target, swap);
    } catch (error) {
      if (!(error instanceof SyncError && error.code === 'PROGRAMS_FAILED')) throw error;
      failed.push(swap);
      errors.push(error);
    }
  }
  if (failed.length === 0) return;
  let made = 0;
  for (const { live } of failed) made += (await target.readProgramDefinitions(live)).length;
  if (failed.length === swaps.length && made <= madeBefore) throw errors[0];
  await finishSwaps(target, failed, made);
};

/** What follows the rename. May be repeated: a run that was killed in the middle of it is finished by the next. */
const finishSwap = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, incoming, outgoing } = swap;
  await target.restoreOutsideKeys(swap.outsideKeys);
  if (outgoing !== null) await target.dropPrograms(live, outgoing.programs);
  if (incoming === null) {
    await dropIfEmpty(target, live);
    return;
  }
  await target.alterDatabase(live, incoming.defaults);
  await target.dropPrograms(live, incoming.programs);
  await target.createPrograms(live, incoming.programs, incoming.printedAs, 'live');
};

/** Where its one rename left a swap. `unclear`: no single rename makes what is there. */
export type SwapPlace = 'moved' | 'unmoved' | 'unclear';

/** What stands where now decides; others who can write to scratch databases may have changed them meanwhile. */
export const locateSwap = async (
  target: TargetServer,
  { live, staging, retired, incoming, outgoing }: Swap,
): Promise<SwapPlace> => {
  const [staged, kept, now] = [
    new Set(await target.listTables(staging)),
    new Set(await target.listTables(retired)),
    new Set(await target.listTables(live)),
  ];
  const [coming, leaving] = [incoming?.tables ?? [], outgoing?.tables ?? []];
  const isKept = (table: TableName): boolean => kept.has(table);
  if (coming.length + leaving.length === 0) return 'unmoved';
  if (coming.every((table) => now.has(table) && !staged.has(table)) && leaving.every(isKept)) return 'moved';
  if (leaving.some(isKept)) return 'unclear';
  if (coming.every((table) => staged.has(table))) return 'unmoved';
  // The copy is lost, and what is live never left.
  const isCopyLost = !(await target.listDatabases()).includes(staging);
  const isOldWhole = leaving.length > 0 || !coming.some((table) => now.has(table));
  return isCopyLost && isOldWhole ? 'unmoved' : 'unclear';
};

/**
 * Puts the old content back, from whatever step the swap had reached: where each table is now says what has to move,
 * and what each program is now says what has to be made again. What never left is not touched: the reason why it could
 * not leave would keep it from coming back.
 * @throws SyncError SWAP_UNSETTLED when what is live then is not what was live before
 */
export const undoSwap = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, staging, retired, incoming, outgoing } = swap;
  const databases = await target.listDatabases();
  const isCopyLost = !databases.includes(staging);
  if (isCopyLost && (await locateSwap(target, swap)) !== 'unmoved')
    throw new SyncError('SWAP_FAILED', {
      message: `${staging} is gone, so nothing says which tables were moved`,
      hints: [`Look at what is left:  ${suggestCommand`scratch show ${retired}`}`],
    });
  if (!databases.includes(live)) {
    if (outgoing === null) return;
    await target.createDatabase(live, outgoing.defaults);
  }
  // Keys that waited for a new database have found its tables, and would follow them out again.
  const outsideKeys = outgoing === null ? await target.readOutsideKeys(live, []) : swap.outsideKeys;
  const staged = new Set(isCopyLost ? incoming?.tables : await target.listTables(staging));
  const kept = new Set(await target.listTables(retired));
  // What came is not read: servers do not print a view whose database is gone, undone before this one.
  const { surplus, missing } =
    outgoing === null
      ? { surplus: incoming?.programs ?? [], missing: [] }
      : findWrongPrograms(swap, await target.readProgramDefinitions(live));
  await target.dropPrograms(live, surplus);
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
  if (outgoing === null) {
    await dropIfEmpty(target, live);
    return;
  }
  if (
    incoming === null ||
    incoming.tables.length === 0 ||
    incoming.tables.some((table) => !staged.has(table))
  )
    await target.alterDatabase(live, outgoing.defaults);
  await target.createPrograms(live, missing, outgoing.printedAs, 'live');
  await refuseDifferent(target, swap);
};

/** A table that somebody made there meanwhile is worth more than a tidy end. */
const dropIfEmpty = async (target: TargetServer, live: DatabaseName): Promise<void> => {
  if ((await target.listTables(live)).length === 0) await target.dropDatabase(live);
};

/** Also when one of them cannot be undone: the others are. */
const undoAll = async (target: TargetServer, swaps: readonly Swap[], cause: unknown): Promise<void> => {
  const failures: unknown[] = [];
  for (const swap of swaps)
    await undoOrExplain(target, swap, cause).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

const undoOrExplain = async (target: TargetServer, swap: Swap, cause: unknown): Promise<void> => {
  try {
    await undoSwap(target, swap);
  } catch (error) {
    throw new SyncError('SWAP_UNSETTLED', {
      message: `${swap.live}: the swap failed (${messageOf(cause)}) and could not be undone (${messageOf(error)})`,
      hints: [
        `The copy is in ${swap.staging} and the previous tables are in ${swap.retired}, both on the target.`,
        'The next apply or rollback finishes or undoes the swap.',
        ...(error instanceof SyncError ? error.hints : []),
      ],
      cause: error,
    });
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

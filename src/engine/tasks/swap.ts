import { BugError, SyncError } from '../../core/errors.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { DatabaseDefaults, ProgramDefinition, TableMove, TargetServer } from '../ports.js';

/** One side of a swap: the content that comes or goes. */
export interface DatabaseContent {
  readonly tables: readonly TableName[];
  readonly programs: readonly ProgramDefinition[];
  readonly defaults: DatabaseDefaults;
  /** How the server that printed the programs calls the database. */
  readonly printedAs: DatabaseName;
}

/** Everything a swap needs, and everything that is needed to undo it. */
export interface Swap {
  readonly live: DatabaseName;
  readonly staging: DatabaseName;
  readonly retired: DatabaseName;
  readonly incoming: DatabaseContent;
  /** Null when the live database does not exist yet. */
  readonly outgoing: DatabaseContent | null;
}

/** The server refuses to move a table that has triggers to another database (1435), and views share names with tables. */
const leavesFirst = ({ kind }: ProgramDefinition): boolean => kind === 'trigger' || kind === 'view';

/**
 * Makes the staged copy live. One RENAME moves all tables, so that readers see the old set or the new set. `check`
 * looks at the result. When any step fails, the swap is undone and the error of that step thrown.
 */
export const swapIn = async (target: TargetServer, swap: Swap, check: () => Promise<void>): Promise<void> => {
  const { live, incoming, outgoing } = swap;
  // Outside the try: a database that somebody else made meanwhile is not ours to undo.
  if (outgoing === null) await target.createDatabase(live, incoming.defaults);
  try {
    if (outgoing !== null) await target.dropPrograms(live, outgoing.programs.filter(leavesFirst));
    await target.renameTables(listMoves(swap));
    if (outgoing !== null) {
      await target.alterDatabase(live, incoming.defaults);
      await target.dropPrograms(live, outgoing.programs);
    }
    await target.createPrograms(live, incoming.programs, incoming.printedAs, 'live');
    await check();
  } catch (error) {
    await undoOrExplain(target, swap, error);
    throw error;
  }
};

/** All live tables leave before the staged ones come: MySQL's CHECK names are unique in a database (3822). */
const listMoves = ({ live, staging, retired, incoming, outgoing }: Swap): readonly TableMove[] => [
  ...(outgoing?.tables ?? []).map((table) => ({
    from: { database: live, table },
    to: { database: retired, table },
  })),
  ...incoming.tables.map((table) => ({ from: { database: staging, table }, to: { database: live, table } })),
];

/**
 * Puts the old content back, from whatever step the swap had reached: where each table is now says what has to move,
 * and dropping or making programs that are already gone or there is harmless.
 */
export const undoSwap = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, staging, retired, incoming, outgoing } = swap;
  const [staged, kept, databases] = await Promise.all([
    target.listTables(staging),
    target.listTables(retired),
    target.listDatabases(),
  ]);
  if (!databases.includes(live)) return;
  if (!databases.includes(staging))
    throw new BugError(`${staging} is gone, so nothing says which tables were moved`);
  await target.dropPrograms(live, incoming.programs);
  const isStaged = new Set(staged);
  const isKept = new Set(kept);
  await target.renameTables([
    ...incoming.tables
      .filter((table) => !isStaged.has(table))
      .map((table) => ({ from: { database: live, table }, to: { database: staging, table } })),
    ...(outgoing?.tables ?? [])
      .filter((table) => isKept.has(table))
      .map((table) => ({ from: { database: retired, table }, to: { database: live, table } })),
  ]);
  if (outgoing === null) {
    const left = await target.listTables(live);
    if (left.length === 0) await target.dropDatabase(live);
    return;
  }
  await target.alterDatabase(live, outgoing.defaults);
  await target.dropPrograms(live, outgoing.programs);
  await target.createPrograms(live, outgoing.programs, outgoing.printedAs, 'live');
};

const undoOrExplain = async (target: TargetServer, swap: Swap, cause: unknown): Promise<void> => {
  try {
    await undoSwap(target, swap);
  } catch (error) {
    throw new SyncError('SWAP_FAILED', {
      message: `${swap.live}: the swap failed (${messageOf(cause)}) and could not be undone (${messageOf(error)})`,
      hints: [
        `The copy is in ${swap.staging} and the previous tables are in ${swap.retired}, both on the target.`,
      ],
      cause: error,
    });
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

import { SyncError, reportError } from '../../core/errors.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import { markParts } from '../../core/sql/structure-parts.js';
import type { ProgramDefinition } from '../ports/server.js';
import type { TargetServer } from '../ports/target-server.js';
import { inRounds } from './in-rounds.js';
import { listMoves } from './locate-swap.js';
import type { Swap } from './swap-definition.js';
import { dropIfEmpty, undoOrExplain } from './undo-swaps.js';

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

export interface SwapChecks {
  /** When all tables have moved. What rejects here undoes the swap. */
  readonly moved?: () => Promise<void>;
  /** Looks at the result. */
  readonly check: () => Promise<void>;
  /** Rejects where somebody else may be at the same databases by now, whose matter the swap is then. */
  readonly beforeUndo: () => Promise<void>;
}

/**
 * Makes the staged copies live. One RENAME moves all tables, so that readers see the old set or the new set.
 * When any step fails, all of it is undone and the error of that step thrown.
 */
export const swapIn = async (
  target: TargetServer,
  swaps: readonly Swap[],
  { moved, check, beforeUndo }: SwapChecks,
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
    await moved?.();
    await finishSwaps(target, swaps);
    await check();
  } catch (error) {
    await refuseUndo(swaps, beforeUndo);
    await undoOrExplain(target, begun, error);
    throw error;
  }
};

/** @throws SyncError SWAP_UNSETTLED: the journals stay as they are, as those of a run that was killed */
const refuseUndo = async (swaps: readonly Swap[], beforeUndo: () => Promise<void>): Promise<void> => {
  try {
    await beforeUndo();
  } catch (cause) {
    throw new SyncError('SWAP_UNSETTLED', {
      message: `${swaps.map(({ live }) => live).join(', ')}: the swap stopped in the middle: ${reportError(cause).message}`,
      hints: ['Whoever takes it up next finishes or undoes the swap.'],
      cause,
    });
  }
};

/** Goes on after the rename, of whose end nobody knows how far it came. */
export const resumeSwaps = async (target: TargetServer, swaps: readonly Swap[]): Promise<void> => {
  await target.followSequences(swaps.flatMap(listMoves));
  await finishSwaps(target, swaps);
};

const finishSwaps = async (target: TargetServer, swaps: readonly Swap[]): Promise<void> => {
  for (const error of (await inRounds(target, swaps, (swap) => finishSwap(target, swap))).values())
    throw error;
};

/** What follows the rename. May be repeated: a run that was killed in the middle of it is finished by the next. */
const finishSwap = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, retired, incoming, outgoing } = swap;
  const { keysToUnit = [], keysToStaying = [] } = incoming ?? {};
  await target.restoreOutsideKeys([...swap.outsideKeys, ...keysToUnit, ...keysToStaying]);
  await target.dropKeys(retired, outgoing?.keysToStaying ?? []);
  if (outgoing !== null) await target.dropPrograms(live, outgoing.programs);
  if (incoming === null) {
    await dropIfEmpty(target, live);
    return;
  }
  await target.alterDatabase(live, incoming.defaults);
  await target.dropPrograms(live, incoming.programs);
  await target.createPrograms(live, incoming.programs, incoming.printedAs, 'live');
};

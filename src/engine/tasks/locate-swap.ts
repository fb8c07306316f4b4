import type { DatabaseName, TableName } from '../../core/names.js';
import type { TableMove, TargetServer } from '../ports/target-server.js';
import type { Swap } from './swap-definition.js';

/** All live tables leave before the staged ones come: MySQL's CHECK names are unique in a database (3822). */
export const listMoves = ({ live, staging, retired, incoming, outgoing }: Swap): readonly TableMove[] => [
  ...(outgoing?.tables ?? []).map((table) => moveOf(table, live, retired)),
  ...(incoming?.tables ?? []).map((table) => moveOf(table, staging, live)),
];

export const moveOf = (table: TableName, from: DatabaseName, to: DatabaseName): TableMove => ({
  from: { database: from, table },
  to: { database: to, table },
});

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

import { type ChangeSet, type DatabaseChange, isPending } from './change-set.js';
import type { DatabaseName } from '../names.js';

/** Databases of a plan that one process copies, in the order of the plan. */
export interface CopySet {
  readonly databases: readonly DatabaseChange[];
  /** What their copy costs, in bytes. */
  readonly cost: number;
}

/** A database without rows is work too: the questions around its copy take as long as so many bytes. */
const LEAST_BYTES = 16 * 2 ** 20;

/**
 * What is copied, as sets that different processes can copy: databases that read each other, directly or by way of others,
 * are one. The most costly comes first. It follows from the change set alone, so all who have one saved plan see the same sets.
 */
export const listCopySets = ({ databases }: Pick<ChangeSet, 'databases'>): readonly CopySet[] => {
  const pending = databases.filter(isPending);
  const setOf = new Map<DatabaseName, Set<DatabaseName>>();
  for (const { to } of pending) setOf.set(to, new Set([to]));
  for (const { to, reads = [] } of pending)
    for (const other of reads) {
      const [own, joined] = [setOf.get(to), setOf.get(other)];
      if (!own || !joined || own === joined) continue;
      for (const name of joined) setOf.set(name, own.add(name));
    }
  const sets = new Map<Set<DatabaseName> | undefined, DatabaseChange[]>();
  for (const change of pending) {
    const set = setOf.get(change.to);
    sets.set(set, [...(sets.get(set) ?? []), change]);
  }
  return [...sets.values()]
    .map((members) => ({ databases: members, cost: members.reduce((sum, one) => sum + costOf(one), 0) }))
    .toSorted((a, b) => b.cost - a.cost);
};

const costOf = ({ source }: DatabaseChange): number => source.bytes + LEAST_BYTES;

import type { ChangeSet } from './change-set.js';
import { listCopySets } from './copy-sets.js';
import type { DatabaseName } from '../names.js';
import type { Shard } from '../plan/shard.js';

/**
 * The databases of one slice, by their names on the target. The sets of the plan are dealt out, the most costly first, each
 * to the slice that has least: whoever has the same saved plan and number of slices gets the same ones.
 */
export const listSlice = (
  changeSet: Pick<ChangeSet, 'databases'>,
  { index, count }: Shard,
): ReadonlySet<DatabaseName> => {
  const sets = listCopySets(changeSet);
  // More slices than sets stay empty, however many they are.
  const slices = Array.from({ length: Math.min(count, sets.length) }, () => ({
    cost: 0,
    names: [] as DatabaseName[],
  }));
  for (const { databases, cost } of sets) {
    const [first, ...others] = slices;
    if (!first) break;
    const least = others.reduce((best, slice) => (slice.cost < best.cost ? slice : best), first);
    least.cost += cost;
    least.names.push(...databases.map(({ to }) => to));
  }
  return new Set(slices[index - 1]?.names);
};

/** A change set of which only these databases, by their names on the target, are done. */
export const limitToSlice = (changeSet: ChangeSet, names: ReadonlySet<DatabaseName>): ChangeSet => ({
  ...changeSet,
  databases: changeSet.databases.filter(({ to }) => names.has(to)),
});

import { nameColumn } from '../../core/plan/column-pattern.js';
import { isDetector } from '../../core/mask/detector.js';
import { type ProbeForm, type Probes, probeFormOf } from '../../core/mask/leak-probe.js';
import type { TableLeak } from '../../core/mask/leaks.js';
import type { TableInventory } from '../../core/server/inventory.js';
import { isOfFamily } from '../../core/sql/column-types.js';
import type { DatabaseRun } from '../run-context.js';
import { tablesToFill } from './copy.js';

/** Of a keyed hash, the masked columns that have its value: `shop.users.email`. */
export type ProbedLeaks = ReadonlyMap<string, readonly string[]>;

/** No more is asked after so long: whoever made the plan waits for the reason. */
const MOST_SECONDS = 30;

/**
 * Looks up on the source whether what was found belongs to somebody whom the plan masks. It only adds to what is said of a leak, so
 * what cannot be asked, or takes too long, is left out. Never rejects.
 */
export const probeLeaks = async (
  {
    plan,
    change,
    source,
    inventory,
    ports: { clock },
  }: Pick<DatabaseRun, 'plan' | 'change' | 'source' | 'inventory' | 'ports'>,
  leaks: readonly TableLeak[],
): Promise<ProbedLeaks> => {
  const found = new Map<string, readonly string[]>();
  const groups = groupProbes(leaks);
  if (groups.length === 0) return found;
  const end = clock.monotonic() + MOST_SECONDS * 1000;
  const columns = tablesToFill(change, inventory.tables).flatMap((entry) =>
    (entry.masks?.columns ?? [])
      .filter(({ column }) => isReadable(entry.table, column))
      .map(({ column }) => ({ entry, column })),
  );
  try {
    const snapshot = await source.openSnapshot(plan.mask?.key);
    try {
      for (const { entry, column } of columns)
        for (const probes of groups) {
          if (clock.monotonic() > end) return found;
          const hashes = await snapshot
            .findProbes(change.from, entry, column, probes)
            .catch((): readonly string[] => []);
          const name = nameColumn(change.from, entry.table.name, column);
          for (const hash of hashes) found.set(hash, [...(found.get(hash) ?? []), name]);
        }
    } finally {
      await snapshot.close();
    }
  } catch {
    return found;
  }
  return found;
};

const isReadable = ({ columns }: TableInventory, column: string): boolean =>
  columns.some(({ name, dataType }) => name === column && isOfFamily(dataType, 'text', 'bytes'));

const groupProbes = (leaks: readonly TableLeak[]): readonly Probes[] => {
  const groups = new Map<ProbeForm, readonly string[]>();
  for (const { kind, probes = [] } of leaks) {
    const form = isDetector(kind) ? probeFormOf(kind) : undefined;
    if (form === undefined || probes.length === 0) continue;
    groups.set(form, [...new Set([...(groups.get(form) ?? []), ...probes])]);
  }
  return [...groups].map(([form, hashes]) => ({ form, hashes }));
};

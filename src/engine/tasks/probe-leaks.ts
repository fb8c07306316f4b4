import { nameColumn } from '../../core/plan/column-pattern.js';
import { isDetector } from '../../core/mask/detector.js';
import { type ProbeForm, probeFormOf } from '../../core/mask/leak-probe.js';
import type { TableLeak } from '../../core/mask/leaks.js';
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
  const probes = groupProbes(leaks);
  if (probes.size === 0) return found;
  const end = clock.monotonic() + MOST_SECONDS * 1000;
  try {
    const snapshot = await source.openSnapshot(plan.mask?.key);
    try {
      for (const entry of tablesToFill(change, inventory.tables))
        for (const { column } of entry.masks?.columns ?? []) {
          const type = entry.table.columns.find(({ name }) => name === column)?.dataType;
          if (type === undefined || !isOfFamily(type, 'text', 'bytes') || clock.monotonic() > end) continue;
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

const groupProbes = (leaks: readonly TableLeak[]): ReadonlyMap<ProbeForm, readonly string[]> => {
  const groups = new Map<ProbeForm, readonly string[]>();
  for (const { kind, probes = [] } of leaks) {
    const form = isDetector(kind) ? probeFormOf(kind) : undefined;
    if (form === undefined || probes.length === 0) continue;
    groups.set(form, [...new Set([...(groups.get(form) ?? []), ...probes])]);
  }
  return groups;
};

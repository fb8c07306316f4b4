import type { ChangeSet, DatabaseChange } from '../core/change/change-set.js';
import { SyncError } from '../core/errors.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import { type Inventory, keyOfProgram } from '../core/server/inventory.js';
import { comparePrograms } from './compare-programs.js';
import { diffStructures } from './explain-structure.js';
import type { OpenServers } from './open-servers.js';

interface Planned {
  readonly plan: ResolvedPlan;
  readonly servers: OpenServers;
  readonly changeSet: ChangeSet;
  readonly source: Inventory;
  readonly target: Inventory;
}

/** The change set with what the tables and programs of overwritten databases lose and get. Reads only. */
export const explainChanges = async (planned: Planned): Promise<ChangeSet> => {
  const databases: DatabaseChange[] = [];
  for (const change of planned.changeSet.databases)
    databases.push(change.action === 'overwrite' ? await explainChange(planned, change) : change);
  return { ...planned.changeSet, databases };
};

type Diffs = ReadonlyMap<string, readonly string[]>;

const explainChange = async (planned: Planned, change: DatabaseChange): Promise<DatabaseChange> => {
  const restructured = change.tables.filter(({ isRestructured }) => isRestructured).map(({ name }) => name);
  const replaced = change.programs.filter(({ action }) => action === 'replace').map(keyOfProgram);
  const structures = await orReason(restructured, () =>
    diffStructures(planned.servers, change, restructured),
  );
  const programs = await orReason(replaced, async () => (await compareAll(planned, change)).diffs);
  const diffOf = (diffs: Diffs, key: string): { diff?: readonly string[] } => {
    const diff = diffs.get(key);
    return diff === undefined ? {} : { diff };
  };
  return {
    ...change,
    tables: change.tables.map((table) => ({ ...table, ...diffOf(structures, table.name) })),
    programs: change.programs.map((program) => ({ ...program, ...diffOf(programs, keyOfProgram(program)) })),
  };
};

const compareAll = ({ plan, servers, source }: Planned, change: DatabaseChange) => {
  const inventory = source.databases.find(({ name }) => name === change.from)?.programs ?? [];
  return comparePrograms({ servers, options: plan.options, change, inventory });
};

/** What only tells more must not keep a plan from being made: where a definition cannot be read, the reason stands. */
const orReason = async (keys: readonly string[], read: () => Promise<Diffs>): Promise<Diffs> => {
  if (keys.length === 0) return new Map();
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return new Map(keys.map((key) => [key, [`(cannot be shown: ${error.message})`]]));
  }
};

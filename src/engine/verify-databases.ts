import type { DatabaseChange } from '../core/change/change-set.js';
import type { DatabaseComparison, Difference } from '../core/change/comparison.js';
import {
  type DatabaseInventory,
  type Inventory,
  type ProgramInventory,
  keyOfProgram,
} from '../core/server/inventory.js';
import type { DatabaseName } from '../core/names.js';
import { renameUtf8 } from '../core/sql/utf8-name.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { ComparedRows } from '../core/change/sameness.js';
import { type ComparedPrograms, comparePrograms } from './compare-programs.js';
import { listAltered } from '../core/change/preserve.js';
import { compareRows } from './compare-rows.js';
import { diffStructures, explainStructure } from './explain-structure.js';
import type { OpenServers } from './open-servers.js';
import { formatCount, formatPlural } from '../core/plural.js';

/** What a comparison works on: the answer of the planner says what is missing and what is there twice. */
export interface VerifyJob {
  readonly plan: ResolvedPlan;
  readonly servers: OpenServers;
  readonly change: DatabaseChange;
  readonly source: Inventory;
  readonly target: Inventory;
  /** So many rows of each table that differ are told by their key; undefined asks for none. */
  readonly keys?: number | undefined;
}

/** Compares one database of a plan on both servers, each in a snapshot of its own. Writes nothing anywhere. */
export const verifyDatabase = async (job: VerifyJob): Promise<DatabaseComparison> => {
  const { change, plan, source, target } = job;
  const { from, to } = change;
  const by = plan.options.verify;
  const there = target.databases.find(({ name }) => name === to);
  const here = source.databases.find(({ name }) => name === from);
  if (!here || !there || change.target === null)
    return {
      from,
      to,
      tables: 0,
      rows: 0,
      compared: [],
      by,
      differences: [databaseDiffers(to, 'is missing on the target')],
    };
  const rows = await compareRows(job, here, { by, keys: job.keys });
  const altered = [...listAltered(change)];
  const listBy = (what: 'hooks' | 'preserve') =>
    altered.flatMap(([table, by]) => (by === what ? [table] : []));
  const [hooked, preserved] = [listBy('hooks'), listBy('preserve')];
  return {
    from,
    to,
    tables: rows.length,
    rows: rows.reduce((sum, { source: count }) => sum + count, 0),
    compared: rows,
    by,
    ...(hooked.length > 0 && { changedByHooks: hooked }),
    ...(preserved.length > 0 && { preserved }),
    differences: [
      ...compareDefaults(change, there),
      ...(await compareStructures(job)),
      ...rows.flatMap(describeRows),
      ...(await findProgramDifferences(job, here)),
    ],
  };
};

const databaseDiffers = (name: DatabaseName, what: string): Difference => ({ kind: 'database', name, what });

export const compareDefaults = (
  { defaults }: Pick<DatabaseChange, 'defaults'>,
  there: DatabaseInventory,
): readonly Difference[] =>
  (['charset', 'collation', 'comment'] as const)
    .filter((key) => renameUtf8(defaults[key], 'utf8mb3') !== renameUtf8(there[key], 'utf8mb3'))
    .map((key) =>
      databaseDiffers(there.name, `has a different ${key}: ${there[key]} instead of ${defaults[key]}`),
    );

const MISSING = 'is missing on the target';
const SURPLUS = 'is only on the target';

const compareStructures = async ({ change, servers }: VerifyJob): Promise<readonly Difference[]> => {
  const differences: Difference[] = [];
  const restructured = change.tables.filter(({ isRestructured }) => isRestructured).map(({ name }) => name);
  const diffs = await diffStructures(servers, change, restructured);
  for (const { name, action } of change.tables) {
    if (action === 'create') differences.push({ kind: 'table', name, what: MISSING });
    if (action === 'drop') differences.push({ kind: 'table', name, what: SURPLUS });
    const diff = diffs.get(name);
    if (diff === undefined) continue;
    differences.push({ kind: 'table', name, what: explainStructure(diff), diff });
  }
  return differences;
};

const describeRows = ({ table, isSame, source, target }: ComparedRows): readonly Difference[] => {
  if (isSame) return [];
  const what =
    source === target
      ? 'has as many rows as the source, but different ones'
      : `has ${formatPlural(target, 'row')}, and the source has ${formatCount(source)}`;
  return [{ kind: 'table', name: table, what }];
};

const NOTHING_COMPARED: ComparedPrograms = { diffs: new Map(), source: [] };

/** Those that the target has otherwise than apply would make them. `live`: both inventories are of this moment. */
export const findProgramDifferences = async (
  { plan, change, servers }: Pick<VerifyJob, 'plan' | 'change' | 'servers'>,
  { programs }: DatabaseInventory,
  live?: readonly ProgramInventory[],
): Promise<readonly Difference[]> => {
  const isOnTarget = change.programs.some(({ action }) => action !== 'keep' && action !== 'create');
  const { diffs, source } = isOnTarget
    ? await comparePrograms({ servers, options: plan.options, change, inventory: programs, live })
    : NOTHING_COMPARED;
  // An event that is over is made nowhere again, and may still stand on both servers.
  const isOnSource = (name: string): boolean =>
    source.some((program) => program.kind === 'event' && program.name === name);
  return change.programs.flatMap(({ kind, name, action }) => {
    if (action === 'keep') return [];
    if (action === 'create') return [{ kind, name, what: MISSING }];
    if (action === 'drop') return kind === 'event' && isOnSource(name) ? [] : [{ kind, name, what: SURPLUS }];
    const diff = diffs.get(keyOfProgram({ kind, name }));
    return diff === undefined ? [] : [{ kind, name, what: 'differs', diff }];
  });
};

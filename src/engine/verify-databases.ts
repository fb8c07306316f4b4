import type { DatabaseChange } from '../core/change/change-set.js';
import type { DatabaseComparison, Difference } from '../core/change/comparison.js';
import {
  type DatabaseInventory,
  type Inventory,
  type TableInventory,
  keyOfProgram,
} from '../core/server/inventory.js';
import type { DatabaseName } from '../core/names.js';
import { renameUtf8 } from '../core/sql/utf8-name.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import { comparePrograms } from './compare-programs.js';
import { diffStructures, explainStructure } from './explain-structure.js';
import type { OpenServers } from './open-servers.js';
import type { Snapshot } from './ports.js';
import { formatCount, formatPlural } from '../core/plural.js';

/** What a comparison works on: the answer of the planner says what is missing and what is there twice. */
export interface VerifyJob {
  readonly plan: ResolvedPlan;
  readonly servers: OpenServers;
  readonly change: DatabaseChange;
  readonly source: Inventory;
  readonly target: Inventory;
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
      by,
      differences: [databaseDiffers(to, 'is missing on the target')],
    };
  const { tables, rows, differences } = await compareRows(job, here);
  return {
    from,
    to,
    tables,
    rows,
    by,
    differences: [
      ...compareDefaults(here, there),
      ...(await compareStructures(job)),
      ...differences,
      ...(await findProgramDifferences(job, here)),
    ],
  };
};

const databaseDiffers = (name: DatabaseName, what: string): Difference => ({ kind: 'database', name, what });

const compareDefaults = (here: DatabaseInventory, there: DatabaseInventory): readonly Difference[] =>
  (['charset', 'collation', 'comment'] as const)
    .filter((key) => renameUtf8(here[key], 'utf8mb3') !== renameUtf8(there[key], 'utf8mb3'))
    .map((key) =>
      databaseDiffers(there.name, `has a different ${key}: ${there[key]} instead of ${here[key]}`),
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

interface RowComparison {
  readonly tables: number;
  readonly rows: number;
  readonly differences: readonly Difference[];
}

/** Of tables that both servers have in one structure, as far as the plan copies their rows. */
const compareRows = async (
  { change, plan, servers }: VerifyJob,
  { tables }: DatabaseInventory,
): Promise<RowComparison> => {
  const [here, there] = await Promise.all([servers.source.openSnapshot(), servers.target.openSnapshot()]);
  const differences: Difference[] = [];
  let compared = 0;
  let rows = 0;
  try {
    for (const { name, action, content, isRestructured, where } of change.tables) {
      const table = tables.find((one) => one.name === name);
      if (!table || table.kind === 'sequence') continue;
      if (action !== 'replace' || isRestructured || content === 'none') continue;
      const read = (snapshot: Snapshot, database: DatabaseName, condition: string | null) =>
        readTable(snapshot, { database, table, where: condition }, plan.options.verify);
      const [source, target] = await Promise.all([
        read(here, change.from, where),
        read(there, change.to, null),
      ]);
      compared += 1;
      rows += source.rows;
      if (source.rows !== target.rows)
        differences.push({
          kind: 'table',
          name,
          what: `has ${formatPlural(target.rows, 'row')}, and the source has ${formatCount(source.rows)}`,
        });
      else if (source.digest !== target.digest)
        differences.push({ kind: 'table', name, what: 'has as many rows as the source, but different ones' });
    }
  } finally {
    await Promise.all([here.close(), there.close()]);
  }
  return { tables: compared, rows, differences };
};

const readTable = async (
  snapshot: Snapshot,
  {
    database,
    table,
    where,
  }: { readonly database: DatabaseName; readonly table: TableInventory; readonly where: string | null },
  by: 'digest' | 'counts',
): Promise<{ readonly rows: number; readonly digest: string }> =>
  by === 'digest'
    ? snapshot.digestTable(database, table, where)
    : { rows: await snapshot.countTable(database, table, where), digest: '' };

const findProgramDifferences = async (
  { plan, change, servers }: VerifyJob,
  { programs }: DatabaseInventory,
): Promise<readonly Difference[]> => {
  const { diffs, source } = await comparePrograms({
    servers,
    options: plan.options,
    change,
    inventory: programs,
  });
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

import type { DatabaseChange, TableChange } from '../core/change/change-set.js';
import { listAltered } from '../core/change/preserve.js';
import type { ComparedRows } from '../core/change/sameness.js';
import { forEachConcurrently } from '../core/concurrency.js';
import { isSameVendor } from '../core/flavor.js';
import { comparedPart } from '../core/mask/table-masks.js';
import type { DatabaseName } from '../core/names.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { VerifyLevel } from '../core/plan/sync-plan.js';
import type { DatabaseInventory, TableInventory } from '../core/server/inventory.js';
import { type RowsWanted, findDifferingRows } from './find-differing-rows.js';
import type { CopyTable, TableDigest } from './ports/rows.js';
import type { Snapshot } from './ports/server.js';
import type { OpenServers } from './open-servers.js';

export interface RowsJob {
  readonly plan: Pick<ResolvedPlan, 'mask' | 'options'>;
  readonly change: DatabaseChange;
  readonly servers: OpenServers;
}

/** How closely rows are looked at. `keys`: so many rows of each table that differ are told by their key; undefined asks for none. */
export interface RowsExtent {
  readonly by: VerifyLevel;
  readonly keys?: number | undefined;
  readonly isEnough?: RowsWanted['isEnough'];
}

/** What one connection reads before a second one is there. */
const ONE_LANE_BYTES = 4_194_304;

/**
 * Of tables that both servers have in one structure, as far as the plan copies their rows and neither hooks change them nor other rows stay in them. So many tables at
 * once as the plan reads in parallel; both servers are read in snapshots, and each table in one of each. By counts, as many rows are the
 * same rows.
 */
export const compareRows = async (
  { plan, change, servers }: RowsJob,
  { tables, conversion }: Pick<DatabaseInventory, 'tables' | 'conversion'>,
  extent: RowsExtent,
): Promise<readonly ComparedRows[]> => {
  const wanted = listComparable(change, tables);
  const bytes = wanted.reduce((sum, { table }) => sum + table.dataBytes, 0);
  const lanes = bytes < ONE_LANE_BYTES ? 1 : Math.min(plan.options.parallel, wanted.length);
  const isOneVendor = isSameVendor(servers.source.facts, servers.target.facts);
  const mayCut = isOneVendor && conversion === undefined;
  const compared = new Map<CopyTable, ComparedRows>();
  const opened: Pair[] = [];
  try {
    for (let lane = 0; lane < lanes && wanted.length > 0; lane += 1)
      opened.push(await openPair({ plan, change, servers }));
    const idle = [...opened];
    await forEachConcurrently(wanted, lanes, async (rows) => {
      const pair = idle.pop();
      if (!pair) return;
      compared.set(rows, await compareTable(pair, rows, { ...extent, mayCut }));
      idle.push(pair);
    });
  } finally {
    await Promise.all(opened.flatMap(({ source, target }) => [source.close(), target.close()]));
  }
  return wanted.flatMap((rows) => compared.get(rows) ?? []);
};

const listComparable = (change: DatabaseChange, tables: readonly TableInventory[]): readonly CopyTable[] => {
  const altered = listAltered(change);
  const isComparable = ({ name, action, content, isRestructured }: TableChange): boolean =>
    action === 'replace' && !isRestructured && content !== 'none' && !altered.has(name);
  return change.tables.filter(isComparable).flatMap(({ name, where, masks }) => {
    const table = tables.find((one) => one.name === name);
    return table && table.kind !== 'sequence' ? [{ table, where, ...(masks && { masks }) }] : [];
  });
};

/** A snapshot of each server, and the database there. */
interface Pair extends Record<'source' | 'target', Snapshot> {
  readonly from: DatabaseName;
  readonly to: DatabaseName;
}

const openPair = async ({ plan, change: { from, to }, servers }: RowsJob): Promise<Pair> => {
  const [source, target] = await Promise.all([
    servers.source.openSnapshot(plan.mask?.key),
    servers.target.openSnapshot(),
  ]);
  return { source, target, from, to };
};

const compareTable = async (
  { source, target, from, to }: Pair,
  rows: CopyTable,
  { by, keys, isEnough, mayCut }: RowsExtent & { readonly mayCut: boolean },
): Promise<ComparedRows> => {
  const { name } = rows.table;
  const copy = { table: comparedPart(rows.table, rows.masks), where: null };
  if (keys !== undefined && by === 'digest') {
    const sides = {
      source: { snapshot: source, database: from, rows },
      target: { snapshot: target, database: to, rows: copy },
    };
    return { table: name, ...(await findDifferingRows(sides, { keys, mayCut, isEnough })) };
  }
  const [here, there] = await Promise.all([
    readTable(source, from, rows, by),
    readTable(target, to, copy, by),
  ]);
  const isSame = here.rows === there.rows && here.digest === there.digest;
  return {
    table: name,
    isSame,
    source: here.rows,
    target: there.rows,
    ...(keys !== undefined &&
      !isSame && { differing: { untold: 'rows were only counted (verify: counts)' } }),
  };
};

const readTable = async (
  snapshot: Snapshot,
  database: DatabaseName,
  rows: CopyTable,
  by: VerifyLevel,
): Promise<TableDigest> =>
  by === 'digest'
    ? snapshot.digestTable(database, rows)
    : { rows: await snapshot.countTable(database, rows.table, rows.where), digest: '' };

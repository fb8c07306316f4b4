import { type PatchBase, type TableChange, isPatch } from '../core/change/change-set.js';
import { MOST_CHANGED, SWAPPED_TOGETHER, mayBePatched, whyIncomparable } from '../core/change/refresh.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { ComparedRows } from '../core/change/sameness.js';
import { hasWholeKey } from '../core/server/row-key.js';
import type { DatabaseInventory, TableInventory } from '../core/server/inventory.js';
import { compareRows } from './compare-rows.js';
import { type UnfinishedJob, findBegun } from './foresee-unfinished.js';
import type { SeenRows } from './find-differing-rows.js';
import type { TableStructure } from './ports/target-server.js';
import { readLiveRecords } from './provenance.js';
import { findPrevious, findStructure, isSameButKeys, isSearched } from './tasks/adopt-tables.js';

export interface PatchJob extends UnfinishedJob {
  /** What earlier runs kept of the database for a rollback. */
  readonly kept: readonly DatabaseName[];
}

/**
 * The tables of a change with what would be made of copies that were not finished and of what the last swap kept, for those that would
 * not stay: how many rows would be written there, or why all are copied. A run compares again, and decides by the first ranges that it sees.
 * @param live the database that would be overwritten; undefined where there is none
 */
export const foreseePatches = async (
  job: PatchJob,
  { here, live }: { readonly here: DatabaseInventory; readonly live: DatabaseName | undefined },
  tables: readonly TableChange[],
): Promise<readonly TableChange[]> => {
  const isLeaving = ({ action, refresh }: TableChange): boolean =>
    refresh === undefined ? action === 'create' : !isStaying(refresh);
  const leaving = tables.filter(isLeaving);
  if (leaving.length === 0 || !mayStart(job, here)) return tables;
  const begun = await findBegun(job, here, leaving);
  const taken = new Set(begun.flatMap(({ whole }) => whole));
  const known = new Map<TableName, TableChange>();
  const learn = (changed: readonly TableChange[]): void => {
    for (const table of changed) known.set(table.name, table);
  };
  for (const { staging, whole } of begun)
    learn(
      await foreseeUnfinished(
        job,
        here,
        staging,
        leaving.filter(({ name }) => whole.includes(name)),
      ),
    );
  const left = leaving.filter(({ name }) => !taken.has(name));
  const others = live === undefined ? left : await foreseeKept(job, here, left);
  const isLoading = ({ name }: TableChange): boolean => begun.some(({ loading }) => loading.includes(name));
  learn(
    others.map((table) =>
      table.refresh?.base !== 'previous' && isLoading(table) ? withUnfinished(table) : table,
    ),
  );
  return tables.map((table) => known.get(table.name) ?? table);
};

const foreseeUnfinished = async (
  job: PatchJob,
  here: DatabaseInventory,
  staging: DatabaseName,
  tables: readonly TableChange[],
): Promise<readonly TableChange[]> => {
  const compared = await compareWith(
    job,
    here,
    staging,
    tables.filter(({ name }) => isKeyed(here, name)),
  );
  return tables.map((table) => {
    const found = compared.get(table.name);
    return found ? withPatch(table, found, 'unfinished') : withUnfinished(table);
  });
};

const isKeyed = ({ tables }: DatabaseInventory, name: TableName): boolean =>
  tables.some((table) => table.name === name && hasWholeKey(table));

const foreseeKept = async (
  job: PatchJob,
  here: DatabaseInventory,
  leaving: readonly TableChange[],
): Promise<readonly TableChange[]> => {
  const { target } = job.servers;
  const journal = await findPrevious(job.change, target, job.kept);
  if (!journal) return leaving;
  if (job.plan.mask) {
    const find = await readLiveRecords(target);
    if (!isSearched({ ...job, inventory: here, target }, find(job.change.to), journal))
      return leaving.map((table) => withReason(table, KEPT_UNSEARCHED));
  }
  const previous = journal.retired;
  const [live, there] = await Promise.all([
    target.readStructures(job.change.to),
    target.readStructures(previous),
  ]);
  const reasons = new Map<TableName, string>();
  const { from } = job.change;
  const candidates = leaving.filter(({ name, action, content, isRestructured, masks }) => {
    const table = here.tables.find((one) => one.name === name);
    // A table of another structure on the target is rare in what was kept too, and is not looked for.
    if (!table || action !== 'replace' || content === 'none' || isRestructured) return false;
    if (!mayBePatched(table, { from, masks })) return false;
    const reason = whyUnfit(table, findStructure(live, name), findStructure(there, name));
    if (reason !== undefined) reasons.set(name, reason);
    return reason === undefined;
  });
  const rows = await compareWith(job, here, previous, candidates);
  return leaving.map((table) => {
    const found = rows.get(table.name);
    return found ? withPatch(table, found, 'previous') : withReason(table, reasons.get(table.name));
  });
};

/** What hooks and preserved rows made of the previous copy is replaced like any other difference. */
const compareWith = async (
  { change: { hooks: _, preserve: __, ...change }, ...job }: PatchJob,
  here: DatabaseInventory,
  to: DatabaseName,
  tables: readonly TableChange[],
): Promise<ReadonlyMap<TableName, ComparedRows>> => {
  const there = tables.map((table) => ({ ...table, action: 'replace' as const, isRestructured: false }));
  const compared = await compareRows({ ...job, change: { ...change, to, tables: there } }, here, {
    by: 'digest',
    keys: 0,
    isEnough: isTooMuch,
  });
  return new Map(compared.map((one) => [one.table, one]));
};

const UNNAMED = 'no key tells its rows: an apply replaces those that differ only where a server is far away';

const KEPT_UNSEARCHED = 'nothing says that what is kept was searched with these masks';

const isStaying = (refresh: NonNullable<TableChange['refresh']>): boolean =>
  refresh.base === 'live' && refresh.would !== 'copy';

/** Whether a refresh of this database may start from what earlier runs have of it. */
const mayStart = ({ change, servers: { source, target } }: PatchJob, here: DatabaseInventory): boolean =>
  whyIncomparable({ server: source.facts, database: here }, target.facts) === undefined &&
  !change.tables.some(({ refresh }) => refresh?.base === 'none' && refresh.reason === SWAPPED_TOGETHER);

/** Rows are told by their keys here; by hashes the run does it, where it finds a server to be far away. */
const whyUnfit = (
  table: TableInventory,
  live: TableStructure | undefined,
  kept: TableStructure | undefined,
): string | undefined => {
  if (!kept) return 'nothing is kept of it';
  if (!isSameButKeys(live, kept)) return 'what is kept of it has another structure';
  return hasWholeKey(table) ? undefined : UNNAMED;
};

const isTooMuch = ({ extra, changed, source, target }: Omit<SeenRows, 'missing'>, rows = 0): boolean =>
  changed + extra > Math.max(source, target, rows) * MOST_CHANGED;

const withPatch = (table: TableChange, found: ComparedRows, base: PatchBase['base']): TableChange => {
  const { differing } = found;
  if (differing && 'untold' in differing) return withReason(table, differing.untold);
  const { missing = 0, extra = 0, changed = 0 } = differing ?? {};
  if (isTooMuch({ extra, changed, source: found.source, target: found.target }))
    return withReason(table, MOST_DIFFER[base]);
  const reason = reasonOf(table);
  return {
    ...table,
    refresh: {
      base,
      would: 'patch',
      ...(reason !== undefined && { reason }),
      insert: missing,
      change: changed,
      delete: extra,
    },
  };
};

const MOST_DIFFER = {
  previous: 'most rows that are kept of it differ too',
  unfinished: 'most rows of the unfinished copy differ too',
};

/** Its rows are not compared. */
const withUnfinished = (table: TableChange): TableChange => {
  const reason = reasonOf(table);
  return {
    ...table,
    refresh: { base: 'unfinished', would: 'patch', ...(reason !== undefined && { reason }) },
  };
};

const reasonOf = ({ refresh }: TableChange): string | undefined =>
  refresh && 'reason' in refresh ? refresh.reason : undefined;

const withReason = (table: TableChange, reason: string | undefined): TableChange => {
  const { refresh } = table;
  if (reason === undefined || !refresh || !('reason' in refresh) || isPatch(refresh)) return table;
  return { ...table, refresh: { ...refresh, reason: `${refresh.reason}; ${reason}` } };
};

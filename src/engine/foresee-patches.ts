import type { DatabaseChange, TableChange } from '../core/change/change-set.js';
import { MOST_CHANGED, SWAPPED_TOGETHER, mayBePatched, whyIncomparable } from '../core/change/refresh.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { ComparedRows } from '../core/change/sameness.js';
import { hasWholeKey } from '../core/server/row-key.js';
import type { TableInventory } from '../core/server/inventory.js';
import { type RowsJob, compareRows } from './compare-rows.js';
import type { SeenRows } from './find-differing-rows.js';
import type { TableStructure } from './ports/target-server.js';
import { readLiveRecords } from './provenance.js';
import { findPrevious, findStructure, isSameButKeys, isSearched } from './tasks/adopt-tables.js';
import type { BothSides } from './tasks/decide-staying.js';

export interface PatchJob extends RowsJob {
  /** What earlier runs kept of the database for a rollback. */
  readonly kept: readonly DatabaseName[];
}

/**
 * The tables of a change with what would be made of what the last swap kept, for those that would not stay: how many rows would be
 * written there, or why all are copied. A run compares again, and decides by the first ranges that it sees.
 */
export const foreseePatches = async (
  job: PatchJob,
  sides: BothSides,
  tables: readonly TableChange[],
): Promise<readonly TableChange[]> => {
  const leaving = tables.filter(({ refresh }) => refresh !== undefined && !isStaying(refresh));
  if (leaving.length === 0 || !mayStart(job, sides)) return tables;
  const journal = await findPrevious(job.change, job.servers.target, job.kept);
  if (!journal) return tables;
  if (job.plan.mask) {
    const find = await readLiveRecords(job.servers.target);
    const { target } = job.servers;
    if (!isSearched({ ...job, inventory: sides.here, target }, find(job.change.to), journal))
      return tables.map((table) => (leaving.includes(table) ? withReason(table, KEPT_UNSEARCHED) : table));
  }
  const previous = journal.retired;
  const [live, there] = await Promise.all([
    job.servers.target.readStructures(job.change.to),
    job.servers.target.readStructures(previous),
  ]);
  const reasons = new Map<TableName, string>();
  const { from } = job.change;
  const candidates = leaving.filter(({ name, content, isRestructured, masks }) => {
    const table = sides.here.tables.find((one) => one.name === name);
    // A table of another structure on the target is rare in what was kept too, and is not looked for.
    if (!table || content === 'none' || isRestructured || !mayBePatched(table, { from, masks })) return false;
    const reason = whyUnfit(table, findStructure(live, name), findStructure(there, name));
    if (reason !== undefined) reasons.set(name, reason);
    return reason === undefined;
  });
  const compared = await compareRows(
    { ...job, change: toPrevious(job.change, previous, candidates) },
    sides.here,
    { by: 'digest', keys: 0, isEnough: isTooMuch },
  );
  const rows = new Map(compared.map((one) => [one.table, one]));
  return tables.map((table) => {
    const found = rows.get(table.name);
    return found ? withPatch(table, found) : withReason(table, reasons.get(table.name));
  });
};

const KEPT_UNSEARCHED = 'nothing says that what is kept was searched with these masks';

const isStaying = (refresh: NonNullable<TableChange['refresh']>): boolean =>
  refresh.base === 'live' && refresh.would !== 'copy';

/** Whether a refresh of this database may start from what is kept of it. */
const mayStart = ({ change, servers: { source, target } }: PatchJob, { here }: BothSides): boolean =>
  whyIncomparable({ server: source.facts, database: here }, target.facts) === undefined &&
  !change.tables.some(({ refresh }) => refresh?.base === 'none' && refresh.reason === SWAPPED_TOGETHER);

/** Rows are replaced by their keys, which have to be such that both servers read them. */
const whyUnfit = (
  table: TableInventory,
  live: TableStructure | undefined,
  kept: TableStructure | undefined,
): string | undefined => {
  if (!kept) return 'nothing is kept of it';
  if (!isSameButKeys(live, kept)) return 'what is kept of it has another structure';
  return hasWholeKey(table) ? undefined : 'its rows cannot be told by a key';
};

/** What hooks and preserved rows made of the previous copy is replaced like any other difference. */
const toPrevious = (
  { hooks: _, preserve: __, ...change }: DatabaseChange,
  to: DatabaseName,
  tables: readonly TableChange[],
): DatabaseChange => ({ ...change, to, tables });

const isTooMuch = ({ extra, changed, source, target }: Omit<SeenRows, 'missing'>, rows = 0): boolean =>
  changed + extra > Math.max(source, target, rows) * MOST_CHANGED;

const withPatch = (table: TableChange, found: ComparedRows): TableChange => {
  const { differing } = found;
  if (differing && 'untold' in differing) return withReason(table, differing.untold);
  const { missing = 0, extra = 0, changed = 0 } = differing ?? {};
  if (isTooMuch({ extra, changed, source: found.source, target: found.target }))
    return withReason(table, 'most rows that are kept of it differ too');
  const reason = reasonOf(table);
  return {
    ...table,
    refresh: {
      base: 'previous',
      would: 'patch',
      ...(reason !== undefined && { reason }),
      insert: missing,
      change: changed,
      delete: extra,
    },
  };
};

const reasonOf = ({ refresh }: TableChange): string | undefined =>
  refresh && 'reason' in refresh ? refresh.reason : undefined;

const withReason = (table: TableChange, reason: string | undefined): TableChange => {
  const { refresh } = table;
  if (reason === undefined || !refresh || !('reason' in refresh) || refresh.base === 'previous') return table;
  return { ...table, refresh: { ...refresh, reason: `${refresh.reason}; ${reason}` } };
};

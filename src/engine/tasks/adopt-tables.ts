import { mayBePatched, whyIncomparable } from '../../core/change/refresh.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { TableInventory } from '../../core/server/inventory.js';
import { readCreateTable } from '../../core/sql/create-table.js';
import { isAutoIncrement, splitCounter } from '../../core/sql/table-statement.js';
import { readScratch, writeJournal } from '../journal.js';
import type { SwapJournal } from '../journal-form.js';
import type { OutsideKey, TableCounter, TableStructure, TargetServer } from '../ports.js';
import type { DatabaseRun } from '../run-context.js';
import { tablesToFill } from './copy.js';

/**
 * Puts tables that an earlier run kept for a rollback in the place of empty staged ones of the same structure, so that only what
 * differs has to be copied. From the first one on nothing can be rolled back to: the journal says so before, and
 * whoever finds it drops what is left. Their foreign keys are those of the staged tables again.
 * @returns the tables, and the numbers that their next rows are to get
 */
export const adoptTables = async (
  context: DatabaseRun,
  tables: readonly TableInventory[],
): Promise<readonly TableCounter[]> => {
  const { change, journal, lock, target } = context;
  const previous = await findPrevious(context);
  if (!previous) return [];
  const wanted = tablesToFill(change, tables).flatMap(({ table }) =>
    mayBePatched(table, change.from) ? [table] : [],
  );
  const { staging } = journal;
  const [here, there] = await Promise.all([
    target.readStructures(staging),
    target.readStructures(previous.retired),
  ]);
  const keys = await target.readKeysOf(staging, [staging]);
  const isAdopted = ({ name, foreignKeys }: TableInventory): boolean =>
    isSameButKeys(findStructure(here, name), findStructure(there, name)) &&
    keys.filter(({ table }) => table === name).length === foreignKeys.length;
  const adopted = wanted.filter(isAdopted).map(({ name }) => name);
  if (adopted.length === 0) return [];
  const counters = await readCounters(target, staging, adopted);
  // Whoever has the lock by now may be about to bring back what is kept.
  await lock.check();
  await writeJournal(target, toStagingJournal(previous));
  await replaceTables(target, previous.retired, staging, { adopted, keys });
  return counters;
};

/** What one earlier run kept of the database alone, where its rows can be told from those of the source. */
const findPrevious = async ({
  change,
  inventory,
  plan,
  source,
  target,
  earlierKept,
}: DatabaseRun): Promise<SwapJournal | undefined> => {
  const [name, ...others] = earlierKept;
  if (name === undefined || others.length > 0) return undefined;
  // Rows that stay would not be searched for personal data.
  if (plan.mask) return undefined;
  if (whyIncomparable({ server: source.facts, database: inventory }, target.facts) !== undefined)
    return undefined;
  const found = (await readScratch(target)).find(({ database }) => database === name)?.journal;
  const isUsable = found?.phase === 'kept' && found.live === change.to && (found.together ?? []).length === 0;
  return isUsable ? found : undefined;
};

/** What is left of it is dropped by the next run that finds it. */
const toStagingJournal = ({ swap: _, ...header }: SwapJournal) => ({ ...header, phase: 'staging' as const });

const findStructure = (
  structures: readonly TableStructure[],
  wanted: TableName,
): TableStructure | undefined => structures.find(({ name }) => name === wanted);

/** A swap takes keys to tables that stay from those that it retires. */
const isSameButKeys = (a: TableStructure | undefined, b: TableStructure | undefined): boolean => {
  const describe = ({ parts }: TableStructure): string =>
    JSON.stringify(parts.filter(({ kind }) => kind !== 'foreign key'));
  return a !== undefined && b !== undefined && describe(a) === describe(b);
};

/** The number that the next row of each gets, as its empty staged table has it. */
const readCounters = async (
  target: TargetServer,
  staging: DatabaseName,
  names: readonly TableName[],
): Promise<readonly TableCounter[]> =>
  (await target.readTableDefinitions(staging, names)).map(({ name, statement }) => {
    const table = readCreateTable(statement);
    const isCounting = table.elements.some(isAutoIncrement);
    return { table: name, next: isCounting ? (splitCounter(table).counter ?? '1') : null };
  });

const replaceTables = async (
  target: TargetServer,
  from: DatabaseName,
  staging: DatabaseName,
  { adopted, keys }: { readonly adopted: readonly TableName[]; readonly keys: readonly OutsideKey[] },
): Promise<void> => {
  // InnoDB lets keys follow their tables. Those of what stays there would point here.
  await target.dropKeys(from, await target.readKeysOf(from, [from]));
  await target.dropTables(staging, adopted);
  await target.renameTables(
    adopted.map((table) => ({ from: { database: from, table }, to: { database: staging, table } })),
  );
  const names = new Set(adopted);
  await target.restoreOutsideKeys(keys.filter(({ table }) => names.has(table)));
};

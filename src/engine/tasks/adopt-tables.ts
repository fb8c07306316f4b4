import { mayBePatched, whyIncomparable } from '../../core/change/refresh.js';
import { wasSearched } from '../../core/change/searched-copy.js';
import { isTooOld } from '../../core/change/scratch.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { ResolvedPlan } from '../../core/plan/resolved-plan.js';
import type { LiveRecord } from '../../core/run/provenance.js';
import type { TableInventory } from '../../core/server/inventory.js';
import { readCreateTable } from '../../core/sql/create-table.js';
import { isAutoIncrement, splitCounter } from '../../core/sql/table-statement.js';
import { readScratch, writeJournal } from '../journal.js';
import type { Journal, SwapJournal } from '../journal-form.js';
import type { TableCounter } from '../ports/rows.js';
import type { OutsideKey, TableStructure, TargetServer } from '../ports/target-server.js';
import type { AdoptedTable, DatabaseRun, StagedDatabase } from '../run-context.js';
import { dropUnfinished, readUnfinished } from '../unfinished.js';
import { tablesToFill } from './copy.js';

/** What empty staged tables may be replaced from. */
interface Base {
  readonly kind: AdoptedTable['base'];
  readonly database: DatabaseName;
  /** Before the first table leaves it. */
  readonly begin: () => Promise<void>;
}

/** What of the staged tables need not be copied whole. */
type Adopted = Pick<StagedDatabase, 'adopted' | 'loading'>;

/**
 * Puts tables of earlier runs in the place of empty staged ones of the same structure, so that only what differs has to be
 * copied: of copies that were not finished, and of what a run kept for a rollback. Their foreign keys are those of the staged
 * tables again. Where large tables may stand in unfinished copies as they are loaded, the engine looks at what is left; otherwise
 * that is dropped.
 * @returns the tables, and the numbers that their next rows are to get
 */
export const adoptTables = async (
  context: DatabaseRun,
  tables: readonly TableInventory[],
): Promise<Adopted> => {
  const { change } = context;
  const unfinished = await readUnfinished(context);
  const wanted = tablesToFill(change, tables).flatMap(({ table, masks }) =>
    mayBePatched(table, { from: change.from, masks }) ? [table] : [],
  );
  const adopted: AdoptedTable[] = [];
  const listLeft = (): readonly TableInventory[] =>
    wanted.filter(({ name }) => !adopted.some(({ table }) => table === name));
  const bases = await listBases(context, unfinished);
  for (const base of bases) adopted.push(...(await adoptFrom(context, base, listLeft())));
  const begun = bases.filter(({ kind }) => kind === 'unfinished').map(({ database }) => database);
  const loading = await leaveLoading(context, begun, listLeft());
  if (!loading) await dropUnfinished(context, unfinished);
  return {
    adopted,
    ...(loading && { loading: { ...loading, drop: () => dropUnfinished(context, unfinished) } }),
  };
};

/** Undefined where there is none of these tables that the engine could go on from. */
const leaveLoading = async (
  { journal: { staging }, lock, target }: DatabaseRun,
  begun: readonly DatabaseName[],
  tables: readonly TableInventory[],
): Promise<Omit<NonNullable<Adopted['loading']>, 'drop'> | undefined> => {
  if (tables.length === 0) return undefined;
  const databases: DatabaseName[] = [];
  for (const database of begun) if (!(await isAtRehearsal(target, database))) databases.push(database);
  if (databases.length === 0) return undefined;
  const names = tables.map(({ name }) => name);
  const counters = await readCounters(target, staging, names);
  await lock.check();
  // InnoDB would let them follow their tables.
  for (const database of databases)
    await target.dropKeys(database, await target.readKeysOf(database, [database]));
  return { databases, counters };
};

/** A run that was killed there has copied nothing, and tables with triggers cannot leave their database. */
export const isAtRehearsal = async (target: TargetServer, database: DatabaseName): Promise<boolean> =>
  (await target.readProgramDefinitions(database)).length > 0;

const listBases = async (context: DatabaseRun, unfinished: readonly Journal[]): Promise<readonly Base[]> => {
  const { change, inventory, journal, ports, source, target } = context;
  if (journal.together !== undefined) return [];
  if (unfinished.length + context.earlierKept.length === 0) return [];
  if (whyIncomparable({ server: source.facts, database: inventory }, target.facts) !== undefined) return [];
  const fresh = unfinished.filter(({ startedAt }) => !isTooOld(startedAt, ports.clock.now()));
  const previous = await findPrevious(change, target, context.earlierKept);
  return [
    ...fresh.map(({ staging }) => ({
      kind: 'unfinished' as const,
      database: staging,
      begin: () => Promise.resolve(),
    })),
    ...(previous && isSearched(context, context.provenance.find(change.to), previous)
      ? [toBase(target, previous)]
      : []),
  ];
};

interface MaskedPlan {
  readonly plan: Pick<ResolvedPlan, 'mask'>;
}

/** Whether a run has searched the rows of what is kept for personal data, as this one would; true where nothing is masked. */
export const isSearched = (
  {
    plan: { mask },
    change,
    inventory,
    target,
  }: Pick<DatabaseRun, 'change' | 'inventory' | 'target'> & MaskedPlan,
  live: LiveRecord | undefined,
  { run }: SwapJournal,
): boolean => {
  if (!mask) return true;
  // What it says of what was replaced is of that run.
  const origin = live?.run === run ? live.previous : undefined;
  return wasSearched(origin, { change, tables: inventory.tables, mask, identity: target.facts.identity });
};

/** From its first table on nothing can be rolled back to: the journal says so before, and whoever finds it drops what is left. */
const toBase = (target: TargetServer, previous: SwapJournal): Base => ({
  kind: 'previous',
  database: previous.retired,
  begin: () => writeJournal(target, toStagingJournal(previous)),
});

const adoptFrom = async (
  context: DatabaseRun,
  { kind, database, begin }: Base,
  wanted: readonly TableInventory[],
): Promise<readonly AdoptedTable[]> => {
  const { lock, target } = context;
  const { staging } = context.journal;
  const [here, there] = await Promise.all([target.readStructures(staging), target.readStructures(database)]);
  const keys = await target.readKeysOf(staging, [staging]);
  const isAdopted = ({ name, foreignKeys }: TableInventory): boolean =>
    isSameButKeys(findStructure(here, name), findStructure(there, name)) &&
    keys.filter(({ table }) => table === name).length === foreignKeys.length;
  const fitting = wanted.filter(isAdopted);
  const filled = kind === 'unfinished' ? await chooseFilled(target, database, fitting) : fitting;
  const adopted = filled.map(({ name }) => name);
  if (adopted.length === 0) return [];
  const counters = await readCounters(target, staging, adopted);
  // Whoever has the lock by now may be about to bring back what is kept.
  await lock.check();
  await begin();
  await replaceTables(target, database, staging, { adopted, keys });
  return counters.map((counter) => ({ ...counter, base: kind }));
};

const chooseFilled = async (
  target: TargetServer,
  database: DatabaseName,
  tables: readonly TableInventory[],
): Promise<readonly TableInventory[]> => {
  if (tables.length === 0 || (await isAtRehearsal(target, database))) return [];
  const filled = await target.findFilled(database, tables);
  return tables.filter(({ name }) => filled.has(name));
};

/** What one earlier run kept of the database alone. */
export const findPrevious = async (
  { to }: DatabaseRun['change'],
  target: TargetServer,
  [name, ...others]: readonly DatabaseName[],
): Promise<SwapJournal | undefined> => {
  if (name === undefined || others.length > 0) return undefined;
  const found = (await readScratch(target)).find(({ database }) => database === name)?.journal;
  const isUsable = found?.phase === 'kept' && found.live === to && (found.together ?? []).length === 0;
  return isUsable ? found : undefined;
};

/** What is left of it is dropped by the next run that finds it. */
const toStagingJournal = ({ swap: _, ...header }: SwapJournal) => ({ ...header, phase: 'staging' as const });

export const findStructure = (
  structures: readonly TableStructure[],
  wanted: TableName,
): TableStructure | undefined => structures.find(({ name }) => name === wanted);

/** A swap takes keys to tables that stay from those that it retires. */
export const isSameButKeys = (a: TableStructure | undefined, b: TableStructure | undefined): boolean => {
  const describe = ({ parts }: TableStructure): string =>
    JSON.stringify(parts.filter(({ kind }) => kind !== 'foreign key'));
  return a !== undefined && b !== undefined && describe(a) === describe(b);
};

/**
 * The number that the next row of each gets, as its empty staged table has it. The inventory's `nextNumber` may be another: the source
 * told it before it printed the definition that the staged table was made of, and may have given numbers between.
 */
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

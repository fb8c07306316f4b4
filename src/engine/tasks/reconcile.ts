import type { DatabaseChange, TableChange } from '../../core/change/change-set.js';
import type { Difference } from '../../core/change/comparison.js';
import type { TableName } from '../../core/names.js';
import type { DatabaseInventory, TableInventory } from '../../core/server/inventory.js';
import { readMoment } from '../describe-origin.js';
import { ROWS_DIFFER } from '../foresee-refresh.js';
import { describeMark, readLiveAt } from '../record-copy.js';
import type { RowEngine } from '../ports/row-engine.js';
import type { UpdateTimes } from '../ports/records.js';
import type { DatabaseRun, KeptTable, SourceMoment } from '../run-context.js';
import { compareDefaults, findProgramDifferences } from '../verify-databases.js';
import { ComparisonProgress, reportMeanwhile } from './comparison-progress.js';
import { type RowsFound, compareLive, countSourceLanes } from './compare-live.js';
import { tablesToFill } from './copy.js';
import { rememberSource } from './remember-source.js';
import { type Verdicts, decideStaying, listStayingOf } from './decide-staying.js';

export interface Reconciled {
  /** Of what is left to do, which reads the source as it was when rows were compared. */
  readonly context: DatabaseRun;
  /** `nothing`: what is live is what the copy would be. */
  readonly left: 'all' | 'some' | 'nothing';
  /** Lets go of the snapshot. */
  close(): Promise<void>;
}

/**
 * Compares the tables that may stay with one snapshot of the source and takes those that are equal out of the change: they are
 * neither copied nor swapped. Writes nothing.
 */
export const reconcile = async (context: DatabaseRun, live: DatabaseInventory): Promise<Reconciled> => {
  const { change, plan, ports, tablesNow } = context;
  if (listCandidates(change).length === 0) {
    tell(context, new Map());
    return { context, left: 'all', close: () => Promise.resolve() };
  }
  const before = await readBefore([context]);
  const opened = await openReading([context]);
  const close = async (): Promise<void> => opened?.close();
  try {
    const rowEngine = opened ?? ports.rowEngine;
    const reading = plan.options.refresh === 'strict' ? rememberSource(rowEngine) : rowEngine;
    const within = { ...context, ports: { ...ports, rowEngine: reading } };
    const found = await compareRows(within);
    const [others, here, there] = await Promise.all([
      compareOthers(within, found),
      tablesNow.source(change.from),
      tablesNow.target(change.to),
    ]);
    return { ...decide(within, live, { ...before, found, ...others, here, there }), close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Live tables that stay if their rows are those of the source. */
export const listCandidates = ({ tables }: DatabaseChange): readonly TableChange[] =>
  tables.filter(({ refresh }) => refresh?.base === 'live');

/** What is read of databases before the moment at which they are compared. */
export interface Before {
  /** The target's time. */
  readonly since: string | undefined;
  readonly updateTimes: ReadonlyMap<string, UpdateTimes>;
  readonly moment: SourceMoment;
}

/** Of databases on the same connections. */
export const readBefore = async (contexts: readonly DatabaseRun[]): Promise<Before> => {
  const [{ source, target, ports, moment: shared }] = contexts as readonly [DatabaseRun];
  const [since, updateTimes, moment] = await Promise.all([
    readLiveAt(target),
    target.readUpdateTimes(contexts.map(({ change }) => change.to)),
    shared ?? readMoment(source, ports.clock),
  ]);
  return { since, updateTimes, moment };
};

/** An engine that reads these databases as they are now. Undefined where theirs reads at one moment already. */
export const openReading = async (contexts: readonly DatabaseRun[]): Promise<RowEngine | undefined> => {
  const [{ plan, source, ports }] = contexts as readonly [DatabaseRun];
  if (ports.rowEngine.digestSource) return undefined;
  const databases = contexts.map(({ change, inventory }) => ({
    from: change.from,
    tables: tablesToFill(change, inventory.tables),
  }));
  return ports.rowEngine.inOneMoment?.({
    source: plan.source,
    sourceFacts: source.facts,
    databases,
    lanes:
      databases.length > 1
        ? 1
        : countSourceLanes(
            databases.flatMap(({ tables }) => tables),
            plan.options.parallel,
          ),
    consistency: 'database',
    ...(plan.mask && { maskKey: plan.mask.key }),
  });
};

/** What the comparison of a database has found. */
export interface Compared {
  readonly found: ReadonlyMap<TableName, RowsFound>;
  /** Tables with masks that replace nothing in some rows. */
  readonly unmasked: ReadonlySet<TableName>;
  /** Of programs. */
  readonly differences: readonly Difference[];
}

/** The rows of live tables, with what the row engine reads at its one moment. */
const compareRows = (context: DatabaseRun): Promise<Compared['found']> => {
  const { change, inventory, ports } = context;
  const candidates = listCandidates(change);
  const progress = new ComparisonProgress(
    candidates.flatMap(({ name }) => findTable(inventory.tables, name) ?? []),
  );
  return reportMeanwhile(
    progress,
    ports.clock,
    (reached) => ports.events({ type: 'progress', database: change.to, progress: reached }),
    () => compareLive(context, ports.rowEngine, candidates, progress),
  );
};

/** What else tables that have the rows of the source may not stay for. */
export const compareOthers = async (
  context: DatabaseRun,
  found: Compared['found'],
): Promise<Omit<Compared, 'found'>> => {
  const { change, inventory, plan, source, target, ports } = context;
  const [unmasked, differences] = await Promise.all([
    findUnmasked(context, ports.rowEngine, found),
    findProgramDifferences({ plan, change, servers: { source, target } }, inventory),
  ]);
  return { unmasked, differences };
};

/** Tables on either side after that. */
interface TablesAfter {
  readonly here: readonly TableInventory[];
  readonly there: readonly TableInventory[];
}

/** Which tables stay, by what was found. */
export const decide = (
  context: DatabaseRun,
  live: DatabaseInventory,
  { since, updateTimes, moment, found, unmasked, differences, here, there }: Before & Compared & TablesAfter,
): Pick<Reconciled, 'context' | 'left'> => {
  const { change, inventory, plan } = context;
  const before = updateTimes.get(change.to);
  const judge = (name: TableName, rows: RowsFound): string | null => {
    if (rows !== 'equal') return rows === 'unread' ? 'the target could not read its rows' : ROWS_DIFFER;
    const [was, ...now] = [inventory.tables, here, there].map((tables) => findTable(tables, name));
    if (unmasked.has(name)) return 'its mask changes nothing in some rows';
    if (now.at(-1)?.updatedAt !== before?.get(name)) return 'it was written to while it was compared';
    const isStill = now.every((table) => table !== undefined && table.fingerprint === was?.fingerprint);
    return isStill ? null : 'its structure changed meanwhile';
  };
  const verdicts = decideStaying(
    change,
    { here: { ...inventory, tables: here }, there: { ...live, tables: there } },
    differences,
    new Map([...found].map(([name, rows]) => [name, judge(name, rows)])),
    plan.options.refresh,
  );
  const staying = new Set(listStayingOf(verdicts));
  tell(context, verdicts);
  const narrowed = leaveOut(change, staying, [inventory, live]);
  const kept = change.tables.flatMap((table) => {
    const seen = staying.has(table.name) && findTable(there, table.name);
    return seen ? [describeKept(context, table, seen, since)] : [];
  });
  const isNothing =
    narrowed.tables.every(({ action }) => action === 'keep') &&
    differences.length + compareDefaults(change, live).length === 0;
  const unread = [...found].flatMap(([name, rows]) => (rows === 'unread' ? [name] : []));
  return {
    context: { ...context, change: narrowed, moment, kept, unread },
    left: isNothing ? 'nothing' : 'some',
  };
};

const tell = ({ change, ports }: DatabaseRun, verdicts: Verdicts): void => {
  const copied = change.tables.flatMap(({ name: table, refresh }) => {
    const reason = refresh?.base === 'none' ? refresh.reason : verdicts.get(table);
    return typeof reason === 'string' ? [{ table, reason }] : [];
  });
  ports.events({ type: 'refresh', database: change.to, kept: listStayingOf(verdicts), copied });
};

/** What masks replace nothing fails the copy of the table, which looks again. */
const findUnmasked = async (
  { change, inventory, plan, signals }: DatabaseRun,
  reading: RowEngine,
  found: ReadonlyMap<TableName, RowsFound>,
): Promise<ReadonlySet<TableName>> => {
  const unmasked = new Set<TableName>();
  if (!plan.mask || plan.mask.scan === 'off') return unmasked;
  for (const rows of tablesToFill(change, inventory.tables)) {
    const { name } = rows.table;
    if (rows.masks === undefined || found.get(name) !== 'equal') continue;
    const leaks = await reading.findUnmasked?.(change.from, rows, signals.abort);
    if (leaks === undefined || leaks.length > 0) unmasked.add(name);
  }
  return unmasked;
};

const findTable = (tables: readonly TableInventory[], wanted: TableName): TableInventory | undefined =>
  tables.find(({ name }) => name === wanted);

/** The change of a database without its tables that stay: to all that follows they are as if the plan left them out. */
const leaveOut = (
  change: DatabaseChange,
  staying: ReadonlySet<TableName>,
  sides: readonly Pick<DatabaseInventory, 'programs'>[],
): DatabaseChange => {
  const triggers = new Set(
    sides.flatMap(({ programs }) =>
      programs.flatMap(({ kind, name, table }) =>
        kind === 'trigger' && table !== undefined && staying.has(table) ? [name] : [],
      ),
    ),
  );
  return {
    ...change,
    tables: change.tables.map((table) => (staying.has(table.name) ? { ...table, action: 'keep' } : table)),
    programs: change.programs.map((program) =>
      program.kind === 'trigger' && triggers.has(program.name) ? { ...program, action: 'keep' } : program,
    ),
  };
};

/** A table that was written in the second in which its rows were read may be written in it again, and nobody could tell. */
const describeKept = (
  { inventory, source, target }: DatabaseRun,
  { name, content }: TableChange,
  seen: TableInventory,
  since: string | undefined,
): KeptTable => {
  const mark = describeMark([seen], name, target.facts);
  const isSure = mark !== null && since !== undefined && mark < since;
  return {
    record: {
      name,
      content,
      source: describeMark(inventory.tables, name, source.facts),
      target: isSure ? mark : null,
    },
    writtenAt: seen.updatedAt,
    seen,
  };
};

/** The tables that stay and were written since their rows were compared, as far as the target tells. */
export const findWritten = async ({
  change,
  target,
  kept,
  plan,
}: Pick<DatabaseRun, 'change' | 'target' | 'kept' | 'plan'>): Promise<readonly TableName[]> => {
  // What is strict has been compared again, and what somebody writes after the swap is no matter of ours.
  if (kept.length === 0 || plan.options.refresh === 'strict') return [];
  const now = (await target.readUpdateTimes([change.to])).get(change.to);
  return kept.flatMap(({ record: { name }, writtenAt }) =>
    now?.get(name) === undefined || now.get(name) === writtenAt ? [] : [name],
  );
};

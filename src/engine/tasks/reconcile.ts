import type { DatabaseChange, TableChange } from '../../core/change/change-set.js';
import type { TableName } from '../../core/names.js';
import type { DatabaseInventory, TableInventory } from '../../core/server/inventory.js';
import { readMoment } from '../describe-origin.js';
import { ROWS_DIFFER } from '../foresee-refresh.js';
import { describeMark, readLiveAt } from '../record-copy.js';
import type { RowEngine } from '../ports/row-engine.js';
import type { DatabaseRun, KeptTable } from '../run-context.js';
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
  const { change, inventory, plan, source, target, ports, tablesNow } = context;
  const candidates = change.tables.filter(({ refresh }) => refresh?.base === 'live');
  if (candidates.length === 0) {
    tell(context, new Map());
    return { context, left: 'all', close: () => Promise.resolve() };
  }
  const [since, before, moment] = await Promise.all([
    readLiveAt(target),
    target.readUpdateTimes(change.to),
    context.moment ?? readMoment(source, ports.clock),
  ]);
  const { rowEngine } = ports;
  const tables = tablesToFill(change, inventory.tables);
  const opened = rowEngine.digestSource
    ? undefined
    : await rowEngine.inOneMoment?.({
        source: plan.source,
        sourceFacts: source.facts,
        databases: [{ from: change.from, tables }],
        lanes: countSourceLanes(tables, plan.options.parallel),
        consistency: 'database',
        ...(plan.mask && { maskKey: plan.mask.key }),
      });
  const isStrict = plan.options.refresh === 'strict';
  const reading = isStrict ? rememberSource(opened ?? rowEngine) : (opened ?? rowEngine);
  const close = async (): Promise<void> => opened?.close();
  try {
    const progress = new ComparisonProgress(
      candidates.flatMap(({ name }) => findTable(inventory.tables, name) ?? []),
    );
    const found = await reportMeanwhile(
      progress,
      ports.clock,
      (reached) => ports.events({ type: 'progress', database: change.to, progress: reached }),
      () => compareLive(context, reading, candidates, progress),
    );
    const unmasked = await findUnmasked(context, reading, found);
    const [differences, here, there] = await Promise.all([
      findProgramDifferences({ plan, change, servers: { source, target } }, inventory),
      tablesNow.source(change.from),
      tablesNow.target(change.to),
    ]);
    const judge = (name: TableName, rows: RowsFound): string | null => {
      if (rows !== 'equal') return rows === 'unread' ? 'the target could not read its rows' : ROWS_DIFFER;
      const [was, ...now] = [inventory.tables, here, there].map((tables) => findTable(tables, name));
      if (unmasked.has(name)) return 'its mask changes nothing in some rows';
      if (now.at(-1)?.updatedAt !== before.get(name)) return 'it was written to while it was compared';
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
    return {
      context: {
        ...context,
        change: narrowed,
        moment,
        kept,
        unread: [...found].flatMap(([name, rows]) => (rows === 'unread' ? [name] : [])),
        ports: { ...ports, rowEngine: reading },
      },
      left: isNothing ? 'nothing' : 'some',
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
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
  const now = await target.readUpdateTimes(change.to);
  return kept.flatMap(({ record: { name }, writtenAt }) =>
    now.get(name) === undefined || now.get(name) === writtenAt ? [] : [name],
  );
};

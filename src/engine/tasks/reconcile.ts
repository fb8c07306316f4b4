import type { DatabaseChange, TableChange } from '../../core/change/change-set.js';
import type { Difference } from '../../core/change/comparison.js';
import { listStaying } from '../../core/change/refresh.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { DatabaseInventory, TableInventory } from '../../core/server/inventory.js';
import { readCreateTable } from '../../core/sql/create-table.js';
import { splitCounter } from '../../core/sql/table-statement.js';
import { readMoment } from '../describe-origin.js';
import type { Server } from '../ports.js';
import { describeMark, readLiveAt } from '../record-copy.js';
import type { DatabaseRun, KeptTable } from '../run-context.js';
import { compareDefaults, findProgramDifferences } from '../verify-databases.js';
import { compareLive } from './compare-live.js';
import { tablesToFill } from './copy.js';

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
  const { change, inventory, plan, source, target, ports } = context;
  const candidates = change.tables.filter(({ refresh }) => refresh?.base === 'live');
  if (candidates.length === 0) return { context, left: 'all', close: () => Promise.resolve() };
  const since = await readLiveAt(target);
  const moment = context.moment ?? (await readMoment(source, ports.clock));
  const { rowEngine } = ports;
  const opened = rowEngine.digestSource
    ? undefined
    : await rowEngine.inOneMoment?.({
        source: plan.source,
        sourceFacts: source.facts,
        databases: [{ from: change.from, tables: tablesToFill(change, inventory.tables) }],
        lanes: plan.options.parallel,
        consistency: 'database',
      });
  const reading = opened ?? rowEngine;
  const close = async (): Promise<void> => opened?.close();
  try {
    const before = await target.inspectTables(change.to);
    const { equal, unread } = await compareLive(context, reading, candidates);
    const servers = { source, target };
    const [differences, here, there, counters] = await Promise.all([
      findProgramDifferences({ plan, change, servers }, inventory),
      source.inspectTables(change.from),
      target.inspectTables(change.to),
      findOtherCounters(context, equal),
    ]);
    const isStill = (name: TableName): boolean =>
      isUnmoved(name, inventory.tables, here, 'structure') &&
      isUnmoved(name, inventory.tables, there, 'structure') &&
      isUnmoved(name, before, there, 'structure and rows');
    const triggered = listTriggered(differences, [inventory, live]);
    const candidatesLeft = equal.filter(
      (name) => isStill(name) && !counters.has(name) && !triggered.has(name),
    );
    const staying = listStaying(new Set(candidatesLeft), [inventory, { ...live, tables: there }]);
    const narrowed = leaveOut(change, staying, [inventory, live]);
    const kept = change.tables
      .filter(({ name }) => staying.has(name))
      .map((table) => describeKept(context, table, there, since));
    const isNothing =
      narrowed.tables.every(({ action }) => action === 'keep') &&
      differences.length + compareDefaults(change, live).length === 0;
    return {
      context: {
        ...context,
        change: narrowed,
        moment,
        kept,
        unread,
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

/** A copy takes over the number that the next row gets. */
const findOtherCounters = async (
  { change, source, target }: DatabaseRun,
  names: readonly TableName[],
): Promise<ReadonlySet<TableName>> => {
  const read = async (server: Server, database: DatabaseName) =>
    new Map(
      (await server.readTableDefinitions(database, names)).map(({ name, statement }) => [
        name,
        splitCounter(readCreateTable(statement)).counter,
      ]),
    );
  const [here, there] = await Promise.all([read(source, change.from), read(target, change.to)]);
  return new Set(names.filter((name) => here.get(name) !== there.get(name)));
};

const isUnmoved = (
  wanted: TableName,
  before: readonly TableInventory[],
  after: readonly TableInventory[],
  what: 'structure' | 'structure and rows',
): boolean => {
  const [a, b] = [before, after].map((tables) => tables.find(({ name }) => name === wanted));
  return (
    a !== undefined &&
    a.fingerprint === b?.fingerprint &&
    (what === 'structure' || a.updatedAt === b.updatedAt)
  );
};

/** Tables whose triggers on the target are not what the copy's would be. */
const listTriggered = (
  differences: readonly Difference[],
  sides: readonly Pick<DatabaseInventory, 'programs'>[],
): ReadonlySet<TableName> => {
  const names = new Set(differences.filter(({ kind }) => kind === 'trigger').map(({ name }) => name));
  return new Set(
    sides.flatMap(({ programs }) =>
      programs.flatMap(({ kind, name, table }) =>
        kind === 'trigger' && table !== undefined && names.has(name) ? [table] : [],
      ),
    ),
  );
};

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
  there: readonly TableInventory[],
  since: string | undefined,
): KeptTable => {
  const mark = describeMark(there, name, target.facts);
  const isSure = mark !== null && since !== undefined && mark < since;
  return {
    record: {
      name,
      content,
      source: describeMark(inventory.tables, name, source.facts),
      target: isSure ? mark : null,
    },
    writtenAt: there.find((table) => table.name === name)?.updatedAt,
  };
};

/** The tables that stay and were written since their rows were compared, as far as the target tells. */
export const findWritten = async ({
  change,
  target,
  kept,
}: Pick<DatabaseRun, 'change' | 'target' | 'kept'>): Promise<readonly TableName[]> => {
  if (kept.length === 0) return [];
  const now = new Map(
    (await target.inspectTables(change.to)).map(({ name, updatedAt }) => [name, updatedAt]),
  );
  return kept.flatMap(({ record: { name }, writtenAt }) =>
    now.get(name) === undefined || now.get(name) === writtenAt ? [] : [name],
  );
};

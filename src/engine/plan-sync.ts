import type { OpenServers } from './open-servers.js';
import type { ChangeSet } from '../core/change/change-set.js';
import { type SelectedDatabase, diffInventories, findLive, isSkipped } from '../core/change/diff.js';
import { listCalledFunctions } from '../core/server/called-functions.js';
import {
  type DatabaseInventory,
  type Inventory,
  type TableElsewhere,
  listElsewhere,
} from '../core/server/inventory.js';
import { type DatabaseName, type TableName, toTableName } from '../core/names.js';
import { isAnyMatch } from '../core/plan/pattern.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { Origin } from '../core/run/provenance.js';
import { refuseUnknownExcludes, selectDatabases } from '../core/change/selection.js';
import { checkFilters, checkPreserved } from './check-conditions.js';
import { convertBetween } from './between-vendors.js';
import { describeLeft } from './describe-left.js';
import { planMasks } from './plan-masks.js';
import type { Servers } from './ports/ports.js';
import type { TargetServer } from './ports/target-server.js';
import { readOrigins } from './provenance.js';
import { readOwnNames } from './read-own-names.js';
import { staysOf } from './unfinished.js';

/** The databases of the plan that a call works on, by globs over their source names; empty lists choose all. */
export interface Narrowing {
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  /** Of these the ones with such names on the target; all when absent. */
  readonly to?: ReadonlySet<DatabaseName>;
}

/** Whether a call may leave out databases of its plan. */
export const isNarrowed = ({ only, exclude, to }: Narrowing): boolean =>
  only.length + exclude.length > 0 || to !== undefined;

/** A change set with the inventories it came from. */
export interface PlannedSync {
  readonly changeSet: ChangeSet;
  readonly source: Inventory;
  readonly target: Inventory;
  /** Lines for the person, such as a glob that matches nothing. */
  readonly warnings: readonly string[];
}

/** Of both servers of a plan, for as long as databases are copied one after the other. */
export const keepConnections = async (
  { source, target }: ResolvedPlan,
  servers: Servers,
): Promise<() => Promise<void>> => {
  const closers = await Promise.all([source, target].map((endpoint) => servers.keepConnections(endpoint)));
  return async () => {
    await Promise.all(closers.map((close) => close()));
  };
};

/** Connects to both servers side by side; when one fails, the other is closed again. `known` were open before. */
export const openServers = async (
  plan: ResolvedPlan,
  servers: Pick<Servers, 'openSource' | 'openTarget'>,
  known?: OpenServers,
): Promise<OpenServers> => {
  const [source, target] = await Promise.allSettled([
    servers.openSource(plan.source, known?.source.facts),
    servers.openTarget(plan.target, known?.target.facts),
  ]);
  if (source.status === 'fulfilled' && target.status === 'fulfilled')
    return convertBetween({ source: source.value, target: target.value }, known?.conversions);
  for (const opened of [source, target]) if (opened.status === 'fulfilled') await opened.value.close();
  throw [source, target].find((opened) => opened.status === 'rejected')?.reason as Error;
};

export const closeServers = async ({ source, target }: OpenServers): Promise<void> => {
  await Promise.all([source.close(), target.close()]);
};

/** Reads both servers side by side and computes what an apply would do. Writes nothing anywhere. */
export const planSync = async (
  plan: ResolvedPlan,
  { source, target }: OpenServers,
  narrowing: Narrowing,
  now: Date,
): Promise<PlannedSync> => {
  const available = await source.listDatabases();
  const { selected, warnings } = selectDatabases(plan.selections, available);
  const chosen = narrowSelection(selected, narrowing);
  refuseUnknownExcludes('--exclude', narrowing.exclude, available);
  const live = chosen.map(({ to }) => to);
  const extent = { databases: live, isNarrowed: isNarrowed(narrowing), now };
  const [found, targetDatabases, left] = await Promise.all([
    source.inspectDatabases(chosen.map(({ from }) => from)),
    target.inspectDatabases(live),
    describeLeft(target, { mayStay: staysOf(plan, { source, target }, extent) }),
  ]);
  const sourceDatabases = await readOwnNames(source, chosen, found);
  // Where no program is copied, no account is asked about: a denied look can stand in the log of the target.
  const hasPrograms = sourceDatabases.some(({ programs }) => programs.length > 0);
  const accounts = hasPrograms ? await target.listAccounts() : undefined;
  const definers = listOtherDefiners(plan, sourceDatabases, target.facts.account);
  const coming = chosen.filter(
    ({ to, rules }) => !isSkipped(rules, findLive({ server: target.facts, databases: targetDatabases }, to)),
  );
  const isKnown = (definer: string): boolean => accounts?.has(definer) ?? true;
  const [rights, clocks, unableToExecute, tablesElsewhere, refusedFilters, refusedPreserves, masks, origins] =
    await Promise.all([
      target.readRights(definers.filter(isKnown)),
      target.readClocks(listTimeZones(sourceDatabases)),
      readUnable(target, plan, chosen, sourceDatabases, isKnown),
      readElsewhere(target, chosen, sourceDatabases, targetDatabases),
      checkFilters(source, chosen, sourceDatabases),
      checkPreserved(target, chosen, targetDatabases),
      planMasks(plan, source, coming, sourceDatabases, chosen.length < selected.length ? 'some' : 'all'),
      plan.mask ? readOrigins(target, targetDatabases, left) : undefined,
    ]);
  const inventories = {
    source: {
      server: source.facts,
      databases: sourceDatabases,
      refusedFilters,
    },
    target: {
      server: target.facts,
      databases: targetDatabases,
      clocks,
      unableToExecute,
      tablesElsewhere,
      refusedFilters: refusedPreserves,
      ...(accounts && { accounts }),
      ...(rights && { rights }),
      ...(origins && { unmasked: listUnmasked(targetDatabases, origins) }),
    },
  };
  const changeSet = diffInventories(plan, chosen, inventories.source, inventories.target, {
    ...left,
    ...(masks && { masks }),
    ...(origins && { origins }),
  });
  const idle = narrowing.exclude.filter((glob) => !selected.some(({ from }) => isAnyMatch([glob], from)));
  return {
    changeSet,
    ...inventories,
    warnings: [...warnings, ...idle.map((glob) => `--exclude "${glob}" matches no database of the plan`)],
  };
};

/** The live databases that are no masked copies, or of which nobody wrote down that they are. */
const listUnmasked = (
  live: readonly DatabaseInventory[],
  origins: ReadonlyMap<DatabaseName, Origin>,
): ReadonlySet<DatabaseName> => new Set(live.flatMap(({ name }) => (origins.get(name)?.masks ? [] : [name])));

/** Of the tables of other databases that views and defaults name: what the target has, and what it gets by this plan. */
const readElsewhere = async (
  target: TargetServer,
  chosen: readonly SelectedDatabase[],
  sources: readonly DatabaseInventory[],
  live: readonly DatabaseInventory[],
): Promise<ReadonlyMap<DatabaseName, ReadonlySet<TableName>>> => {
  const named = [...sources, ...live].flatMap(listElsewhere);
  const keyOf = ({ database, name }: TableElsewhere): string => {
    const key = JSON.stringify([database, name]);
    return target.facts.lowerCaseTableNames === 0 ? key : key.toLowerCase();
  };
  const coming = new Set(
    chosen.flatMap(({ from, to }) =>
      listNames(sources.find(({ name }) => name === from)).map((name) => keyOf({ database: to, name })),
    ),
  );
  const open = new Map(named.filter((one) => !coming.has(keyOf(one))).map((one) => [keyOf(one), one]));
  const known = new Set([...coming, ...(await target.findTables([...open.values()])).map(keyOf)]);
  const found = new Map<DatabaseName, Set<TableName>>();
  for (const one of named.filter((name) => known.has(keyOf(name)))) {
    const names = found.get(one.database) ?? new Set();
    found.set(one.database, names.add(one.name));
  }
  return found;
};

/** Of what can be read by a name: tables, sequences and views. */
const listNames = (database: DatabaseInventory | undefined): readonly TableName[] => [
  ...(database?.tables ?? []).map(({ name }) => name),
  ...(database?.programs ?? []).flatMap(({ kind, name }) => (kind === 'view' ? [toTableName(name)] : [])),
];

/** Whose rights its programs get on the target, beside those of the account that makes them. */
const listOtherDefiners = (
  { options }: ResolvedPlan,
  databases: readonly DatabaseInventory[],
  account: string,
): readonly string[] => {
  if (options.definers === 'current_user') return [];
  const definers = databases.flatMap(({ programs }) => programs.map(({ definer }) => definer));
  return [...new Set(definers)].filter((definer) => definer !== account);
};

/** Definers of functions that views call, which could not be made then. */
const readUnable = async (
  target: TargetServer,
  plan: ResolvedPlan,
  chosen: readonly SelectedDatabase[],
  sources: readonly DatabaseInventory[],
  isKnown: (definer: string) => boolean,
): Promise<ReadonlyMap<DatabaseName, ReadonlySet<string>>> => {
  const unable = await Promise.all(
    chosen.map(async ({ from, to }) => {
      const called = sources.filter(({ name }) => name === from).map(onlyCalled);
      const definers = listOtherDefiners(plan, called, target.facts.account).filter(isKnown);
      return [to, new Set(await target.findUnableToExecute(to, definers))] as const;
    }),
  );
  return new Map(unable);
};

const onlyCalled = (database: DatabaseInventory): DatabaseInventory => ({
  ...database,
  programs: listCalledFunctions(database.programs),
});

const listTimeZones = (databases: readonly DatabaseInventory[]): readonly string[] => [
  ...new Set(databases.flatMap(({ programs }) => programs.flatMap(({ event }) => event?.timeZone ?? []))),
];

/** Where a call leaves out databases of an entry, those that stay are not all that the entry is about. */
const narrowSelection = (
  selected: readonly SelectedDatabase[],
  narrowing: Narrowing,
): readonly SelectedDatabase[] => {
  const left = new Set(
    selected.filter((database) => !isChosen(database, narrowing)).map(({ rules }) => rules),
  );
  return selected
    .filter((database) => isChosen(database, narrowing))
    .map((database) => ({ ...database, ofEntry: left.has(database.rules) ? 'some' : 'all' }));
};

const isChosen = ({ from, to }: SelectedDatabase, narrowing: Narrowing): boolean => {
  const { only, exclude } = narrowing;
  return (
    (only.length === 0 || isAnyMatch(only, from)) &&
    !isAnyMatch(exclude, from) &&
    (narrowing.to?.has(to) ?? true)
  );
};

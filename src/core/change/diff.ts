import {
  type ChangeSet,
  type DatabaseChange,
  type DatabaseSize,
  type Hazard,
  type ServerSummary,
  type TableChange,
  isPending,
} from './change-set.js';
import { type Endpoint, describeAddress, isThisMachine } from '../server/connection.js';
import { type ReadScope, foreseeConditions } from './copy-conditions.js';
import { diffPrograms } from './diff-programs.js';
import { BugError } from '../errors.js';
import { fingerprintOf } from '../fingerprint.js';
import { groupBatch } from './group-batch.js';
import { findHazards, findServerHazards } from './hazards/index.js';
import { notEncrypted } from './hazards/not-encrypted.js';
import type { DatabaseInventory, Inventory, ServerFacts, TableInventory } from '../server/inventory.js';
import { defaultsOf, totalBytes } from '../server/inventory.js';
import type { DatabaseName, TableName } from '../names.js';
import { isRefreshing } from '../plan/refresh-rule.js';
import { isOfSomeTables } from '../plan/left-out.js';
import { type Situation, copiedTables, preservedTables } from './hazards/hazard-rule.js';
import { describeHooks } from './hooks.js';
import { unmatchedMask } from './hazards/unmatched-mask.js';
import {
  type PlannedMasks,
  countMasks,
  describeMasks,
  listFilledNames,
  limitToDatabase,
  listUnmasked,
  masksOfTable,
  pinMask,
} from './plan-masks.js';
import { diffTables } from './diff-tables.js';
import { describePreserve } from './preserve.js';
import { withRefreshBases } from './refresh.js';
import { wasSearched } from './searched-copy.js';
import type { Origin } from '../run/provenance.js';
import { findUnmatchedNames } from './unmatched-names.js';
import type { ResolvedPlan, SelectionRules } from '../plan/resolved-plan.js';

/** One source database that the plan selects, and its name on the target. */
export interface SelectedDatabase {
  readonly from: DatabaseName;
  readonly to: DatabaseName;
  /** One object for all databases of an entry. */
  readonly rules: SelectionRules;
  /** Whether all databases of its entry are chosen. Absent: they are. */
  readonly ofEntry?: 'all' | 'some';
}

/** Compares what the plan selects with what the target holds. Every selected database must be in the source inventory. */
export const diffInventories = (
  plan: ResolvedPlan,
  selected: readonly SelectedDatabase[],
  source: Inventory,
  target: Inventory,
  {
    scratch,
    recovery,
    masks,
    origins,
  }: Pick<ChangeSet, 'scratch' | 'recovery'> & {
    readonly masks?: PlannedMasks;
    /** Of what is live. Absent where nothing is masked. */
    readonly origins?: ReadonlyMap<DatabaseName, Origin>;
  },
): ChangeSet => {
  const pairs = selected.map((selection) => {
    const from = source.databases.find(({ name }) => name === selection.from);
    if (!from) throw new BugError(`no inventory of ${selection.from}`);
    return { selection, source: from, to: selection.to, live: findLive(target, selection.to) };
  });
  // What is skipped stays as it is, so nobody waits for it.
  const coming = pairs.filter(({ selection, live }) => !isSkipped(selection.rules, live));
  const comingNames = new Set(coming.map(({ to }) => to));
  const units = groupBatch(coming);
  const entries = [...new Set(selected.map(({ rules }) => rules))].map((rules) => {
    const members = pairs.filter(({ selection }) => selection.rules === rules);
    const unmatched = findUnmatchedNames(rules, members, members[0]?.selection.ofEntry ?? 'all');
    return { members, unmatched };
  });
  const databases = pairs.map((pair) => {
    const unit = units.find((members) => members.some(({ to }) => to === pair.to)) ?? [];
    const entry = entries.find(({ members }) => members.includes(pair));
    return diffDatabase(
      plan,
      pair.selection,
      { ...source, database: pair.source },
      { ...target, database: pair.live },
      {
        together: new Map(
          unit
            .filter(({ to }) => to !== pair.to)
            .map(({ to, selection: { rules }, live: target }) => [to, { rules, target }]),
        ),
        reads: pair.source.reads.filter((name) => comingNames.has(name)),
        unmatchedNames: (entry?.unmatched ?? []).filter(
          ({ isWrong }) => isWrong || entry?.members[0] === pair,
        ),
        origin: pair.live && origins?.get(pair.live.name),
      },
      masks && limitToDatabase(masks, pair.selection.from),
    );
  });
  const { pace, ...options } = plan.options;
  const servers = {
    source: summarizeServer(plan.source, source.server),
    target: summarizeServer(plan.target, target.server),
  };
  return {
    plan: { name: plan.name, path: plan.path, digest: plan.digest },
    ...servers,
    options,
    ...(plan.mask && { mask: pinMask(plan.mask) }),
    copy: foreseeConditions(plan.options, source.server, target.server, countTables(databases)),
    hazards: [
      ...notEncrypted([servers.source, servers.target]),
      ...findServerHazards(target, plan.options, databases),
      ...(masks ? unmatchedMask(masks, source.databases) : []),
    ],
    scratch,
    recovery,
    databases,
  };
};

const countTables = (databases: readonly DatabaseChange[]): readonly ReadScope[] =>
  databases.filter(isPending).map(({ from, source }) => ({ name: from, tables: source.tables }));

interface Side<Database> {
  readonly server: ServerFacts;
  readonly database: Database;
}

/** A server that folds case knows `Shop` and `shop` as one database. */
export const findLive = (
  { server, databases }: Inventory,
  name: DatabaseName,
): DatabaseInventory | undefined => {
  const fold = (text: string): string => (server.lowerCaseTableNames === 0 ? text : text.toLowerCase());
  return databases.find((database) => fold(database.name) === fold(name));
};

const summarizeServer = (endpoint: Endpoint, facts: ServerFacts): ServerSummary => ({
  name: endpoint.name,
  address: describeAddress(endpoint),
  identity: facts.identity,
  flavor: facts.flavor,
  tls: {
    mode: endpoint.tls.mode,
    version: facts.tlsVersion ?? null,
    isLocal: isThisMachine(endpoint.address),
  },
  access: endpoint.access,
  isProtected: endpoint.isProtected,
});

const diffDatabase = (
  plan: ResolvedPlan,
  { from, to, rules }: SelectedDatabase,
  source: Side<DatabaseInventory> & Pick<Inventory, 'refusedFilters'>,
  target: Side<DatabaseInventory | undefined> &
    Pick<
      Inventory,
      'accounts' | 'clocks' | 'refusedFilters' | 'rights' | 'tablesElsewhere' | 'unableToExecute' | 'unmasked'
    >,
  {
    together,
    unmatchedNames,
    reads,
    origin,
  }: Pick<Situation, 'together' | 'unmatchedNames'> & {
    readonly reads: readonly DatabaseName[];
    readonly origin: Origin | undefined;
  },
  masks: PlannedMasks | undefined,
): DatabaseChange => {
  const tables = diffTables(rules, source.database.tables, target.database?.tables ?? []).map((table) =>
    masks ? withMasks(table, from, masks) : table,
  );
  const ownMasks = masks && describeMasks(plan, masks, from, listFilledNames(tables));
  const clocks = target.clocks ?? new Map<string, string>();
  const programs = diffPrograms({
    rules,
    options: plan.options,
    tables,
    source: source.database.programs,
    target: target.database?.programs ?? [],
    account: target.server.account,
    clocks,
  });
  const situation = {
    from,
    to,
    rules,
    options: plan.options,
    tables,
    programs,
    source: source.database,
    sourceServer: source.server,
    target: target.database,
    targetServer: target.server,
    targetAccounts: target.accounts,
    targetClocks: clocks,
    targetTablesElsewhere: target.tablesElsewhere ?? new Map(),
    targetUnableToExecute: target.unableToExecute?.get(to) ?? new Set<string>(),
    targetRights: target.rights,
    unmatchedNames,
    refusedFilters: source.refusedFilters?.get(from) ?? new Map<TableName, string>(),
    refusedPreserves: target.refusedFilters?.get(to) ?? new Map<TableName, string>(),
    together,
    ...(ownMasks && { masks: ownMasks }),
    isTargetUnmasked: target.database !== undefined && (target.unmasked?.has(target.database.name) ?? false),
  };
  const hazards = isSkipped(rules, target.database) ? [] : findHazards(situation);
  const hooks = describeHooks(rules.hooks, source.database, copiedTables(situation), target.server);
  const preserve = describePreserve(preservedTables(situation));
  return {
    from,
    to,
    ...decideAction(rules, target.database, hazards),
    tables: isRefreshing(plan.options.refresh)
      ? withRefreshBases(
          {
            tables,
            hooks,
            preserve,
            isTogether: together.size > 0,
            isUnsearched:
              plan.mask !== undefined &&
              !wasSearched(origin, {
                change: { from, to, tables },
                tables: source.database.tables,
                mask: plan.mask,
                identity: target.server.identity,
              }),
          },
          source,
          target,
        )
      : tables,
    programs,
    ...(preserve.length > 0 && { preserve }),
    ...(hooks.length > 0 && { hooks }),
    ...(ownMasks && { mask: countMasks(ownMasks.columns) }),
    hazards,
    ...(reads.length > 0 && { reads }),
    source: sizeOf(source.database.tables.filter(({ name }) => isCopied(tables, name))),
    target: target.database ? sizeOf(target.database.tables) : null,
    // Those of a database of which only some tables come are none of them.
    defaults: defaultsOf(target.database && isOfSomeTables(rules.tables) ? target.database : source.database),
    basis: { source: basisOf(source.database), target: target.database ? basisOf(target.database) : null },
  };
};

const withMasks = (table: TableChange, from: DatabaseName, planned: PlannedMasks): TableChange => {
  if (table.content === 'none') return table;
  const masks = masksOfTable(planned, from, table.name);
  return { ...table, ...(masks && { masks }), ...listUnmasked(planned, from, table.name) };
};

export const isSkipped = ({ onExisting }: SelectionRules, live: DatabaseInventory | undefined): boolean =>
  live !== undefined && onExisting === 'skip';

const decideAction = (
  rules: SelectionRules,
  target: DatabaseInventory | undefined,
  hazards: readonly Hazard[],
): Pick<DatabaseChange, 'action' | 'reason'> => {
  if (isSkipped(rules, target)) return { action: 'skip', reason: 'on_existing: skip' };
  const blocking = hazards.find(({ severity }) => severity === 'blocks');
  if (blocking) return { action: 'blocked', reason: blocking.message };
  return { action: target ? 'overwrite' : 'create', reason: null };
};

const isCopied = (tables: readonly TableChange[], name: string): boolean =>
  tables.some((table) => table.name === name && (table.action === 'create' || table.action === 'replace'));

const sizeOf = (tables: readonly TableInventory[]): DatabaseSize => ({
  tables: tables.length,
  bytes: totalBytes(tables),
  rows: tables.reduce((sum, { rowsEstimate }) => sum + rowsEstimate, 0),
  writtenAt:
    tables
      .map(({ updatedAt }) => updatedAt ?? '')
      .reduce((newest, time) => (time > newest ? time : newest), '') || null,
});

/** Changes when a table or program appears, vanishes or is altered; rows may move freely. */
const basisOf = ({ charset, collation, isEncrypted, tables, programs }: DatabaseInventory): string =>
  fingerprintOf([
    charset,
    isEncrypted ? [collation, 'encrypted'] : collation,
    tables.map(({ name, fingerprint }) => [name, fingerprint]),
    programs.map(({ kind, name, fingerprint }) => [kind, name, fingerprint]),
  ]);

import { type Access, type Endpoint, describeAddress, showVariables } from '../core/server/connection.js';
import { SyncError } from '../core/errors.js';
import { toDatabaseName } from '../core/names.js';
import { isRefreshing } from '../core/plan/refresh-rule.js';
import { type EngineChoice, type EngineName, chooseEngine, traitsOf } from '../core/plan/row-engines.js';
import type {
  PaceRules,
  PlannedHook,
  ResolvedOptions,
  ResolvedPlan,
  Selection,
} from '../core/plan/resolved-plan.js';
import { namePlan } from '../core/plan/name-plan.js';
import { type ConnectionSurroundings, resolveEndpoint } from './resolve-endpoint.js';
import { resolveMask } from './resolve-mask.js';
import type {
  DatabaseEntry,
  HookEntry,
  HookRules,
  InlineConnection,
  NoneEntry,
  PlanFile,
  PlanOptions,
  SyncPlan,
  RefreshRule,
  TableRules,
} from '../core/plan/sync-plan.js';
import type { HookKind } from '../core/sql/hook-statement.js';
import { suggestCommand } from '../core/shell-word.js';

/** What the command line sets over everything else. */
export interface OptionOverrides {
  readonly maxConcurrent?: number;
  readonly engine?: EngineChoice;
  readonly refresh?: RefreshRule;
  readonly discardsUnfinished?: true;
}

export interface PlanSurroundings extends Pick<ConnectionSurroundings, 'connections' | 'config'> {
  readonly overrides: OptionOverrides;
  /** What the call does with the target: a comparison only reads it. */
  readonly targetUse: Access;
}

/**
 * Applies every default, resolves both connections and fetches their passwords. Rejects with CONN_UNKNOWN for a name
 * that nobody saved, with TARGET_READ_ONLY when the target would be written and does not permit it, with
 * CONN_PASSWORD when a password cannot be had, with CONN_TLS when the engine cannot check what a connection asks for.
 */
export const resolvePlan = async (file: PlanFile, surroundings: PlanSurroundings): Promise<ResolvedPlan> => {
  const { plan, path, digest, fromVariables } = file;
  const written = { ...surroundings, fromVariables };
  const source = await resolveEndpoint('source', plan.source, written);
  const target = await resolveEndpoint('target', plan.target, written);
  if (surroundings.targetUse === 'read-write' && target.access !== 'read-write')
    throw explainReadOnly(plan.target, path, target);
  const options = { ...resolveOptions(plan, surroundings), pace: await resolvePace(plan, written) };
  if (surroundings.targetUse === 'read-write') refuseUnchecked(options.engine, [source, target]);
  return {
    name: namePlan(file),
    path,
    digest,
    source,
    target,
    selections: resolveEntries(plan),
    options,
    ...(surroundings.overrides.discardsUnfinished && { discardsUnfinished: true }),
    ...([options.refresh, plan.options?.refresh ?? 'full'].some(isRefreshing) && { leavesUnfinished: true }),
    ...(plan.mask && { mask: resolveMask(plan.mask) }),
  };
};

/** The target alone, for what only it is needed for. `path` is the plan that wrote it, `use` what is done there. */
export const resolveTarget = async (
  written: string | InlineConnection,
  path: string,
  surroundings: ConnectionSurroundings,
  use: Access,
): Promise<Endpoint> => {
  const target = await resolveEndpoint('target', written, surroundings);
  if (use === 'read-write' && target.access !== 'read-write') throw explainReadOnly(written, path, target);
  return target;
};

const resolveOptions = (
  { options = {} }: SyncPlan,
  { config: { config, origins }, overrides }: PlanSurroundings,
): Omit<ResolvedOptions, 'pace'> => {
  const { max_concurrent: configured } = config.batch;
  const engine = chooseEngine(overrides.engine ?? options.engine ?? 'auto');
  const { consistency = 'database' } = options;
  if (!traitsOf(engine).moments.includes(consistency)) throw momentError(engine);
  const origin = origins.get('batch.max_concurrent');
  const wanted =
    overrides.maxConcurrent ??
    (origin === 'environment' ? configured : (options.max_concurrent ?? undefined)) ??
    (origin === 'default' ? undefined : configured);
  return {
    maxConcurrent: wanted ?? configured,
    smallAtOnce: wanted ?? (mayOverlap(options) ? SMALL_AT_ONCE : configured),
    engine,
    consistency,
    refresh: chooseRefresh(engine, overrides.refresh ?? options.refresh ?? 'full'),
    parallel: options.parallel ?? 4,
    ...(options.free_space_gib === undefined
      ? {}
      : { declaredFreeBytes: options.free_space_gib * 1024 ** 3 }),
    verify: options.verify ?? 'digest',
    definers: options.definers ?? 'keep',
    events: options.events ?? 'as_source',
  };
};

/** Each waits for answers most of its time, and has as many connections as it has lanes. */
const SMALL_AT_ONCE = 8;

/** One moment of all databases is held by the lanes of one; and what others run on the source is told from what the copy may run. */
const mayOverlap = ({ consistency = 'database', pause_when: pause }: PlanOptions): boolean =>
  consistency === 'database' && pause?.threads_running === undefined;

const resolvePace = async (
  { options = {} }: SyncPlan,
  surroundings: ConnectionSurroundings,
): Promise<PaceRules> => {
  const { max_rate: rate, pause_when: { threads_running: threads, replica_lag: lag, replicas = [] } = {} } =
    options;
  const endpoints: Endpoint[] = [];
  for (const replica of replicas) endpoints.push(await resolveEndpoint('source', replica, surroundings));
  return {
    ...(rate === undefined ? {} : { bytesPerSecond: rate * 1024 ** 2 }),
    ...(threads === undefined ? {} : { mostThreadsRunning: threads }),
    ...(lag === undefined ? {} : { mostLagSeconds: lag }),
    replicas: endpoints,
  };
};

const chooseRefresh = (engine: EngineName, rule: RefreshRule): RefreshRule => {
  if (!isRefreshing(rule) || traitsOf(engine).moments.includes('batch')) return rule;
  throw new SyncError('INPUT_INVALID', {
    message: `refresh is ${rule}, and the ${engine} engine cannot compare rows in the snapshot that it copies`,
    hints: ['Use the native engine:  options: {engine: native}', 'Or copy everything:  --refresh full'],
  });
};

const momentError = (engine: EngineName): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: `options.consistency is batch, and the ${engine} engine reads each database at a moment of its own`,
    hints: ['Use the native engine:  options: {engine: native}', 'Or leave consistency out.'],
  });

/** The hooks of the plan are the same objects in every entry, so that it shows which of them run nowhere. */
const resolveEntries = (plan: SyncPlan): readonly Selection[] => {
  const common = resolveHooks(plan.hooks);
  return plan.databases.map((entry) => resolveEntry(entry, plan, common));
};

const resolveEntry = (
  entry: DatabaseEntry,
  { defaults }: SyncPlan,
  common: readonly PlannedHook[],
): Selection => {
  const hooks = [...common, ...resolveHooks(entry.hooks)];
  const rules = {
    onExisting: entry.on_existing ?? defaults?.on_existing ?? 'overwrite',
    tables: resolveTables(entry.tables),
    programs: { exclude: entry.programs?.exclude ?? [] },
    hooks: [...hooks.filter(isStaged), ...hooks.filter((hook) => !isStaged(hook))],
  };
  if ('match' in entry)
    return { kind: 'matched', pattern: entry.match, exclude: entry.exclude ?? [], ...rules };
  const { name, as = name } = entry;
  return { kind: 'named', name: toDatabaseName(name), as: toDatabaseName(as), ...rules };
};

const isStaged = ({ kind }: PlannedHook): boolean => kind === 'staged';

const resolveHooks = ({ staged = [], assert = [] }: HookRules = {}): readonly PlannedHook[] => [
  ...staged.map((entry) => resolveHook('staged', entry)),
  ...assert.map((entry) => resolveHook('assert', entry)),
];

const resolveHook = (kind: HookKind, entry: string | HookEntry | NoneEntry): PlannedHook => {
  if (typeof entry === 'string') return { kind, sql: entry };
  const where = entry.in === undefined ? {} : { in: entry.in };
  return 'none' in entry ? { kind: 'none', sql: entry.none, ...where } : { kind, sql: entry.run, ...where };
};

const resolveTables = (tables: TableRules = {}): Required<TableRules> => ({
  only: tables.only ?? [],
  exclude: tables.exclude ?? [],
  structure_only: tables.structure_only ?? [],
  external: tables.external ?? [],
  where: tables.where ?? {},
  preserve: tables.preserve ?? {},
});

const refuseUnchecked = (engine: EngineName, endpoints: readonly Endpoint[]): void => {
  if (traitsOf(engine).checksNamesThroughTunnels) return;
  const refused = endpoints.find(
    ({ address, tls }) =>
      address.kind === 'tcp' && address.ssh !== undefined && tls.mode === 'verify-identity',
  );
  if (!refused) return;
  throw new SyncError('CONN_TLS', {
    message: `${refused.name}: the programs of the ${engine} engine cannot compare the name in the certificate through an SSH tunnel (TLS mode verify-identity)`,
    hints: ['Use the native engine:  options: {engine: native}'],
  });
};

const explainReadOnly = (written: string | InlineConnection, path: string, target: Endpoint): SyncError =>
  new SyncError('TARGET_READ_ONLY', {
    message: showVariables(
      `${target.name} (${describeAddress(target)}) is read-only to mysql-sync, so it cannot be a target`,
      target,
    ),
    hints: [
      typeof written === 'string'
        ? `Permit it: ${suggestCommand`connections add ${target.name} --replace --access read-write`}`
        : `Permit it: write "access: read-write" under "target" in ${path}`,
    ],
  });

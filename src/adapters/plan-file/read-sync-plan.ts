import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../core/plan/diagnostic.js';
import type { WrittenValue } from '../../core/server/connection.js';
import type { Variables } from '../../core/plan/interpolation.js';
import type { InlineConnection, PlanOptions, PlanFile, SyncPlan } from '../../core/plan/sync-plan.js';
import { type UnsetVariables, checkPlan } from './check-plan.js';
import type { PlacedComplaint } from './locate.js';
import { SYNC_PLAN, locateDocument, refuseInvalid } from './located-document.js';
import { readPath } from './interpolate-values.js';
import { listConnectionPaths } from './plan-findings.js';
import { type FileText, readPlanText } from './read-text.js';
import type { VariableRestriction } from './restrict-variables.js';

export interface ReadPlanOptions {
  /** What `${NAME}` is replaced with. */
  readonly variables: Variables;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Default: refuse. */
  readonly unset?: UnsetVariables;
  /** Default: a plan that is the person's own. */
  readonly trust?: PlanTrust;
}

/** How far a plan file is trusted with the environment and the files of this machine. */
export interface PlanTrust {
  /** In a pipeline a plan may come with the changes of others, whoever owns the file. */
  readonly isPipeline: boolean;
  /** The patterns of `plans.variables`; asked for where they count. */
  readonly permitted: () => Promise<readonly string[]>;
}

/** A plan file that can still say where something stands. */
export interface LocatedPlanFile extends PlanFile {
  readonly fromVariables: readonly WrittenValue[];
  readonly locate: (complaint: PlacedComplaint) => Diagnostic;
}

/**
 * Reads a sync plan: `-` is stdin, undefined the default file of this folder. Rejects with PLAN_NOT_FOUND, or with an
 * InvalidFileError that holds every problem of the file in the order of its lines.
 */
export const readSyncPlan = async (
  path: string | undefined,
  { variables, readStdin, unset = 'refuse', trust }: ReadPlanOptions,
): Promise<LocatedPlanFile> => {
  const file = await readPlanText(path, readStdin, trust?.isPipeline ? 'within' : 'anywhere');
  const restriction = await restrict(file, trust);
  const { value, diagnostics, locate } = locateDocument(file, SYNC_PLAN);
  if (value === undefined) refuseInvalid(diagnostics.length > 0 ? diagnostics : [locate(NOTHING_WRITTEN)]);
  const { plan, complaints } = await checkPlan(value, { variables, unset, restriction });
  refuseInvalid([...diagnostics, ...complaints.map(locate)]);
  return {
    plan: resolvePaths(plan, file.path),
    path: file.path,
    digest: file.digest,
    fromVariables: listFromVariables(value, plan),
    locate,
  };
};

const listFromVariables = (written: unknown, plan: SyncPlan): readonly WrittenValue[] =>
  listConnectionPaths(written)
    .flatMap((path) => [path, ...['name', 'host', 'user', 'socket', 'ssh'].map((key) => [...path, key])])
    .flatMap((path) => {
      const [text, value] = [readPath(written, path), readPath(plan, path)];
      const isReplaced = typeof text === 'string' && typeof value === 'string' && text !== value;
      return isReplaced && value !== '' ? [{ written: text, value }] : [];
    });

const restrict = async (
  { foreign }: FileText,
  trust: PlanTrust | undefined,
): Promise<VariableRestriction | undefined> => {
  const reason = trust?.isPipeline ? 'CI is set' : foreign;
  return trust && reason !== undefined ? { reason, permitted: await trust.permitted() } : undefined;
};

const NOTHING_WRITTEN: PlacedComplaint = {
  code: 'PLAN_SYNTAX',
  path: [],
  mark: 'value',
  message: 'the file is empty; a sync plan has a version, a source, a target and databases',
  hint: 'mysql-sync init writes one',
};

/** Files that a plan names are relative to the plan, so that it works from every folder. */
const resolvePaths = (plan: SyncPlan, path: string): SyncPlan => ({
  ...plan,
  source: resolveTlsFiles(plan.source, path),
  target: resolveTlsFiles(plan.target, path),
  ...(plan.options && { options: resolveReplicas(plan.options, path) }),
});

const resolveReplicas = (options: PlanOptions, path: string): PlanOptions => {
  const { pause_when: pause } = options;
  if (pause?.replicas === undefined) return options;
  const replicas = pause.replicas.map((replica) => resolveTlsFiles(replica, path));
  return { ...options, pause_when: { ...pause, replicas } };
};

const resolveTlsFiles = (connection: string | InlineConnection, path: string): string | InlineConnection => {
  if (typeof connection === 'string' || connection.tls === undefined) return connection;
  const { mode, ...files } = connection.tls;
  const resolved = Object.entries(files).map(([key, file]) => [key, resolve(dirname(path), file)] as const);
  return { ...connection, tls: { ...(mode && { mode }), ...Object.fromEntries(resolved) } };
};

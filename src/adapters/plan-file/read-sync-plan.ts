import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.js';
import type { Variables } from '../../core/interpolation.js';
import type { InlineConnection, PlanFile, SyncPlan } from '../../core/sync-plan.js';
import { type UnsetVariables, checkPlan } from './check-plan.js';
import type { PlacedComplaint } from './locate.js';
import { locateDocument, refuseInvalid } from './located-document.js';
import { readPlanText } from './read-text.js';

export interface ReadPlanOptions {
  /** What `${NAME}` is replaced with. */
  readonly variables: Variables;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Default: refuse. */
  readonly unset?: UnsetVariables;
}

/** A plan file that can still say where something stands. */
export interface LocatedPlanFile extends PlanFile {
  readonly locate: (complaint: PlacedComplaint) => Diagnostic;
}

/**
 * Reads a sync plan: `-` is stdin, undefined the default file of this folder. Rejects with PLAN_NOT_FOUND, or with an
 * InvalidFileError that holds every problem of the file in the order of its lines.
 */
export const readSyncPlan = async (
  path: string | undefined,
  { variables, readStdin, unset = 'refuse' }: ReadPlanOptions,
): Promise<LocatedPlanFile> => {
  const file = await readPlanText(path, readStdin);
  const { value, diagnostics, locate } = locateDocument(file, 'PLAN_SYNTAX');
  if (value === undefined) refuseInvalid(diagnostics.length > 0 ? diagnostics : [locate(NOTHING_WRITTEN)]);
  const { plan, complaints } = await checkPlan(value, variables, unset);
  refuseInvalid([...diagnostics, ...complaints.map(locate)]);
  return { plan: resolvePaths(plan, file.path), path: file.path, digest: file.digest, locate };
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
  source: resolveCa(plan.source, path),
  target: resolveCa(plan.target, path),
});

const resolveCa = (connection: string | InlineConnection, path: string): string | InlineConnection => {
  if (typeof connection === 'string' || connection.tls?.ca === undefined) return connection;
  return { ...connection, tls: { ...connection.tls, ca: resolve(dirname(path), connection.tls.ca) } };
};

import type { LocatedPlanFile } from '../../adapters/plan-file/read-sync-plan.js';
import { type Diagnostic, InvalidFileError } from '../../core/plan/diagnostic.js';
import { showVariables } from '../../core/server/connection.js';
import { toConnectionName } from '../../core/names.js';
import { suggestNearest } from '../../core/nearest.js';
import type { InlineConnection } from '../../core/plan/sync-plan.js';
import type { Services } from '../services/compose.js';
import { suggestCommand } from '../../core/shell-word.js';
import { formatPlural } from '../../render/units.js';

/** What is worth saying of a plan that has no problem. */
export interface ValidPlan {
  readonly path: string;
  readonly digest: string;
  readonly source: string;
  readonly target: string;
  /** Entries of `databases`. */
  readonly entries: number;
}

export interface Validation {
  readonly valid: readonly ValidPlan[];
  /** Every problem of every other file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks files without reaching a server. Rejects only when a file cannot be read. */
export const validatePlans = async (
  services: Services<'memory' | 'planFiles'>,
  files: readonly (string | undefined)[],
  unset: 'refuse' | 'accept',
): Promise<Validation> => {
  const valid: ValidPlan[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of files) {
    try {
      const file = await services.planFiles.read(path, unset);
      const unknown = await findUnknownConnections(services, file);
      diagnostics.push(...unknown);
      if (unknown.length === 0) valid.push(summarize(file));
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      diagnostics.push(...error.diagnostics);
    }
  }
  return { valid, diagnostics };
};

/** `nightly.yaml is valid: prod to staging, 3 entries of databases.` */
export const describeValidPlan = ({ path, source, target, entries }: ValidPlan): string =>
  `${path} is valid: ${source} to ${target}, ${formatPlural(entries, 'entry', 'entries')} of databases.`;

/** Throws all of them as one error. */
export const refuseInvalidPlans = ([first, ...rest]: readonly Diagnostic[]): void => {
  if (first) throw new InvalidFileError([first, ...rest]);
};

const findUnknownConnections = async (
  services: Services<'memory'>,
  { plan, locate, fromVariables }: LocatedPlanFile,
): Promise<readonly Diagnostic[]> => {
  const unknown: Diagnostic[] = [];
  const { replicas = [] } = plan.options?.pause_when ?? {};
  const written = [
    { name: plan.source, path: ['source'] },
    { name: plan.target, path: ['target'] },
    ...replicas.map((name, index) => ({ name, path: ['options', 'pause_when', 'replicas', String(index)] })),
  ];
  for (const { name, path } of written) {
    // What still has a variable in it was accepted without one.
    if (typeof name !== 'string' || name.includes('${')) continue;
    const connections = await services.memory.connectionDirectory();
    if (await connections.find(toConnectionName(name))) continue;
    const hint =
      suggestNearest(name, await connections.names()) ??
      `save it: ${suggestCommand`connections add ${fromVariables.some(({ value }) => value === name) ? 'NAME' : name}`}`;
    const shown = showVariables(name, { fromVariables });
    const message = `there is no connection named "${shown}"`;
    unknown.push(locate({ code: 'CONN_UNKNOWN', path, mark: 'value', message, hint }));
  }
  return unknown;
};

const summarize = ({ path, digest, plan: { source, target, databases } }: LocatedPlanFile): ValidPlan => ({
  path,
  digest,
  source: nameOf(source),
  target: nameOf(target),
  entries: databases.length,
});

const nameOf = (connection: string | InlineConnection): string =>
  typeof connection === 'string' ? connection : connection.name;

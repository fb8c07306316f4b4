import { type DatabaseName, toDatabaseName } from '../../core/names.js';
import { type SelectionEntry, parseSelection } from '../../core/plan/number-selection.js';
import type { PlanDraft } from '../../core/plan/plan-draft.js';
import type { OnExisting } from '../../core/plan/sync-plan.js';
import { NOT_SAVED, type UnsavedPlan } from '../../core/plan/unsaved-plan.js';
import { renderPlanDraft } from '../../render/plan-draft.js';
import { listSelectable } from './choose-databases.js';
import type { Services } from '../services/compose.js';
import { readConnectionName } from '../connections/connection-flags.js';
import type { FinishedPlan } from './init-ending.js';
import type { Screen } from '../frame/screen.js';

export interface InitFlagValues {
  readonly source?: string | undefined;
  readonly target?: string | undefined;
  readonly databases?: string | undefined;
  readonly 'on-existing'?: OnExisting | undefined;
  readonly force?: boolean | undefined;
  readonly stdout?: boolean | undefined;
}

/** Flags that say everything that init would ask. */
export interface CompleteInitFlags extends InitFlagValues {
  readonly source: string;
  readonly target: string;
  readonly databases: string;
}

export const isComplete = (flags: InitFlagValues): flags is CompleteInitFlags =>
  flags.source !== undefined && flags.target !== undefined && flags.databases !== undefined;

/** The plan that the flags describe, its selection read against the databases of the source. */
export const finishFromFlags = async (
  services: Services<'planEndpoints' | 'person' | 'servers'>,
  path: string,
  flags: CompleteInitFlags,
  screen: Pick<Screen, 'canPrompt'>,
): Promise<FinishedPlan> => {
  const draftOf = (databases: readonly SelectionEntry<DatabaseName>[]): PlanDraft => ({
    source: { kind: 'saved', name: readConnectionName(flags.source) },
    target: { kind: 'saved', name: readConnectionName(flags.target) },
    databases,
    onExisting: flags['on-existing'] ?? 'overwrite',
    options: {},
  });
  const { names, isProtected } = await readServers(
    services,
    draftOf([{ name: toDatabaseName('any') }]),
    screen,
  );
  const ending = flags.stdout
    ? ({ kind: 'print' } as const)
    : ({ kind: 'save', path, existing: flags.force ? 'replace' : 'refuse' } as const);
  const draft = draftOf(parseSelection(flags.databases, names, 'unseen').entries);
  return { draft, secrets: new Map(), isProtected, ending };
};

/** Resolves the connections as plan and apply will, so that what they would refuse is refused here. */
const readServers = async (
  services: Services<'planEndpoints' | 'person' | 'servers'>,
  draft: PlanDraft,
  { canPrompt }: Pick<Screen, 'canPrompt'>,
): Promise<{ readonly names: readonly DatabaseName[]; readonly isProtected: boolean }> => {
  const text = renderPlanDraft(draft, { path: undefined, schema: undefined });
  const ask = canPrompt ? await services.person.passwordPrompt() : undefined;
  const plan: UnsavedPlan = { path: NOT_SAVED, text, secrets: new Map() };
  const { source, target } = await services.planEndpoints.resolvePlan(plan, {}, ask ? { ask } : {});
  const server = await (await services.servers()).openSource(source);
  try {
    return { names: await listSelectable(server), isProtected: target.isProtected };
  } finally {
    await server.close();
  }
};

import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { readCopyWords } from '../../core/plan/copy-words.js';
import type { PlanDraft } from '../../core/plan/plan-draft.js';
import type { OnExisting } from '../../core/plan/sync-plan.js';
import { NOT_SAVED, type UnsavedPlan } from '../../core/plan/unsaved-plan.js';
import { renderPlanDraft } from '../../render/plan-draft.js';
import { readConnectionName } from '../connections/connection-flags.js';
import type { Screen } from '../frame/screen.js';
import { planFromCommandLine } from '../plan/show-plan.js';
import type { Services } from '../services/compose.js';
import { applyFromCommandLine } from './apply.js';
import type { ApplyFlagValues } from './approve-and-run.js';

export interface CopyFlagValues extends Omit<ApplyFlagValues, 'only' | 'exclude'> {
  readonly as?: string | undefined;
  readonly where: readonly string[];
  readonly 'on-existing'?: OnExisting | undefined;
  readonly 'plan-only'?: boolean | undefined;
  readonly save?: string | undefined;
}

/** The arguments: two saved connections, and what to copy. */
export interface CopyArguments {
  readonly source: string;
  readonly target: string;
  readonly names: readonly string[];
}

/** Makes a plan of the command line and goes the way of `apply`, so that nothing is shown or asked in another way. */
export const copyFromCommandLine = async (
  services: Services<
    'settings' | 'memory' | 'planFiles' | 'planEndpoints' | 'person' | 'servers' | 'ports' | 'reports'
  >,
  words: CopyArguments,
  flags: CopyFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const { save: path } = flags;
  const schema = path === undefined ? undefined : await services.planFiles.referToSchema(path);
  const text = renderPlanDraft(draftOf(words, flags), { path, schema });
  if (path !== undefined) {
    await services.planFiles.write(path, text, await decideExisting(services, path, screen));
    screen.notice(`Wrote ${path}`);
  }
  const plan: UnsavedPlan = { path: path ?? NOT_SAVED, text, secrets: new Map() };
  const planned = { ...flags, only: [], exclude: [] };
  return flags['plan-only']
    ? planFromCommandLine(services, plan, planned, screen)
    : applyFromCommandLine(services, plan, planned, screen);
};

const draftOf = ({ source, target, names }: CopyArguments, flags: CopyFlagValues): PlanDraft => ({
  source: { kind: 'saved', name: readConnectionName(source) },
  target: { kind: 'saved', name: readConnectionName(target) },
  databases: readCopyWords({ names, as: flags.as, where: flags.where }),
  onExisting: flags['on-existing'] ?? 'overwrite',
  options: {
    ...(flags.engine && { engine: flags.engine }),
    ...(flags.refresh && { refresh: flags.refresh }),
  },
});

/** A file that is there is replaced only when a person says so. */
const decideExisting = async (
  services: Services<'planFiles' | 'person'>,
  path: string,
  { canPrompt }: Pick<Screen, 'canPrompt'>,
): Promise<'refuse' | 'replace'> => {
  if (!(await services.planFiles.exists(path))) return 'refuse';
  if (!canPrompt)
    throw new SyncError('APPROVAL_REQUIRED', {
      message: `${path} exists, and nobody has confirmed replacing it`,
      hints: ['Name another file, or remove it first.'],
    });
  if (await (await services.person.prompts()).yesNo(`${path} exists. Replace it?`)) return 'replace';
  throw new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was changed.' });
};

import type { UnsetVariables } from '../../adapters/plan-file/check-plan.js';
import type { LocatedPlanFile, PlanTrust } from '../../adapters/plan-file/read-sync-plan.js';
import type { SavedPlan } from '../../core/change/saved-plan.js';
import { type MaskLock, lockPathOf } from '../../core/mask/mask-lock.js';
import { type UnsavedPlan, isPlanFile } from '../../core/plan/unsaved-plan.js';
import { readWholeStdin } from './read-stdin.js';
import type { Settings } from './settings.js';
import type { Surroundings } from './surroundings.js';

/** Sync plans and saved plans, as files. */
export interface PlanFiles {
  /** The sync plan of a file, `-` (stdin), one that is in no file, or the default file of this folder when undefined. */
  read(plan: string | UnsavedPlan | undefined, unset?: UnsetVariables): Promise<LocatedPlanFile>;
  exists(path: string): Promise<boolean>;
  /** What a new plan at that path tells editors of its schema; undefined when nothing. */
  referToSchema(path: string): Promise<string | undefined>;
  write(path: string, text: string, existing: 'refuse' | 'replace'): Promise<void>;
  /** The decisions on the columns of the plan at that path; undefined where nobody wrote them. */
  readMaskLock(planPath: string): Promise<MaskLock | undefined>;
  writeMaskLock(planPath: string, columns: MaskLock['columns']): Promise<void>;
  /** Undefined when the file is not a saved plan. */
  readSaved(path: string): Promise<SavedPlan | undefined>;
  writeSaved(path: string, plan: SavedPlan): Promise<void>;
}

export const createPlanFiles = (
  { environment: { variables, isPipeline } }: Surroundings,
  settings: Settings,
): PlanFiles => {
  const permitted = async (): Promise<readonly string[]> => {
    const { listPermitted } = await import('../../adapters/plan-file/restrict-variables.js');
    return listPermitted((await settings.read()).config.plans.variables);
  };
  const trust: PlanTrust = { isPipeline, permitted };
  return {
    read: async (plan, unset = 'refuse') => {
      const { readSyncPlan } = await import('../../adapters/plan-file/read-sync-plan.js');
      if (typeof plan !== 'object') return readSyncPlan(plan, { variables, readStdin, unset, trust });
      const secrets = Object.fromEntries([...plan.secrets].map(([name, secret]) => [name, secret.reveal()]));
      const file = await readSyncPlan('-', {
        variables: { ...variables, ...secrets },
        readStdin: () => Promise.resolve(Buffer.from(plan.text)),
      });
      return { ...file, path: plan.path };
    },
    exists: async (path) => {
      const { planFileExists } = await import('../../adapters/plan-file/write-sync-plan.js');
      return planFileExists(path);
    },
    referToSchema: async (path) => {
      const { referToSchema } = await import('../../adapters/plan-file/schema-reference.js');
      return referToSchema(path, (await settings.read()).config.plans.schema);
    },
    write: async (path, text, existing) => {
      const { writeSyncPlan } = await import('../../adapters/plan-file/write-sync-plan.js');
      await writeSyncPlan(path, text, existing);
    },
    readMaskLock: async (planPath) => {
      if (!isPlanFile(planPath)) return undefined;
      const { readMaskLock } = await import('../../adapters/plan-file/mask-lock-file.js');
      return readMaskLock(lockPathOf(planPath));
    },
    writeMaskLock: async (planPath, columns) => {
      const { writeMaskLock } = await import('../../adapters/plan-file/mask-lock-file.js');
      await writeMaskLock(lockPathOf(planPath), columns);
    },
    readSaved: async (path) => {
      const { readSavedPlan } = await import('../../adapters/plan-file/saved-plan-file.js');
      return readSavedPlan(path);
    },
    writeSaved: async (path, plan) => {
      const { writeSavedPlan } = await import('../../adapters/plan-file/saved-plan-file.js');
      await writeSavedPlan(path, plan);
    },
  };
};

/** More than a plan may have is refused, so the rest need not be waited for. */
const readStdin = async (): Promise<Uint8Array> => {
  const { MOST_BYTES } = await import('../../adapters/plan-file/read-checked.js');
  return readWholeStdin(process.stdin, MOST_BYTES);
};

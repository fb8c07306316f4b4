import type { Access, Endpoint } from '../../core/server/connection.js';
import { describeFlavor } from '../../core/flavor.js';
import { isNoPassword } from '../../core/secret.js';
import { type DatabaseName, toDatabaseName } from '../../core/names.js';
import type { ResolvedPlan } from '../../core/plan/resolved-plan.js';
import { namePlan } from '../../core/plan/name-plan.js';
import type { PlanFile } from '../../core/plan/sync-plan.js';
import type { UnsavedPlan } from '../../core/plan/unsaved-plan.js';
import type { OptionOverrides } from '../../engine/resolve-plan.js';
import type { OpenServers } from '../../engine/open-servers.js';
import type { ConnectionDirectory } from '../../engine/ports/ports.js';
import type { AskPassword } from './connection-directory.js';
import type { Memory } from './memory.js';
import type { PlanFiles } from './plan-files.js';
import type { Settings } from './settings.js';
import type { Surroundings } from './surroundings.js';
import type { TunnelService } from './tunnel-service.js';
import { isUnusable } from './unusable-store.js';

/** Sync plans with their connections. `ask` is left out where nobody can be asked for a password. */
export interface PlanEndpoints {
  /** The plan with its connections and defaults. */
  resolvePlan(
    written: string | UnsavedPlan | undefined,
    overrides: OptionOverrides,
    use?: {
      readonly targetUse?: Access;
      readonly ask?: AskPassword;
      /** Called when the file was read, before anything else can fail. */
      readonly planRead?: (file: PlanFile) => void;
    },
  ): Promise<ResolvedPlan>;
  /** A plan's target, or a saved connection by its name, to be written to unless `use` says otherwise. */
  resolveTarget(
    written: { readonly plan: string | undefined } | { readonly connection: string },
    ask?: AskPassword,
    use?: Access,
  ): Promise<Endpoint>;
  /** A plan's target, which plan that is, and what it calls databases there; what its globs match only the source knows. */
  resolvePlanTarget(
    written: string | undefined,
    ask?: AskPassword,
    use?: Access,
  ): Promise<
    Pick<ResolvedPlan, 'name' | 'path' | 'digest' | 'target'> & { readonly named: readonly DatabaseName[] }
  >;
  /** Did a plan name this saved connection, rather than write it out? */
  isSavedName(name: string): boolean;
  /**
   * Remembers when saved connections were last used, and which server answered. A pipeline leaves no trace, and a
   * store that can only be read is no obstacle.
   */
  noteUse(plan: ResolvedPlan, servers: OpenServers): Promise<void>;
}

/** Help and completion need nothing of it. */
const loadResolver = () => import('../../engine/resolve-plan.js');

interface Parts {
  readonly settings: Settings;
  readonly planFiles: PlanFiles;
  readonly memory: Memory;
  readonly tunnels: TunnelService;
}

export const createPlanEndpoints = (
  { environment, notice }: Surroundings,
  { settings, planFiles, memory, tunnels }: Parts,
): PlanEndpoints => {
  const savedNames = new Set<string>();
  const directoryFor = (ask: AskPassword | undefined) => async (): Promise<ConnectionDirectory> =>
    memory.connectionDirectory(ask);

  const resolvePlanTarget: PlanEndpoints['resolvePlanTarget'] = async (written, ask, use = 'read-write') => {
    const file = await planFiles.read(written);
    const { plan, path, digest, fromVariables } = file;
    const config = await settings.read();
    const surroundings = { config, connections: directoryFor(ask), fromVariables };
    const { resolveTarget } = await loadResolver();
    const target = await resolveTarget(plan.target, path, surroundings, use);
    const named = plan.databases.flatMap((entry) =>
      'name' in entry ? [toDatabaseName(entry.as ?? entry.name)] : [],
    );
    return { name: namePlan(file), path, digest, target, named };
  };

  const touchSaved = async ({ source, target }: ResolvedPlan, servers: OpenServers): Promise<void> => {
    for (const [{ name, password }, { facts }] of [
      [source, servers.source],
      [target, servers.target],
    ] as const) {
      if (!savedNames.has(name)) continue;
      const { connections } = await memory.store();
      await connections.touch(name, {
        server: describeFlavor(facts.flavor),
        identity: facts.identity,
        isPasswordless: isNoPassword(password),
      });
    }
  };

  return {
    resolvePlan: async (written, overrides, { targetUse = 'read-write', ask, planRead } = {}) => {
      const file = await planFiles.read(written);
      planRead?.(file);
      for (const side of [file.plan.source, file.plan.target])
        if (typeof side === 'string') savedNames.add(side);
      const config = await settings.read();
      const { resolvePlan } = await loadResolver();
      const plan = await resolvePlan(file, { config, connections: directoryFor(ask), overrides, targetUse });
      const lock = plan.mask && (await planFiles.readMaskLock(plan.path));
      // The row engine connects by these, not by way of a server that is open.
      return {
        ...plan,
        ...(plan.mask && { mask: { ...plan.mask, ...(lock && { lock }) } }),
        source: await tunnels.attach(plan.source),
        target: await tunnels.attach(plan.target),
      };
    },
    resolveTarget: async (written, ask, use = 'read-write') => {
      if (!('connection' in written)) return (await resolvePlanTarget(written.plan, ask, use)).target;
      const config = await settings.read();
      const { resolveTarget } = await loadResolver();
      return resolveTarget(written.connection, '', { config, connections: directoryFor(ask) }, use);
    },
    resolvePlanTarget,
    isSavedName: (name) => savedNames.has(name),
    noteUse: async (plan, servers) => {
      if (environment.isPipeline) return;
      try {
        await touchSaved(plan, servers);
      } catch (error) {
        if (!isUnusable(error)) throw error;
        notice(`warning: the use of these connections is not remembered: ${error.message}`);
      }
    },
  };
};

import { type Endpoint, type Role, type SavedConnection } from '../../core/server/connection.js';
import { SyncError, reportError } from '../../core/errors.js';
import type { ResolvedPlan } from '../../core/plan/resolved-plan.js';
import { recogniseServer, refuseBorrowedName } from '../../core/server/recognise-server.js';
import { closeServers, openServers } from '../../engine/plan-sync.js';
import type { OpenServers } from '../../engine/open-servers.js';
import type { TargetServer } from '../../engine/ports/target-server.js';
import { renderError } from '../../render/error.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

/** Both servers open, and the plan with the passwords that opened them. */
export interface OpenedPlan {
  readonly plan: ResolvedPlan;
  readonly servers: OpenServers;
}

/**
 * Opens both servers side by side. Where a person can be asked, a saved connection's password that the server refuses is
 * asked for again; the new one is kept, once it has opened the server, if the old one was. The target is
 * then the one that the saved connections know.
 */
export const openPlanServers = async (
  services: Services<'settings' | 'memory' | 'person' | 'planEndpoints' | 'servers'>,
  plan: ResolvedPlan,
  screen: Pick<Screen, 'canPrompt' | 'error' | 'notice'>,
): Promise<OpenedPlan> => {
  const knowing = services.memory.knownConnections();
  // Its failure is heard below, and by nobody where the servers cannot be opened.
  knowing.catch(() => undefined);
  const opened = await openAsking(services, plan, screen);
  try {
    const saved = await knowing;
    const { source, target } = opened.plan;
    refuseBorrowedName(source, opened.servers.source.facts.identity, saved);
    const known = recogniseTarget(target, opened.servers.target.facts.identity, saved, screen);
    return { ...opened, plan: { ...opened.plan, target: known } };
  } catch (error) {
    await closeServers(opened.servers);
    throw error;
  }
};

/** Opens a target alone, and tells how the saved connections know it. */
export const openKnownTarget = async (
  services: Services<'memory' | 'servers'>,
  written: Endpoint,
  screen: Pick<Screen, 'notice'>,
): Promise<{ readonly target: TargetServer; readonly endpoint: Endpoint }> => {
  const target = await (await services.servers()).openTarget(written);
  try {
    const saved = await services.memory.knownConnections();
    return { target, endpoint: recogniseTarget(written, target.facts.identity, saved, screen) };
  } catch (error) {
    await target.close();
    throw error;
  }
};

/** The target as the saved connections know it; when the plan calls it otherwise, that is said. */
const recogniseTarget = (
  target: Endpoint,
  identity: string,
  saved: readonly SavedConnection[],
  { notice }: Pick<Screen, 'notice'>,
): Endpoint => {
  refuseBorrowedName(target, identity, saved);
  const known = recogniseServer(target, identity, saved);
  const isFound = known.isProtected && !target.isProtected;
  if (known.name !== target.name || isFound)
    notice(
      `note: the target ${target.name} is the server of the saved connection ${known.name}${known.isProtected ? ', which is protected' : ''}`,
    );
  return known;
};

const openAsking = async (
  services: Services<'settings' | 'memory' | 'person' | 'planEndpoints' | 'servers'>,
  plan: ResolvedPlan,
  screen: Pick<Screen, 'canPrompt' | 'error'>,
): Promise<OpenedPlan> => {
  const servers = await services.servers();
  if (!screen.canPrompt) return { plan, servers: await openServers(plan, servers) };
  const renewed = new Map<Role, Endpoint>();
  // Two questions at once would take each other's keys.
  let turn: Promise<unknown> = Promise.resolve();
  const renewing =
    <Server>(open: (endpoint: Endpoint) => Promise<Server>) =>
    async (endpoint: Endpoint): Promise<Server> => {
      try {
        return await open(endpoint);
      } catch (error) {
        const saved = isRefusal(error) ? await findRenewable(services, endpoint) : undefined;
        if (!saved || !isRefusal(error)) throw error;
        const asking = turn.then(() => renewPassword({ services, screen, saved, endpoint, open }, error));
        turn = asking.catch(() => undefined);
        const result = await asking;
        renewed.set(endpoint.role, result.endpoint);
        return result.server;
      }
    };
  const opened = await openServers(plan, {
    openSource: renewing((endpoint) => servers.openSource(endpoint)),
    openTarget: renewing((endpoint) => servers.openTarget(endpoint)),
  });
  const { source = plan.source, target = plan.target } = Object.fromEntries(renewed);
  return { plan: { ...plan, source, target }, servers: opened };
};

const isRefusal = (error: unknown): error is SyncError =>
  error instanceof SyncError && error.code === 'CONN_AUTH';

/** A connection that is written out in the plan, or has a command for its password, is not changed here. */
const findRenewable = async (
  services: Services<'memory' | 'planEndpoints'>,
  { name }: Endpoint,
): Promise<SavedConnection | undefined> => {
  if (!services.planEndpoints.isSavedName(name)) return undefined;
  const saved = await (await services.memory.store()).connections.find(name);
  return saved?.passwordCommand === undefined ? saved : undefined;
};

interface Renewal<Server> {
  readonly services: Services<'settings' | 'memory' | 'person'>;
  readonly screen: Pick<Screen, 'error'>;
  readonly saved: SavedConnection;
  readonly endpoint: Endpoint;
  readonly open: (endpoint: Endpoint) => Promise<Server>;
}

/** Asks until the server takes the password; Enter alone gives up with the refusal. */
const renewPassword = async <Server>(
  renewal: Renewal<Server>,
  refusal: SyncError,
): Promise<{ readonly server: Server; readonly endpoint: Endpoint }> => {
  const { services, screen, saved, endpoint, open } = renewal;
  const prompts = await services.person.prompts();
  prompts.show(renderError({ ...reportError(refusal), hints: [] }, screen.error));
  const password = await prompts.password(`New password of ${saved.name} (Enter to leave it):`);
  if (password.reveal() === '') throw refusal;
  const tried = { ...endpoint, password };
  try {
    const server = await open(tried);
    await keepPassword(renewal, tried);
    return { server, endpoint: tried };
  } catch (error) {
    if (isRefusal(error)) return renewPassword(renewal, error);
    throw error;
  }
};

const keepPassword = async <Server>(
  { services, saved }: Renewal<Server>,
  { password }: Endpoint,
): Promise<void> => {
  const { config } = await services.settings.read();
  if (saved.passwordStorage === undefined || !config.connections.cache_passwords || !password) return;
  const { connections } = await services.memory.store();
  await connections.save(saved, { password, storage: config.connections.password_storage });
  (await services.person.prompts()).show([`The new password of ${saved.name} works and is kept.`]);
};

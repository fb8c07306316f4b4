import type { ExitName } from '../../core/exit-codes.js';
import { type ConnectionName, toConnectionName } from '../../core/names.js';
import { isPlanFile } from '../../core/plan/unsaved-plan.js';
import { describeRest, toConnectionDocument } from '../../render/connections.js';
import type { Screen } from '../frame/screen.js';
import type { Services } from '../services/compose.js';
import { readConnectionName } from './connection-flags.js';

/** A saved connection and the name that it, or its double, is to have. */
interface Names {
  readonly from: string;
  readonly to: string;
}

/** Gives a connection another name, and says which plans have named it so far. */
export const renameConnection = async (
  services: Services<'memory'>,
  names: Names,
  screen: Screen,
): Promise<ExitName> => {
  const [from, to] = [toConnectionName(names.from), readConnectionName(names.to)];
  const { connections } = await services.memory.store();
  await connections.rename(from, to);
  const plans = await listPlans(services, from);
  if (screen.format === 'json') screen.printJson('connection-renamed', { from, to, plans });
  else screen.print([`Renamed ${from} to ${to}`]);
  screen.notice(
    plans.length === 0
      ? `A plan that names ${from} must name ${to} from now on.`
      : `These plans have named ${from}, and must name ${to} from now on: ${plans.join(', ')}`,
  );
  return 'done';
};

/** Saves a connection once more under another name, with its password. */
export const duplicateConnection = async (
  services: Services<'memory'>,
  names: Names,
  screen: Screen,
): Promise<ExitName> => {
  const [from, to] = [toConnectionName(names.from), readConnectionName(names.to)];
  const { connections } = await services.memory.store();
  await connections.duplicate(from, to);
  const saved = await connections.find(to);
  if (screen.format === 'text') screen.print([`Saved ${to}, the same as ${from}`]);
  else if (saved) screen.printJson('connection', { connection: toConnectionDocument(saved) });
  if (saved) screen.notice(describeRest(saved));
  return 'done';
};

/** Files of plans that were applied with this connection, as they were named then. */
const listPlans = async (services: Services<'memory'>, name: ConnectionName): Promise<readonly string[]> => {
  const runs = await (await services.memory.history()).listRuns({ limit: Number.MAX_SAFE_INTEGER });
  const used = runs.filter(({ source, target }) => source.name === name || target.name === name);
  return [...new Set(used.map(({ plan }) => plan.path).filter(isPlanFile))];
};

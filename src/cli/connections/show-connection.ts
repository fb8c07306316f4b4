import type { ExitName } from '../../core/exit-codes.js';
import { toConnectionName } from '../../core/names.js';
import { describeUnknownConnections } from '../../core/server/unknown-connection.js';
import { renderConnection, toConnectionDocument } from '../../render/connections.js';
import type { Screen } from '../frame/screen.js';
import type { Services } from '../services/compose.js';

/** Everything that is saved of one connection, but its password. */
export const showConnection = async (
  services: Services<'memory'>,
  name: string,
  screen: Screen,
): Promise<ExitName> => {
  const { connections } = await services.memory.store();
  const saved = await connections.find(toConnectionName(name));
  if (!saved) {
    const names = (await connections.list()).map((connection) => connection.name);
    throw describeUnknownConnections([name], names) ?? new Error(`${name} was saved just now`);
  }
  if (screen.format === 'json') screen.printJson('connection', { connection: toConnectionDocument(saved) });
  else screen.print(renderConnection(saved, screen.output, new Date()));
  return 'done';
};

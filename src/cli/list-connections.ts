import { renderConnections, toConnectionDocument } from '../render/connections.js';
import type { Composition } from './compose.js';
import type { Screen } from './screen.js';

/** Shows every saved connection, the most recently used first. */
export const listConnections = async (composition: Composition, screen: Screen): Promise<void> => {
  const { connections } = await composition.store();
  const saved = await connections.list();
  if (screen.format === 'json') {
    screen.printJson('connections', { connections: saved.map(toConnectionDocument) });
    return;
  }
  screen.print(renderConnections(saved, screen.output, new Date()));
  if (saved.length === 0)
    screen.notice(
      'No connection is saved yet. Add one:  mysql-sync connections add NAME --host HOST --user USER',
    );
  if (saved.some(({ passwordStorage }) => passwordStorage === 'base64'))
    screen.notice('Passwords kept as base64 are not encrypted: whoever can read state.db can read them.');
};

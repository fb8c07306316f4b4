import type { ExitName } from '../../core/exit-codes.js';
import { renderConnections, toConnectionDocument, toTestDocument } from '../../render/connections.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';
import { explainFailures, haveAllAnswered, testWhileWaiting } from './test-connections.js';

export const NO_CONNECTIONS =
  'No connection is saved yet. Add one:  mysql-sync connections add NAME --host HOST --user USER';

/** Shows every saved connection, the most recently used first; with `check` also which of them answer now. */
export const listConnections = async (
  services: Services<'settings' | 'memory' | 'person' | 'servers'>,
  how: 'as-seen' | 'check',
  screen: Screen,
): Promise<ExitName> => {
  const { connections } = await services.memory.store();
  const tests = how === 'check' ? await testWhileWaiting(services, [], screen, 'interrupts') : [];
  const saved = await connections.list();
  const results = how === 'check' ? new Map(tests.map(({ name, result }) => [name, result])) : undefined;
  if (screen.format === 'json')
    screen.printJson('connections', {
      connections: saved.map((connection) => ({
        ...toConnectionDocument(connection),
        ...(how === 'check' && {
          check: tests
            .filter(({ name }) => name === connection.name)
            .map((test) => toTestDocument(test, []))[0],
        }),
      })),
    });
  else {
    screen.print(renderConnections(saved, screen.output, new Date(), results));
    explainFailures(tests, screen);
    if (saved.length === 0) screen.notice(NO_CONNECTIONS);
    if (saved.some(({ passwordStorage }) => passwordStorage === 'base64'))
      screen.notice('Passwords kept as base64 are not encrypted: whoever can read state.db can read them.');
  }
  return haveAllAnswered(tests) ? 'done' : 'cannotConnect';
};

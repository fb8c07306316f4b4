import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { toConnectionName } from '../../core/names.js';
import { formatPlural } from '../../render/units.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

/** Deletes the named connections, all or none. */
export const deleteConnections = async (
  services: Services<'memory'>,
  names: readonly string[],
  screen: Screen,
): Promise<ExitName> => {
  const { connections } = await services.memory.store();
  const unique = [...new Set(names)];
  await connections.delete(unique.map(toConnectionName));
  if (screen.format === 'json') screen.printJson('connections-deleted', { deleted: unique });
  else screen.print([`Deleted ${unique.join(', ')}`]);
  return 'done';
};

/** Deletes every connection once a person has typed so, or the command line has said it. */
export const clearConnections = async (
  services: Services<'memory' | 'person'>,
  consent: 'confirmed' | 'ask',
  screen: Screen,
): Promise<ExitName> => {
  const { connections } = await services.memory.store();
  const count = (await connections.list()).length;
  if (count > 0 && consent === 'ask') await confirmClearing(services, count, screen);
  const deleted = await connections.clear();
  if (screen.format === 'json') screen.printJson('connections-deleted', { count: deleted });
  else screen.print([`Deleted ${formatPlural(deleted, 'connection')}`]);
  return 'done';
};

const WORD = 'clear';

const confirmClearing = async (
  services: Services<'person'>,
  count: number,
  screen: Screen,
): Promise<void> => {
  const connections = formatPlural(count, 'connection');
  if (!screen.canPrompt)
    throw new SyncError('APPROVAL_REQUIRED', {
      message: `${connections} would be deleted, and nobody has confirmed it`,
      hints: ['Confirm on the command line:  mysql-sync connections clear --yes'],
    });
  const prompts = await services.person.prompts();
  const typed = await prompts.text(`Type "${WORD}" to delete ${connections} and the kept passwords:`);
  if (typed !== WORD) throw new SyncError('APPROVAL_MISMATCH', { message: 'Aborted. Nothing was changed.' });
};

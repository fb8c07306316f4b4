import { reportError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import type { EventSink } from './ports/ports.js';

/**
 * Writes a run down on this machine while its databases change on the target. What is done there is done, so a history
 * that cannot be written is worth a note and no failure.
 */
export const keepHistory = async (
  database: DatabaseName,
  events: EventSink,
  write: () => Promise<void>,
): Promise<void> => {
  try {
    await write();
  } catch (error) {
    const message = `the history does not have all of this run: ${reportError(error).message}`;
    events({ type: 'note', database, message });
  }
};

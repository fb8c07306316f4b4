import { SyncError } from '../../core/errors.js';
import { EscapePressed } from '../../core/escape-pressed.js';
import type { Services } from '../services/compose.js';

/**
 * Runs a conversation. When the person leaves it by Ctrl-C, or by Esc at its first question, and connections were saved
 * or deleted on the way, that is said: those answers were confirmed, and stay.
 */
export const abortHonestly = async <Result>(
  services: Services<'memory' | 'person'>,
  conversation: () => Promise<Result>,
): Promise<Result> => {
  const before = await describeSaved(services);
  try {
    return await services.person.untilInterrupted(conversation);
  } catch (error) {
    const isAbort = error instanceof SyncError && error.code === 'APPROVAL_DECLINED';
    if (!isAbort && !(error instanceof EscapePressed)) throw error;
    const isSame = before === (await describeSaved(services));
    throw new SyncError('APPROVAL_DECLINED', {
      message: 'Aborted. Nothing was changed.',
      ...(!isSame && { hints: ['What you confirmed before that stays:  mysql-sync connections list'] }),
    });
  }
};

/** What of the saved connections a person would miss, or be surprised by. */
const describeSaved = async (services: Services<'memory'>): Promise<string> => {
  const { connections } = await services.memory.store();
  const saved = await connections.list();
  const lines = saved.map(({ name, address, user, tls, access, isProtected }) =>
    JSON.stringify([name, address, user, tls, access, isProtected]),
  );
  return lines.sort().join('\n');
};

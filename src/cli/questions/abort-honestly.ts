import { SyncError } from '../../core/errors.js';
import { WentBack } from '../../core/went-back.js';
import type { Composition } from '../compose.js';

/**
 * Runs a conversation. When the person leaves it by Ctrl-C, or by Esc at its first question, and connections were saved
 * or deleted on the way, that is said: those answers were confirmed, and stay.
 */
export const abortHonestly = async <Result>(
  composition: Composition,
  conversation: () => Promise<Result>,
): Promise<Result> => {
  const before = await describeSaved(composition);
  try {
    return await composition.untilInterrupted(conversation);
  } catch (error) {
    const isAbort = error instanceof SyncError && error.code === 'APPROVAL_DECLINED';
    if (!isAbort && !(error instanceof WentBack)) throw error;
    const isSame = before === (await describeSaved(composition));
    throw new SyncError('APPROVAL_DECLINED', {
      message: 'Aborted. Nothing was changed.',
      ...(!isSame && { hints: ['What you confirmed before that stays:  mysql-sync connections list'] }),
    });
  }
};

/** What of the saved connections a person would miss, or be surprised by. */
const describeSaved = async (composition: Composition): Promise<string> => {
  const { connections } = await composition.store();
  const saved = await connections.list();
  const lines = saved.map(({ name, address, user, tls, access, isProtected }) =>
    JSON.stringify([name, address, user, tls, access, isProtected]),
  );
  return lines.sort().join('\n');
};

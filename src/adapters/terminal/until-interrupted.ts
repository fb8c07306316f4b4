import { SyncError } from '../../core/errors.js';

/** Ctrl-C at a question, or while it is made, is a no; where nothing is asked it interrupts the command. */
export type Leaving = 'declines' | 'interrupts';

const refusalOf = (leaving: Leaving): SyncError =>
  leaving === 'declines'
    ? new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was changed.' })
    : new SyncError('INTERRUPTED', { message: 'interrupted by SIGINT' });

/** The result of the work, or a rejection at SIGINT; the work is then left behind, and nobody waits for it. */
export const untilInterrupted = async <Result>(
  work: Promise<Result>,
  onAbandoned: () => void,
  leaving: Leaving = 'declines',
): Promise<Result> => {
  let onInterrupt: () => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    onInterrupt = () => {
      onAbandoned();
      reject(refusalOf(leaving));
    };
  });
  process.on('SIGINT', onInterrupt);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
};

import { SyncError } from '../../core/errors.js';

/**
 * The result of the work, or a rejection with APPROVAL_DECLINED at SIGINT; the work is then left behind, and nobody
 * waits for it.
 */
export const untilInterrupted = async <Result>(
  work: Promise<Result>,
  onAbandoned: () => void,
): Promise<Result> => {
  let onInterrupt: () => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    onInterrupt = () => {
      onAbandoned();
      reject(new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was changed.' }));
    };
  });
  process.on('SIGINT', onInterrupt);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
};

import ora from 'ora';
import { SyncError } from '../../core/errors.js';
import type { Look } from '../../render/look.js';

/**
 * Shows on stderr that something goes on until the work settles. Ctrl-C rejects with APPROVAL_DECLINED at once; the work
 * is then left behind, and nobody waits for it.
 */
export const spinWhile = async <Result>(
  text: string,
  { hasColor }: Look,
  work: Promise<Result>,
  onAbandoned: () => void,
): Promise<Result> => {
  const spinner = ora({ text, stream: process.stderr, color: hasColor ? 'cyan' : false });
  let onInterrupt: () => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    onInterrupt = () => {
      onAbandoned();
      reject(new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was changed.' }));
    };
  });
  process.on('SIGINT', onInterrupt);
  spinner.start();
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    spinner.stop();
    process.off('SIGINT', onInterrupt);
  }
};

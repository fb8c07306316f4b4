import type { ApplyEnd } from '../../core/run/apply-end.js';
import { readSuccessTimes } from '../../core/run/success-times.js';
import { renderMetrics } from '../../render/metrics.js';

/**
 * Replaces a file of metrics, and keeps when each database was last copied. Without a plan there is nothing to say. What
 * cannot be written is a warning.
 */
export const writeMetrics = async (
  path: string,
  end: ApplyEnd,
  warn: (line: string) => void,
): Promise<void> => {
  const { plan, target } = end;
  if (plan === null || target === null) return;
  const { readCheckedFile } = await import('../../adapters/plan-file/read-checked.js');
  const { replaceFile } = await import('../../adapters/plan-file/replace-file.js');
  const now = new Date();
  const owner = { plan, target };
  try {
    // Without an earlier file, or with one that is none of ours, there is nothing to keep.
    const text = await readCheckedFile(path, { links: 'anywhere' }).then(
      ({ bytes }) => Buffer.from(bytes).toString('utf8'),
      () => '',
    );
    const earlier = readSuccessTimes(text, owner, now);
    await replaceFile(path, renderMetrics(end, owner, { earlier, now }), 'public');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    warn(`warning: cannot write the metrics to ${path} (${code})`);
  }
};

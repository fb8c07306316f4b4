import { formatRelativeTime } from './relative-time.js';
import { formatBytes } from './units.js';

interface Kept {
  readonly bytes: number;
  /** RFC 3339 */
  readonly startedAt: string | null;
}

/** `45 kept for rollback, 12.0 GiB, oldest 6 d ago` */
export const summarizeKept = (kept: readonly Kept[], now: Date): string => {
  const bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
  const oldest = kept
    .flatMap(({ startedAt }) => startedAt ?? [])
    .toSorted()
    .at(0);
  const age = oldest === undefined ? '' : `, oldest ${formatRelativeTime(oldest, now)}`;
  return `${String(kept.length)} kept for rollback, ${formatBytes(bytes)}${age}`;
};

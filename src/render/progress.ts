import type { CopyProgress, Phase } from '../core/run/run-event.js';
import { makePrintable } from '../core/printable.js';
import { formatBytes, formatDuration } from './units.js';

/** What a person reads while one database is worked on. */
export interface DatabaseProgress {
  readonly phase: Phase;
  readonly progress: CopyProgress | undefined;
  /** Since the rows began to travel. */
  readonly copyMilliseconds: number;
}

const PHASE_LABELS: Record<Phase, string> = {
  stage: 'making the staging tables',
  copy: 'copying',
  verify: 'verifying',
  swap: 'swapping in',
  clean: 'cleaning up',
};

export const phaseLabel = (phase: Phase): string => PHASE_LABELS[phase];

/** `copying  ~42%  1.2 GiB  85.0 MiB/s  ETA 40s  orders, items`: percent and ETA come from row estimates, hence `~`. */
export const renderProgress = ({ phase, progress, copyMilliseconds }: DatabaseProgress): string => {
  if (phase !== 'copy' || !progress) return PHASE_LABELS[phase];
  const share = progress.rowsEstimate > 0 ? Math.min(0.99, progress.rows / progress.rowsEstimate) : undefined;
  const rate = copyMilliseconds > 0 ? (progress.bytes / copyMilliseconds) * 1000 : 0;
  return [
    PHASE_LABELS.copy,
    share === undefined ? '' : `~${String(Math.floor(share * 100))}%`,
    formatBytes(progress.bytes),
    rate > 0 ? `${formatBytes(rate)}/s` : '',
    share !== undefined && share >= 0.01
      ? `ETA ${formatDuration((copyMilliseconds / share) * (1 - share))}`
      : '',
    progress.current.map(makePrintable).join(', '),
  ]
    .filter((part) => part !== '')
    .join('  ');
};

import type { CopyProgress, Phase } from '../core/run/run-event.js';
import { makePrintable } from '../core/printable.js';
import { formatBytes, formatDuration } from './units.js';

/** What a person reads while one database is worked on. */
export interface DatabaseProgress {
  readonly phase: Phase;
  readonly progress: CopyProgress | undefined;
  /** Since the phase began. */
  readonly copyMilliseconds: number;
}

const PHASE_LABELS: Record<Phase, string> = {
  compare: 'comparing with the source',
  stage: 'making the staging tables',
  copy: 'copying',
  verify: 'verifying',
  preserve: 'preserving rows of the target',
  hooks: 'running hooks',
  swap: 'swapping in',
  clean: 'cleaning up',
};

export const phaseLabel = (phase: Phase): string => PHASE_LABELS[phase];

/** How much of the rows is copied by the source's estimate, which it may exceed; undefined without one. */
export const copiedShare = ({ rows, rowsEstimate }: CopyProgress): number | undefined =>
  rowsEstimate > 0 ? Math.min(0.99, rows / rowsEstimate) : undefined;

/** `~42%`: of estimates, hence `~`. */
export const formatShare = (share: number): string => `~${String(Math.floor(share * 100))}%`;

/** `85.0 MiB/s`; nothing before there is something to divide. */
export const formatRate = (bytes: number, milliseconds: number): string =>
  bytes > 0 && milliseconds > 0 ? `${formatBytes((bytes / milliseconds) * 1000)}/s` : '';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Less than what is told apart is noise that changes with every frame. */
const stepOf = (milliseconds: number): number => {
  if (milliseconds < 10 * SECOND) return SECOND;
  if (milliseconds < MINUTE) return 5 * SECOND;
  return milliseconds < 5 * MINUTE ? 10 * SECOND : MINUTE;
};

/** `ETA 2m 10s`; nothing below 1 %, which is no measure of the rest, and in the last second. */
export const formatEta = (milliseconds: number, share: number): string => {
  if (share < 0.01) return '';
  const left = (milliseconds / share) * (1 - share);
  const step = stepOf(left);
  return left < SECOND ? '' : `ETA ${formatDuration(Math.ceil(left / step) * step)}`;
};

/** `copying`, `~42%`, `1.2 GiB`, `85.0 MiB/s`, `ETA 40s`, `orders, items`: what matters most comes first. */
export const progressParts = ({ phase, progress, copyMilliseconds }: DatabaseProgress): readonly string[] => {
  if ((phase !== 'copy' && phase !== 'compare') || !progress) return [PHASE_LABELS[phase]];
  const share = copiedShare(progress);
  return [
    PHASE_LABELS[phase],
    share === undefined ? '' : formatShare(share),
    phase === 'copy' ? formatBytes(progress.bytes) : '',
    formatRate(progress.bytes, copyMilliseconds),
    share === undefined ? '' : formatEta(copyMilliseconds, share),
    progress.current.map(makePrintable).join(', '),
  ].filter((part) => part !== '');
};

/** The same in one text. */
export const renderProgress = (progress: DatabaseProgress): string => progressParts(progress).join('  ');

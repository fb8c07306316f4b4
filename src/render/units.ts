export { formatDuration } from '../core/duration.js';
export { formatCount, formatPlural } from '../core/plural.js';

const BINARY_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `512 B`, `9.8 GiB`: one decimal from a kibibyte on. */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  let size = bytes / 1024;
  let index = 0;
  // 1023.95 and more would be printed as 1024.0 of the smaller unit.
  while (size >= 1023.95 && index < BINARY_UNITS.length - 1) {
    size /= 1024;
    index += 1;
  }
  return `${size.toFixed(1)} ${BINARY_UNITS[index] ?? ''}`;
};

/** `400 ms`, `57s`, `1m 30s`, `2h 5m`, `3d 4h`: at most two units. */
export const formatDuration = (milliseconds: number): string => {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return pair(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 24 * 60 ? pair(minutes, 60, 'h', 'm') : pair(Math.round(minutes / 60), 24, 'd', 'h');
};

const pair = (smaller: number, ratio: number, largeUnit: string, smallUnit: string): string => {
  const rest = smaller % ratio;
  return `${Math.floor(smaller / ratio)}${largeUnit}${rest > 0 ? ` ${rest}${smallUnit}` : ''}`;
};

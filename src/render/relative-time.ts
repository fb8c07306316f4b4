const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * `just now`, `5 min ago`, `2 h ago`, `3 d ago`; from 30 days on, or in the future, the date (`2026-09-01`, UTC).
 * `time` is RFC 3339; what cannot be read as a time is returned as it is.
 */
export const formatRelativeTime = (time: string, now: Date): string => {
  const then = new Date(time);
  const age = now.getTime() - then.getTime();
  if (Number.isNaN(age)) return time;
  // Clocks of two machines differ by some seconds.
  if (age >= 30 * DAY || age < -MINUTE) return then.toISOString().slice(0, 10);
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  return `${Math.floor(age / DAY)} d ago`;
};

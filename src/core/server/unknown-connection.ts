import { SyncError } from '../errors.js';
import { suggestNearest } from '../nearest.js';

/** CONN_UNKNOWN for names that are not among the known ones; undefined when all of them are. */
export const describeUnknownConnections = (
  names: readonly string[],
  known: readonly string[],
): SyncError | undefined => {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  const guesses = unknown.map((name) => {
    const guess = suggestNearest(name, known);
    return guess === undefined ? `"${name}"` : `"${name}" (${guess})`;
  });
  return new SyncError('CONN_UNKNOWN', {
    message: `no connection is called ${guesses.join(', ')}`,
    hints: ['See them all:  mysql-sync connections list'],
  });
};

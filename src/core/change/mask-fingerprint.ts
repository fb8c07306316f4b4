import { createHmac } from 'node:crypto';
import type { DatabaseChange } from './change-set.js';
import { fingerprintOf } from '../fingerprint.js';
import type { Secret } from '../secret.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';

/**
 * Tells two keys apart, 16 hexadecimal digits. Who sees it can try guesses of the key against it, as against any mask;
 * of a random key of 128 bits and more nobody guesses one.
 */
export const fingerprintOfKey = (key: Secret): string =>
  createHmac('sha256', key.reveal()).update('mysql-sync: fingerprint of the key').digest('hex').slice(0, 16);

/** Tells apart the masks that made a copy what it is. Undefined where no column is masked. */
export const fingerprintOfMasks = (
  { tables }: Pick<DatabaseChange, 'tables'>,
  mask: Pick<ResolvedMask, 'key'> | undefined,
): string | undefined => {
  const masked = tables.flatMap(({ name, masks }) => (masks === undefined ? [] : [{ name, masks }]));
  if (masked.length === 0 || mask === undefined) return undefined;
  return fingerprintOf({ key: fingerprintOfKey(mask.key), masked });
};

import type { DatabaseChange } from './change-set.js';
import { fingerprintOf } from '../fingerprint.js';
import { keyFingerprint } from '../mask/key-fingerprint.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';

/** Tells apart the masks that made a copy what it is. Undefined where no column is masked. */
export const fingerprintOfMasks = (
  { tables }: Pick<DatabaseChange, 'tables'>,
  mask: Pick<ResolvedMask, 'key'> | undefined,
): string | undefined => {
  const masked = tables.flatMap(({ name, masks }) => (masks === undefined ? [] : [{ name, masks }]));
  if (masked.length === 0 || mask === undefined) return undefined;
  return fingerprintOf({ key: keyFingerprint(mask.key), masked });
};

import { createHmac } from 'node:crypto';
import { DETECTORS_VERSION } from '../mask/detector.js';
import type { ScanExtent } from '../mask/leaks.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';
import type { RunId } from '../names.js';
import type { Origin } from '../run/provenance.js';
import type { TableInventory } from '../server/inventory.js';
import type { DatabaseChange } from './change-set.js';
import { keyOfColumn } from './classified-column.js';

/** A masked copy as a plan wants it. */
export interface MaskedCopy {
  readonly change: Pick<DatabaseChange, 'from' | 'to' | 'tables'>;
  /** Of the source. */
  readonly tables: readonly TableInventory[];
  readonly mask: Pick<ResolvedMask, 'key' | 'lock' | 'scan'>;
  /** Of the target, as in its facts. */
  readonly identity: string;
}

/**
 * Says that a run has searched all rows of a copy for personal data: with these masks and their key, what the lock accepts, and these
 * detectors, in tables of this structure. Made with the key of the masks, so that whoever may only write to the target cannot make one.
 * 64 hex digits.
 */
export const sealSearch = (
  { change: { from, to, tables }, tables: inventory, mask, identity }: MaskedCopy,
  run: RunId,
  scan: ScanExtent,
): string => {
  const searched = tables
    .filter(({ content }) => content !== 'none')
    .map(({ name, masks = null }) => {
      const table = inventory.find((one) => one.name === name);
      const allowed = (table?.columns ?? []).flatMap((column) => {
        const allow = mask.lock?.columns.get(keyOfColumn(from, name, column.name))?.allow ?? [];
        return allow.length === 0 ? [] : [[column.name, allow.toSorted()]];
      });
      return { name, structure: table?.fingerprint, masks, allowed };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return createHmac('sha256', mask.key.reveal())
    .update(
      `mysql-sync: searched copy\n${JSON.stringify([DETECTORS_VERSION, identity, to, run, scan, searched])}`,
    )
    .digest('hex');
};

/** Whether a copy that an earlier run made was searched at least as this plan would search it. */
export const wasSearched = (origin: Origin | null | undefined, copy: MaskedCopy): boolean => {
  const { scan } = copy.mask;
  if (scan === 'off') return true;
  const { scan: earlier, searched } = origin?.masks ?? {};
  if (!origin || searched === undefined || earlier === undefined || earlier === 'off') return false;
  return (earlier === 'full' || earlier === scan) && searched === sealSearch(copy, origin.run, earlier);
};

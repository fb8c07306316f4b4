import { isSameVendor } from '../../flavor.js';
import type { Hazard } from '../change-set.js';
import { mapColumns } from '../map-columns.js';
import { type HazardRule, listNames, preservedTables } from './hazard-rule.js';

const MAPPED = 'Rows are mapped by the names of columns.';

/**
 * What of the rows that stay has no place in the new structure. Between vendors a type may have another name in the copy,
 * which is looked at again when the copy is there, before any row is put into it.
 */
export const preserveColumns: HazardRule = (situation) =>
  preservedTables(situation).flatMap(({ copied, live }): readonly Hazard[] => {
    if (!copied || !live || live.fingerprint === copied.fingerprint) return [];
    const { missing, changed, narrower, lost } = mapColumns(live, copied);
    const isCertain = isSameVendor(situation.sourceServer, situation.targetServer);
    const tell = (severity: Hazard['severity'], what: string, hint: string): Hazard => ({
      code: 'PRESERVE_COLUMNS',
      severity,
      message: `rows of ${live.name} that tables.preserve keeps ${what}`,
      hint,
    });
    return [
      ...(missing.length > 0
        ? [
            tell(
              'blocks',
              `have no value for ${listNames(missing)}, which the copy does not take without one`,
              'Add the column to the live table first, with the values that its rows are to have.',
            ),
          ]
        : []),
      ...(changed.length > 0
        ? [
            tell(
              isCertain ? 'blocks' : 'note',
              `${isCertain ? 'would' : 'might'} have other values in the types of the copy: ${listNames(changed)}`,
              isCertain
                ? 'Give the columns of the live table the types that the source has.'
                : 'If so, the database fails before anything goes live.',
            ),
          ]
        : []),
      ...(narrower.length > 0
        ? [
            tell(
              'note',
              `may not fit into the copy: ${listNames(narrower)}`,
              'A value that does not fit fails the database before anything goes live.',
            ),
          ]
        : []),
      ...(lost.length > 0
        ? [tell('note', `lose the values of ${listNames(lost)}, which the copy does not store`, MAPPED)]
        : []),
    ];
  });

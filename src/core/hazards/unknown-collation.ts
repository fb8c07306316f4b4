import { describeFlavor } from '../flavor.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** A collation that the target server does not have cannot be created there. */
export const unknownCollation: HazardRule = (situation) => {
  const used = new Set([situation.source.collation]);
  for (const table of copiedTables(situation)) {
    for (const { collation } of table.columns) if (collation !== undefined) used.add(collation);
  }
  const unknown = [...used].filter((collation) => !situation.targetServer.collations.has(collation)).sort();
  if (unknown.length === 0) return [];
  return [
    {
      code: 'UNKNOWN_COLLATION',
      severity: 'blocks',
      message: `uses ${listNames(unknown)}, unknown to ${describeFlavor(situation.targetServer.flavor)}`,
      hint: 'Exclude the tables that use it (tables.exclude), or convert them on the source.',
    },
  ];
};

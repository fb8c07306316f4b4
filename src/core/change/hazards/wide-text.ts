import { describeFlavor } from '../../flavor.js';
import { supports } from '../../server/features.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** MariaDB 10.5 stores a `?` for each character of four bytes in an expression, and uses it so. */
export const wideText: HazardRule = (situation) => {
  const { flavor } = situation.targetServer;
  if (supports(flavor, 'wideExpressions')) return [];
  const wide = copiedTables(situation).flatMap(({ wideTexts = [] }) => wideTexts);
  if (wide.length === 0) return [];
  return [
    {
      code: 'WIDE_TEXT',
      severity: 'blocks',
      message: `${describeFlavor(flavor)} would store a ? in place of four-byte characters in the expressions of ${listNames(wide)}`,
      hint: 'Exclude the tables (tables.exclude), or change the expressions on the source.',
    },
  ];
};

import { isInSnapshot } from '../../server/snapshot-engines.js';
import { type HazardRule, filledTables, listNames } from './hazard-rule.js';

/** What is written to meanwhile may be in the copy or not. */
export const outsideSnapshot: HazardRule = (situation) => {
  const outside = filledTables(situation).filter((table) => !isInSnapshot(table));
  if (outside.length === 0) return [];
  return [
    {
      code: 'OUTSIDE_SNAPSHOT',
      severity: 'note',
      message: `not part of the consistent snapshot: ${listNames(outside.map(({ name, engine }) => `${name} (${engine ?? ''})`))}`,
      hint: 'Rows written to them during the copy may or may not be in it.',
    },
  ];
};

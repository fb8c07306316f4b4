import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** Servers print ENUM members and expressions by way of a character set of three bytes, and older ones tell them in no other way. */
export const lostText: HazardRule = (situation) => {
  const lost = copiedTables(situation).flatMap(({ lostTexts = [] }) => lostTexts);
  if (lost.length === 0) return [];
  return [
    {
      code: 'LOST_TEXT',
      severity: 'blocks',
      message: `the source prints ? where other characters may be stored, in the definitions of ${listNames(lost)}`,
      hint: 'Exclude the tables (tables.exclude), or give the columns another definition on the source.',
    },
  ];
};

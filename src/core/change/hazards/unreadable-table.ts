import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** A table that the source server cannot open (crashed, or its engine is gone) has no engine in information_schema. */
export const unreadableTable: HazardRule = (situation) => {
  const broken = copiedTables(situation).filter(
    ({ engine, kind }) => engine === undefined && kind !== 'sequence',
  );
  if (broken.length === 0) return [];
  return [
    {
      code: 'UNREADABLE_TABLE',
      severity: 'blocks',
      message: `the source cannot open ${listNames(broken.map(({ name }) => name))}`,
      hint: 'Repair them on the source (CHECK TABLE says what is wrong), or leave them out with tables.exclude.',
    },
  ];
};

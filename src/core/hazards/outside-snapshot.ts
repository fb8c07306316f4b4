import { type HazardRule, filledTables, listNames } from './hazard-rule.js';

const TRANSACTIONAL = new Set(['innodb', 'rocksdb', 'sequence']);

/** Only transactional engines take part in the snapshot; other tables are read as they are at that moment. */
export const outsideSnapshot: HazardRule = (situation) => {
  const outside = filledTables(situation).filter(
    ({ engine, kind }) =>
      kind !== 'sequence' && engine !== undefined && !TRANSACTIONAL.has(engine.toLowerCase()),
  );
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

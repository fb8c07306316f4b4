import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/**
 * A default that takes from a sequence of another database needs that sequence when its table is made (1146), so what
 * comes by the same swap comes too late.
 */
export const missingSequence: HazardRule = (situation) => {
  const missing = copiedTables(situation).flatMap(({ name: table, sequencesElsewhere = [] }) =>
    sequencesElsewhere
      .filter(
        ({ database, name }) =>
          !situation.targetTablesElsewhere.get(database)?.has(name) ||
          (situation.together.has(database) &&
            !situation.together.get(database)?.target?.tables.some((table) => table.name === name)),
      )
      .map(({ database, name }) => `${database}.${name} (table ${table})`),
  );
  if (missing.length === 0) return [];
  return [
    {
      code: 'MISSING_SEQUENCE',
      severity: 'blocks',
      message: `defaults use sequences that the target does not have: ${listNames([...new Set(missing)])}`,
      hint: 'Copy their databases with the same plan, make the sequences on the target, or exclude the tables (tables.exclude).',
    },
  ];
};

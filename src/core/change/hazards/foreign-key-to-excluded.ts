import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/**
 * In the staging database the key of a copied table can only refer to a staged table. One that is excluded is not
 * there, and after the swap the key would still refer to the staging database, which is gone.
 */
export const foreignKeyToExcluded: HazardRule = (situation) => {
  const copied = copiedTables(situation);
  const names = new Set(copied.map(({ name }) => name));
  const keys = copied.flatMap((table) =>
    table.foreignKeys
      .filter(
        ({ referencedDatabase, referencedTable }) =>
          referencedDatabase === situation.from && !names.has(referencedTable),
      )
      .map(({ name, referencedTable }) => `${table.name}.${name} to ${referencedTable}`),
  );
  if (keys.length === 0) return [];
  return [
    {
      code: 'FOREIGN_KEY_TO_EXCLUDED',
      severity: 'blocks',
      message: `foreign keys of copied tables refer to tables that the plan leaves out: ${listNames(keys)}`,
      hint: 'Copy the referenced tables too (structure_only is enough), or leave out the tables with the keys as well.',
    },
  ];
};

import { type HazardRule, listNames } from './hazard-rule.js';

/**
 * InnoDB lets a foreign key follow its parent through a rename, so a key from a table that is not swapped would
 * silently point at the retired table afterwards.
 */
export const incomingForeignKey: HazardRule = ({ target, tables, to }) => {
  if (!target) return [];
  const kept = new Set(tables.filter(({ action }) => action === 'keep').map(({ name }) => name));
  const moved = new Set(
    tables.filter(({ action }) => action === 'replace' || action === 'drop').map(({ name }) => name),
  );
  const foreign = target.incomingForeignKeys
    .filter(({ referencedTable }) => moved.has(referencedTable))
    .map((key) => `${key.database}.${key.table} (${key.name})`);
  const excluded = target.tables
    .filter(({ name }) => kept.has(name))
    .flatMap((table) =>
      table.foreignKeys
        .filter((key) => key.referencedDatabase === target.name && moved.has(key.referencedTable))
        .map((key) => `${table.name} (${key.name})`),
    );
  const keys = [...foreign, ...excluded];
  if (keys.length === 0) return [];
  return [
    {
      code: 'INCOMING_FOREIGN_KEY',
      severity: 'blocks',
      message: `tables outside the copy refer to ${to} by foreign keys: ${listNames(keys)}`,
      hint: 'Copy those tables too, or drop the foreign keys on the target first and make them again afterwards.',
    },
  ];
};

import { type HazardRule, filledTables, listNames } from './hazard-rule.js';
import { formatPlural } from '../../plural.js';

/** Rows whose parents the plan leaves out are copied as they are: foreign keys are not checked while rows come in. */
export const orphanedRows: HazardRule = (situation) => {
  const partial = new Map(
    situation.tables
      .filter(({ action, content }) => (action === 'create' || action === 'replace') && content !== 'all')
      .map(({ name, content }) => [name, content === 'none' ? 'structure only' : 'filtered']),
  );
  const keys = filledTables(situation).flatMap((table) =>
    table.foreignKeys.flatMap(({ name, referencedDatabase, referencedTable }) => {
      const how = referencedDatabase === situation.from ? partial.get(referencedTable) : undefined;
      return how === undefined ? [] : [`${table.name}.${name} to ${referencedTable} (${how})`];
    }),
  );
  if (keys.length === 0) return [];
  const count = formatPlural(keys.length, 'foreign key');
  return [
    {
      code: 'ORPHANED_ROWS',
      severity: 'note',
      message: `${count} to tables of which not all rows are copied: ${listNames(keys)}`,
      hint: 'Rows may refer to rows that the copy does not have. Filter both tables alike, or leave the children out too.',
    },
  ];
};

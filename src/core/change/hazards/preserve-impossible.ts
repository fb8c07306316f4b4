import { describeExternal } from '../../external-tables.js';
import type { PreservedTable } from '../preserve.js';
import type { TableInventory } from '../../server/inventory.js';
import { type HazardRule, type Situation, listNames, preservedTables } from './hazard-rule.js';

/** Rows that could stay only in part, twice, or unchecked. */
export const preserveImpossible: HazardRule = (situation) =>
  preservedTables(situation).flatMap((table) => {
    const reason = explain(table, situation);
    if (reason === undefined) return [];
    return [
      {
        code: 'PRESERVE_IMPOSSIBLE',
        severity: 'blocks' as const,
        message: `tables.preserve cannot keep rows of ${table.written}: ${reason}`,
        hint: 'Remove it from tables.preserve, or leave the whole table as it is (tables.exclude).',
      },
    ];
  });

const explain = ({ copied, live }: PreservedTable, situation: Situation): string | undefined => {
  if (!copied || !live) return undefined;
  for (const { kind, ...table } of [copied, live]) {
    if (kind !== 'table') return `it is a ${kind === 'sequence' ? 'sequence' : 'table with a history'}`;
    const external = describeExternal(table);
    if (external !== undefined) return `it opens data that is kept elsewhere (${external})`;
  }
  const isFilled = situation.tables.some(({ name, content }) => name === copied.name && content !== 'none');
  if (isFilled && !copied.columns.some(({ primaryKeyPosition }) => primaryKeyPosition !== undefined))
    return 'it has no primary key, so rows that the source has too would be there twice';
  const unchecked = listUnchecked(copied, situation);
  return unchecked.length === 0
    ? undefined
    : `its database is swapped together with ${listNames(unchecked)}, and foreign keys between them could not be checked`;
};

/** Databases that are swapped by the same rename, with which the table has foreign keys. */
const listUnchecked = (
  { name, foreignKeys }: TableInventory,
  { source, together }: Situation,
): readonly string[] => [
  ...new Set(
    [
      ...foreignKeys.map(({ referencedDatabase }) => referencedDatabase),
      ...source.outsideForeignKeys.flatMap(({ database, referencedTable }) =>
        referencedTable === name ? [database] : [],
      ),
    ].filter((database) => together.has(database)),
  ),
];

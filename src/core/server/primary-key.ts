import type { ColumnInventory, TableInventory } from './inventory.js';

/** The primary key's columns in their order. */
export const listPrimaryKey = ({ columns }: Pick<TableInventory, 'columns'>): readonly ColumnInventory[] =>
  columns
    .filter(({ primaryKeyPosition }) => primaryKeyPosition !== undefined)
    .sort((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0));

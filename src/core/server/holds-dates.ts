import type { TableInventory } from './inventory.js';

/** It may have dates that no calendar has, which a server takes under one sql_mode only. */
export const holdsDates = ({ columns }: Pick<TableInventory, 'columns'>): boolean =>
  columns.some(({ dataType, isGenerated }) => !isGenerated && /^date(?:time)?$/.test(dataType));

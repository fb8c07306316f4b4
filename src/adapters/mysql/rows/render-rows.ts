import type { DatabaseName } from '../../../core/names.js';
import type { TableInventory } from '../../../core/server/inventory.js';
import { quoteTable } from '../connection/identifiers.js';

/** Rows of the past are rows too. The condition is the person's: its last line may be a comment. */
export const renderRows = (
  database: DatabaseName,
  { name, kind }: Pick<TableInventory, 'name' | 'kind'>,
  where: string | null,
): string => {
  const history = kind === 'system-versioned' ? ' FOR SYSTEM_TIME ALL' : '';
  return `${quoteTable(database, name)}${history}${where === null ? '' : ` WHERE (${where}\n)`}`;
};

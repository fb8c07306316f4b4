import type { MaskDecision } from '../mask/mask-rule.js';
import type { DatabaseName, TableName } from '../names.js';
import { nameColumn } from '../plan/column-pattern.js';
import type { ColumnNames } from '../plan/column-rule.js';
import type { ColumnInventory, TableInventory } from '../server/inventory.js';

/** A source table whose rows the plan copies. */
export interface FilledTable {
  readonly database: DatabaseName;
  readonly table: TableInventory;
}

/** What decided: a rule of the plan, a key (or `follows`) to a column that has one, the lock file, or the column's type. */
export type DecidedBy = 'rule' | 'key' | 'lock' | 'type';

/** A column of the copies, and what becomes of it. */
export interface ClassifiedColumn {
  readonly database: DatabaseName;
  readonly table: TableName;
  readonly column: ColumnInventory;
  readonly isUnique: boolean;
  /** A CHECK names it. */
  readonly isChecked?: true;
  readonly decided?: { readonly decision: MaskDecision; readonly by: DecidedBy };
}

/** As the lock has it: servers know a column by its name in upper and lower case. */
export const keyOfColumn = (database: string, table: string, column: string): string =>
  nameColumn(database, table, column.toLowerCase());

/** `shop.users.email`: names it, and is a pattern of it alone. */
export const patternOf = ({ database, table, column }: ClassifiedColumn): string =>
  nameColumn(database, table, column.name);

export const namesOf = ({ database, table, column }: ClassifiedColumn): ColumnNames => ({
  database,
  table,
  column: column.name,
});

export const keyOf = ({ database, table, column }: ClassifiedColumn): string =>
  keyOfColumn(database, table, column.name);

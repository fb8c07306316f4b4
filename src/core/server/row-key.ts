import { columnTypeOf } from '../sql/column-types.js';
import type { ColumnInventory, TableInventory } from './inventory.js';
import { listPrimaryKey } from './primary-key.js';

/** A key that no two rows of a table have in common. */
export interface RowKey {
  /** The name of its index. */
  readonly index: string;
  /** In their order. */
  readonly columns: readonly ColumnInventory[];
}

type KeyedTable = Pick<TableInventory, 'columns' | 'uniqueKeys' | 'dataBytes'>;

export const PRIMARY = 'PRIMARY';

/** Rows that do not lie in the order of a key are looked up one by one: cheap where memory holds them all. The default of `innodb_buffer_pool_size`. */
const IN_MEMORY_BYTES = 134_217_728;

/**
 * By what rows are told apart and tables are cut: the primary key, or, where there is none whose values can be written in SQL, a unique
 * key over whole columns that are NOT NULL. Undefined where a table has neither.
 */
export const findRowKey = (table: KeyedTable): RowKey | undefined => {
  const primary = listPrimaryKey(table);
  if (primary.length > 0 && primary.every(isWritable)) return { index: PRIMARY, columns: primary };
  return findUniqueKey(table) ?? (primary.length > 0 ? { index: PRIMARY, columns: primary } : undefined);
};

export const listRowKey = (table: KeyedTable): readonly ColumnInventory[] => findRowKey(table)?.columns ?? [];

/** Whether each row can be named by its key in SQL. */
export const hasWholeKey = (table: KeyedTable): boolean => {
  const key = listRowKey(table);
  return key.length > 0 && key.every(isWritable);
};

/** That in whose order the rows lie, if there is a choice. */
const findUniqueKey = ({ columns, uniqueKeys = [], dataBytes }: KeyedTable): RowKey | undefined => {
  const usable = uniqueKeys
    .filter(({ tellsRows, isClustered }) => tellsRows && (isClustered ?? dataBytes <= IN_MEMORY_BYTES))
    .sort((a, b) => Number(b.isClustered ?? false) - Number(a.isClustered ?? false));
  for (const { name, columns: names } of usable) {
    const key = names.flatMap((one) => columns.find((column) => column.name === one) ?? []);
    if (key.length === names.length && key.every(isWritable)) return { index: name, columns: key };
  }
  return undefined;
};

/** Whether a value of it can be written so that a server compares it as it compares the column. */
export const isWritable = ({ dataType, charset, collation }: ColumnInventory): boolean => {
  const kind = columnTypeOf(dataType)?.key;
  return kind === 'text' ? isPlainName(charset) && isPlainName(collation) : kind !== undefined;
};

/** Names of character sets and collations go into SQL as they are, on the target too. */
const isPlainName = (name: string | undefined): boolean => name !== undefined && /^\w+$/.test(name);

import type { TableInventory } from '../server/inventory.js';
import { listRowKey } from '../server/row-key.js';
import type { MaskRule } from './mask-rule.js';

/** The masked columns of one table. */
export interface TableMasks {
  readonly columns: readonly { readonly column: string; readonly rule: MaskRule }[];
  /** SQL condition: rows that stay as they are. */
  readonly unless: string | null;
}

export const maskOf = (masks: TableMasks | undefined, column: string): MaskRule | undefined =>
  masks?.columns.find((one) => one.column === column)?.rule;

/** Whether a row has the key in the copy that it has at the source. */
export const keepsKey = (table: TableInventory, masks: TableMasks | undefined): boolean =>
  masks === undefined ||
  listRowKey(table).every(({ name, isGenerated }) => !isGenerated && maskOf(masks, name) === undefined);

/** Does SQL that a person wrote read the rows? What a server says of its failure may hold a value. */
export const readsByOwnSql = (masks: TableMasks | undefined): boolean =>
  masks !== undefined && (masks.unless !== null || masks.columns.some(({ rule }) => rule.kind === 'sql'));

/**
 * What of a table is compared. What the target computes of masked values is not what the source computed of the
 * originals, and both follow from columns that are compared.
 */
export const comparedPart = (table: TableInventory, masks: TableMasks | undefined): TableInventory =>
  masks === undefined
    ? table
    : { ...table, columns: table.columns.filter(({ isGenerated }) => !isGenerated) };

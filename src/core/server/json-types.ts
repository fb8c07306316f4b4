import type { Flavor } from '../flavor.js';
import { supports } from './features.js';
import type { TableInventory } from './inventory.js';

/**
 * Whether values in JSON keep types that its text does not show (DECIMAL, DATETIME, bytes) on the way from one server
 * to another. Both need JSON_TABLE, which finds such values and writes them; MariaDB's JSON is text.
 */
export const keepsJsonTypes = (source: Flavor, target: Flavor): boolean =>
  [source, target].every((flavor) => supports(flavor, 'typedJson'));

/** The columns of documents that are copied; generated ones are computed. */
export const listJsonColumns = ({ columns }: Pick<TableInventory, 'columns'>): readonly string[] =>
  columns.filter(({ dataType, isGenerated }) => dataType === 'json' && !isGenerated).map(({ name }) => name);

import type { ColumnInventory, TableInventory } from '../server/inventory.js';
import { fitColumn } from '../sql/fit-type.js';

/** How the rows of a live table go into the copy of a table, column by column. */
export interface MappedColumns {
  /** That are written, each with the column of the live table. */
  readonly pairs: readonly { readonly from: string; readonly to: string }[];
  /** Of the live table only, or worked out in the copy: their values go. */
  readonly lost: readonly string[];
  /** Of the copy only, and it takes no row without them. */
  readonly missing: readonly string[];
  /** Narrower in the copy: what does not fit is refused. */
  readonly narrower: readonly string[];
  /** Of a type that may change values without a word. */
  readonly changed: readonly string[];
}

type Columns = Pick<TableInventory, 'columns'>;

/** Servers take names of columns for the same in any case. */
export const mapColumns = (live: Columns, copy: Columns): MappedColumns => {
  const find = ({ columns }: Columns, { name }: ColumnInventory): ColumnInventory | undefined =>
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  const written = copy.columns.filter(({ isGenerated }) => !isGenerated);
  const pairs = written.flatMap((to) => {
    const from = find(live, to);
    return from ? [{ from, to }] : [];
  });
  const fits = pairs.map((pair) => ({ ...pair, fit: fitColumn(pair.from, pair.to) }));
  return {
    pairs: pairs.map(({ from, to }) => ({ from: from.name, to: to.name })),
    lost: live.columns
      .filter((column) => !column.isGenerated && find({ columns: written }, column) === undefined)
      .map(({ name }) => name),
    missing: written
      .filter((column) => column.isRequired && find(live, column) === undefined)
      .map(({ name }) => name),
    narrower: fits
      .filter(({ fit, from, to }) => fit === 'some' || (to.isNotNull === true && !from.isNotNull))
      .map(({ to }) => to.name),
    changed: fits.filter(({ fit }) => fit === 'changed').map(({ to }) => to.name),
  };
};

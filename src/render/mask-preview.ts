import { describeDecision } from '../core/mask/mask-lock.js';
import type { TableMasks } from '../core/mask/table-masks.js';
import { makePrintable } from '../core/printable.js';
import type { Look } from './paint.js';
import { type Cell, renderTable } from './table.js';
import { formatPlural } from './units.js';

export interface PreviewedTable {
  readonly name: string;
  readonly columns: TableMasks['columns'];
  /** Of each row its values in the order of the columns. */
  readonly rows: readonly (readonly { readonly before: string | null; readonly after: string | null }[])[];
}

const COLUMNS = ['row', 'column', 'mask', 'before', 'after'].map((title) => ({ title }));

/** A line for each masked value. Values are another's text. */
export const renderPreview = (tables: readonly PreviewedTable[], look: Look): readonly string[] =>
  tables.flatMap(({ name, columns, rows }, index) => [
    ...(index === 0 ? [] : ['']),
    makePrintable(`${name}: ${formatPlural(rows.length, 'row')}`),
    ...renderTable(
      COLUMNS,
      rows.flatMap((row, number) =>
        columns.map(({ column, rule }, at): readonly Cell[] => [
          at === 0 ? String(number + 1) : '',
          makePrintable(column),
          makePrintable(describeDecision(rule)),
          show(row[at]?.before ?? null),
          row[at]?.after === row[at]?.before
            ? { shown: '(the same)', color: 'dim' }
            : show(row[at]?.after ?? null),
        ]),
      ),
      look,
    ),
  ]);

const show = (value: string | null): Cell =>
  value === null ? { shown: 'NULL', color: 'dim' } : makePrintable(value);

import { supports } from '../server/features.js';
import type { ConversionTarget } from './conversion-target.js';
import { findFreeName } from './expression-keys.js';
import type { FindingList } from '../server/findings.js';
import { quoteName } from '../sql/quote-name.js';
import type { CheckShape, ColumnShape, TableShape } from './table-shape.js';
import { readTokens } from '../sql/token-cursor.js';

/** MariaDB has no NOT NULL for generated columns. */
export const losesNotNull = ({ generated, isNullable }: ColumnShape, { flavor }: ConversionTarget): boolean =>
  !supports(flavor, 'notNullGeneratedColumns') && generated !== undefined && !isNullable;

/** What stands for it there. */
export const listNotNullChecks = (
  { name: table, columns, checks }: TableShape,
  target: ConversionTarget,
  findings: FindingList,
): readonly CheckShape[] => {
  const taken = new Set(checks.map(({ name = '' }) => name.toLowerCase()));
  return columns
    .filter((column) => losesNotNull(column, target))
    .map((column) => {
      const name = findFreeName(`${column.name}_not_null`, taken);
      taken.add(name.toLowerCase());
      findings.note(
        `${table}.${column.name}`,
        'NOT NULL of a generated column',
        'CHECK (... IS NOT NULL), because MariaDB has no NOT NULL there',
      );
      const tokens = readTokens(`${quoteName(column.name)} is not null`);
      return { name, column: undefined, isEnforced: true, tokens };
    });
};

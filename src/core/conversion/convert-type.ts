import type { Flavor } from '../flavor.js';
import type { ConversionTarget } from './conversion-target.js';
import { supports } from '../server/features.js';
import type { FindingList } from '../server/findings.js';
import { columnTypeOf, isOfFamily, knowsType } from '../sql/column-types.js';
import type { ColumnShape } from './table-shape.js';

/** The column with a type that the server has; `place` is told what changes. */
export const convertType = (
  column: ColumnShape,
  { flavor }: ConversionTarget,
  place: string,
  findings: FindingList,
): ColumnShape => {
  const { type, isCompressed, generated } = column;
  if (isCompressed && !supports(flavor, 'compressedColumns'))
    findings.note(place, 'COMPRESSED', 'nothing, because it changes no values');
  const found = columnTypeOf(type);
  if (found?.substitute && !knowsType(flavor, type)) {
    const { type: substitute, collation, why } = found.substitute;
    findings.note(place, type.toUpperCase(), `${substitute.toUpperCase()} ${why}`);
    return { ...column, type: substitute, collation };
  }
  if (!found || found.isOfOneVendor) findings.refuse(place, `type ${type.replace(/\(.*/s, '')}`);
  if (losesNegativeZero(type, flavor) && !generated)
    findings.note(place, '-0', '0, because MariaDB has no sign of zero');
  return column;
};

export const losesNegativeZero = (type: string, flavor: Flavor): boolean =>
  isOfFamily(type, 'floating') && !supports(flavor, 'negativeZero');

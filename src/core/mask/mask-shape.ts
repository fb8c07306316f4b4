import type { ColumnInventory } from '../server/inventory.js';
import { isOfFamily } from '../sql/column-types.js';
import { decimalSize, integerBits, integerRange, widthOf } from './column-size.js';
import type { MaskDecision } from './mask-rule.js';

/** What of a column has a part in its masks, beside the value: where it is alike, one value has one mask in both. */
export const shapeOf = ({ kind }: MaskDecision, column: ColumnInventory): string => {
  const width = widthOf(column) ?? Infinity;
  switch (kind) {
    case 'token':
      return String(Math.min(width, LONGEST_TOKEN));
    case 'phone':
      return width < INTERNATIONAL_WIDTH ? 'national' : 'international';
    case 'text':
    case 'digits':
    case 'ends':
      return isOfFamily(column.dataType, 'bytes') ? 'bytes' : 'characters';
    case 'ip':
      return shapeOfAddress(column, width);
    case 'id':
      return String(Math.min(integerBits(column) ?? 0, 32));
    case 'number':
      return isOfFamily(column.dataType, 'decimal')
        ? Object.values(decimalSize(column)).join()
        : String(integerRange(column)?.most);
    case 'date':
    case 'date-to':
      return column.dataType;
    default:
      return '';
  }
};

const LONGEST_TOKEN = 64;
/** Of `+1` and ten digits. */
const INTERNATIONAL_WIDTH = 12;
const SIX_WIDTH = 38;
const SIX_BYTES = 16;

/** Columns without room for addresses of IPv6 have masks of IPv4 for them. */
const shapeOfAddress = ({ dataType }: ColumnInventory, width: number): string => {
  if (dataType === 'inet6') return 'six';
  if (dataType === 'inet4' || isOfFamily(dataType, 'integer')) return 'four';
  const least = isOfFamily(dataType, 'bytes') && width <= SIX_BYTES ? SIX_BYTES : SIX_WIDTH;
  return width < least ? 'four' : 'both';
};

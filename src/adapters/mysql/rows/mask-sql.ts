import { decimalSize, isPadded, isUnsigned, widthOf } from '../../../core/mask/column-size.js';
import type { MaskRule } from '../../../core/mask/mask-rule.js';
import { printValue } from '../../../core/mask/print-value.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { columnTypeOf, isOfFamily } from '../../../core/sql/column-types.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { renderIp } from './mask-address.js';
import { cellOf, inCharsetOf } from './mask-cell.js';
import { renderDigits } from './mask-digits.js';
import { renderFirstDay, renderOtherDay } from './mask-dates.js';
import { renderJsonMask } from './mask-json.js';
import { renderId, renderOtherNumber } from './mask-numbers.js';
import { renderTextMask } from './mask-text.js';

export { maskKeyStatement, maskKeyValues } from './mask-key.js';

/**
 * SQL of what a column's value becomes, as the column would print it. The session has its key by `maskKeyStatement`;
 * without one, a row with a value to mask is an error. The rule fits the column, as `whyUnfit` says.
 */
export const renderMask = (column: ColumnInventory, rule: MaskRule): string => {
  const name = quoteName(column.name);
  switch (rule.kind) {
    case 'null':
      return 'NULL';
    case 'default':
      return column.default === undefined ? 'NULL' : `DEFAULT(${name})`;
    case 'value':
      return `IF(${name} IS NULL, NULL, ${renderConstant(column, rule.value)})`;
    case 'sql':
      return renderAuthors(column, `(${rule.sql}\n)`);
    case 'id':
      return renderId(column);
    case 'number':
      return renderOtherNumber(column);
    case 'date':
      return renderOtherDay(column);
    case 'date-to':
      return renderFirstDay(column, rule.unit);
    case 'ip':
      return renderIp(column);
    case 'digits':
      return renderDigits(column);
    case 'json':
      return renderJsonMask(column, rule);
    default: {
      const mask = renderTextMask(cellOf(column), rule) ?? 'NULL';
      return isOfFamily(column.dataType, 'address') ? mask : inCharsetOf(column, mask);
    }
  }
};

const renderConstant = (column: ColumnInventory, value: string | number | boolean): string => {
  const printed = printValue(value, column);
  if ('why' in printed) throw new Error(printed.why);
  switch (columnTypeOf(column.dataType)?.family) {
    case 'integer':
    case 'decimal':
    case 'floating':
      // Zeros in front of a ZEROFILL are text.
      return /^-?0\d/.test(printed.text) ? `'${printed.text}'` : printed.text;
    case 'json':
      return `CAST(${quoteText(printed.text)} AS JSON)`;
    case 'text':
    case 'bytes':
      return inCharsetOf(column, quoteText(printed.text));
    default:
      return quoteText(printed.text);
  }
};

/** What the plan's author made, as the column would hold it. */
const renderAuthors = (column: ColumnInventory, expression: string): string => {
  const { dataType } = column;
  switch (columnTypeOf(dataType)?.family) {
    case 'integer':
      return `CAST(${expression} AS ${isUnsigned(column) ? 'UNSIGNED' : 'SIGNED'})`;
    case 'decimal': {
      const { digits, scale } = decimalSize(column);
      return `CAST(${expression} AS DECIMAL(${digits}, ${scale}))`;
    }
    case 'json':
      return `CAST(${expression} AS JSON)`;
    case 'text':
      return inCharsetOf(column, dataType === 'char' ? `TRIM(TRAILING ' ' FROM ${expression})` : expression);
    case 'bytes':
      return inCharsetOf(column, isPadded(column) ? renderPadded(column, expression) : expression);
    default:
      return expression;
  }
};

const renderPadded = (column: ColumnInventory, expression: string): string =>
  `RPAD(CAST(${expression} AS BINARY), ${widthOf(column) ?? 1}, 0x00)`;

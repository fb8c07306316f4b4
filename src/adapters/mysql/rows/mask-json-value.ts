import type { MaskRule } from '../../../core/mask/mask-rule.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { renderIpText } from './mask-address.js';
import { cellWithin } from './mask-cell.js';
import { renderFirstDay, renderOtherDay } from './mask-dates.js';
import { renderId, renderOtherNumber } from './mask-numbers.js';
import { renderTextMask } from './mask-text.js';

/**
 * The mask of a value within a document, to be put into JSON; null stays null. `id` and `number` are those of BIGINT columns.
 * What is no whole number gets a token in place of an `id`; what is no number or no date becomes null; fractions are rounded.
 */
export const renderValue = (extracted: string, rule: MaskRule): string => {
  const isNull = `JSON_TYPE(${extracted}) = 'NULL'`;
  const isWhole = `JSON_TYPE(${extracted}) IN ('INTEGER', 'UNSIGNED INTEGER')`;
  const isNumber = `JSON_TYPE(${extracted}) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')`;
  switch (rule.kind) {
    case 'id': {
      const token = `JSON_QUOTE(${renderText(extracted, { kind: 'token' })})`;
      const number = renderOfColumn(extracted, 'bigint', renderId);
      return asJson(`IF(${isNull}, 'null', IF(${isWhole}, IFNULL(${number}, 'null'), ${token}))`);
    }
    case 'number':
      return asJson(
        `IF(${isNumber}, IFNULL(${renderOfColumn(extracted, 'bigint', renderOtherNumber)}, 'null'), 'null')`,
      );
    case 'date':
      return renderOfColumn(extracted, 'varchar(64)', (column) => ifDate(column, renderOtherDay(column)));
    case 'date-to':
      return renderOfColumn(extracted, 'varchar(64)', (column) =>
        ifDate(column, renderFirstDay({ ...column, dataType: 'date' }, rule.unit)),
      );
    default:
      return `IF(${isNull}, NULL, ${renderText(extracted, rule)})`;
  }
};

const renderText = (extracted: string, rule: MaskRule): string => {
  if (rule.kind === 'null') return 'NULL';
  if (rule.kind === 'value')
    return typeof rule.value === 'number' ? String(rule.value) : quoteText(String(rule.value));
  const cell = cellWithin(extracted);
  const mask = rule.kind === 'ip' ? renderIpText(cell) : renderTextMask(cell, rule);
  if (mask === undefined) throw new Error(`${rule.kind} is no mask within JSON`);
  return `CONVERT(${mask} USING utf8mb4)`;
};

/** MariaDB knows JSON by the function that made it, and IF is none. */
const asJson = (text: string): string => `JSON_EXTRACT(${text}, '$')`;

const VALUE = 'mysql_sync_value';

/** As a column of a type, which a mask may name as often as it likes; NULL for what the type does not take. */
const renderOfColumn = (
  extracted: string,
  columnType: string,
  render: (column: ColumnInventory) => string,
): string => {
  const mask = render({
    ...{ name: VALUE, columnType, dataType: /^\w+/.exec(columnType)?.[0] ?? '', charset: 'utf8mb4' },
    ...{ collation: undefined, isGenerated: false, primaryKeyPosition: undefined },
  });
  return `(SELECT CONVERT(${mask} USING utf8mb4) FROM JSON_TABLE(${extracted}, '$' COLUMNS (${VALUE} ${columnType} PATH '$')) mysql_sync_values)`;
};

const ifDate = ({ name }: ColumnInventory, mask: string): string => {
  const value = quoteName(name);
  return `IF(${value} REGEXP '^[0-9]{4}-[0-9]{2}-[0-9]{2}', ${mask}, IF(${value} = '', '', NULL))`;
};

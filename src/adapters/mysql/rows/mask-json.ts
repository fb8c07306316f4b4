import type { MaskRule } from '../../../core/mask/mask-rule.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { renderIpText } from './mask-address.js';
import { cellWithin, inCharsetOf, unlessEmpty } from './mask-cell.js';
import { renderMissing } from './mask-key.js';
import { renderTextMask } from './mask-text.js';

/**
 * The document with other values where the paths lead; what is not there stays away. Whatever is there is masked as its
 * text, an object too. Text that is no JSON is an error, because it has no places.
 */
export const renderJsonMask = (column: ColumnInventory, { paths }: MaskRule & { kind: 'json' }): string => {
  const name = quoteName(column.name);
  const pairs = paths.flatMap(({ path, rule }) => {
    const extracted = `JSON_EXTRACT(${name}, ${quoteText(path)})`;
    const isNull = `JSON_TYPE(${extracted}) = 'NULL'`;
    return [quoteText(path), `IF(${isNull}, NULL, ${renderWithin(extracted, rule)})`];
  });
  const mask = `JSON_REPLACE(${[name, ...pairs].join(', ')})`;
  if (column.dataType === 'json') return mask;
  const whole = `IFNULL(${mask}, ${renderMissing(name)})`;
  return inCharsetOf(column, unlessEmpty(name, whole));
};

const renderWithin = (extracted: string, rule: MaskRule): string => {
  if (rule.kind === 'null') return 'NULL';
  if (rule.kind === 'value')
    return typeof rule.value === 'number' ? String(rule.value) : quoteText(String(rule.value));
  const cell = cellWithin(extracted);
  const mask = rule.kind === 'ip' ? renderIpText(cell) : renderTextMask(cell, rule);
  if (mask === undefined) throw new Error(`${rule.kind} is no mask within JSON`);
  return `CONVERT(${mask} USING utf8mb4)`;
};

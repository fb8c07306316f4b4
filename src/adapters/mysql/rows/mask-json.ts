import { EVERY, readJsonPath, withoutFirst } from '../../../core/mask/json-path.js';
import type { MaskRule } from '../../../core/mask/mask-rule.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { inCharsetOf, unlessEmpty } from './mask-cell.js';
import { renderValue } from './mask-json-value.js';
import { renderMissing } from './mask-key.js';

/** A mask, and the steps from a document to the value. */
interface Place {
  readonly steps: readonly string[];
  readonly rule: MaskRule;
}

/**
 * The document with other values where the paths lead; what is not there stays away. Whatever is there is masked as its
 * text, an object too. Text that is no JSON is an error, because it has no places.
 */
export const renderJsonMask = (column: ColumnInventory, { paths }: MaskRule & { kind: 'json' }): string => {
  const name = quoteName(column.name);
  const places = paths.map(({ path, rule }) => ({ steps: readJsonPath(path) ?? [], rule }));
  const mask = renderDocument(name, places, 0);
  if (column.dataType === 'json') return mask;
  const whole = `IFNULL(${mask}, ${renderMissing(name)})`;
  return inCharsetOf(column, unlessEmpty(name, whole));
};

const isSingle = ({ steps }: Place): boolean => !steps.includes(EVERY);

/** Arrays come first, outer ones before those within: one that is none is put back as it was, with what is in it. */
const renderDocument = (document: string, places: readonly Place[], depth: number): string => {
  const ofArrays = new Map<string, { readonly steps: number; readonly within: Place[] }>();
  for (const { steps, rule } of places.filter((place) => !isSingle(place))) {
    const at = steps.indexOf(EVERY);
    const array = steps.slice(0, at);
    const known = ofArrays.get(pathOf(array)) ?? { steps: withoutFirst(array).length, within: [] };
    known.within.push({ steps: steps.slice(at + 1), rule });
    ofArrays.set(pathOf(array), known);
  }
  const arrays = [...ofArrays]
    .sort(([, one], [, other]) => one.steps - other.steps)
    .map(([path, { within }]) => ({ path, sql: renderArray(document, path, within, depth) }));
  const base = arrays.find(({ path }) => path === '$')?.sql ?? document;
  const pairs = [
    ...arrays.filter(({ path }) => path !== '$').map(({ path, sql }) => `${quoteText(path)}, ${sql}`),
    ...places.filter(isSingle).map(({ steps, rule }) => {
      const path = quoteText(pathOf(steps));
      return `${path}, ${renderValue(`JSON_EXTRACT(${document}, ${path})`, rule)}`;
    }),
  ];
  return pairs.length === 0 ? base : `JSON_REPLACE(${[base, ...pairs].join(', ')})`;
};

const pathOf = (steps: readonly string[]): string => `$${steps.join('')}`;

/** The array made again of its elements, in their order; what is no array or has no elements as it is. */
const renderArray = (document: string, path: string, places: readonly Place[], depth: number): string => {
  const rows = `mysql_sync_rows_${depth}`;
  const element = `${rows}.mysql_sync_element_${depth}`;
  const whole = places.find(({ steps }) => steps.length === 0);
  const masked = whole ? renderValue(element, whole.rule) : renderDocument(element, places, depth + 1);
  const found = `JSON_EXTRACT(${document}, ${quoteText(path)})`;
  const made = `(SELECT JSON_ARRAYAGG(${masked}) FROM JSON_TABLE(${found}, '$[*]' COLUMNS (mysql_sync_element_${depth} JSON PATH '$')) ${rows})`;
  // MariaDB knows JSON by the function that made it, and IF is none.
  return `JSON_EXTRACT(IF(JSON_TYPE(${found}) = 'ARRAY' AND JSON_LENGTH(${found}) > 0, ${made}, ${found}), '$')`;
};

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

interface Depth {
  /** Of arrays within arrays. */
  readonly depth: number;
  /** Can an object have a name twice? MySQL's own type holds none. */
  readonly mayRepeat: boolean;
}

/**
 * The document with other values where the paths lead; what is not there stays away. Whatever is there is masked as its
 * text, an object too. Text that is no JSON is an error, because it has no places.
 */
export const renderJsonMask = (column: ColumnInventory, { paths }: MaskRule & { kind: 'json' }): string => {
  const name = quoteName(column.name);
  const places = paths.map(({ path, rule }) => ({ steps: readJsonPath(path) ?? [], rule }));
  const mask = renderDocument(name, places, { depth: 0, mayRepeat: column.dataType !== 'json' });
  if (column.dataType === 'json') return mask;
  const whole = `IFNULL(${mask}, ${renderMissing(name)})`;
  return inCharsetOf(column, unlessEmpty(name, whole));
};

const isSingle = ({ steps }: Place): boolean => !steps.includes(EVERY);

/** Arrays come first, outer ones before those within: one that is none is put back as it was, with what is in it. */
const renderPlaces = (document: string, places: readonly Place[], at: Depth): string => {
  const ofArrays = new Map<string, { readonly steps: number; readonly within: Place[] }>();
  for (const { steps, rule } of places.filter((place) => !isSingle(place))) {
    const every = steps.indexOf(EVERY);
    const array = steps.slice(0, every);
    const known = ofArrays.get(pathOf(array)) ?? { steps: withoutFirst(array).length, within: [] };
    known.within.push({ steps: steps.slice(every + 1), rule });
    ofArrays.set(pathOf(array), known);
  }
  const arrays = [...ofArrays]
    .sort(([, one], [, other]) => one.steps - other.steps)
    .map(([path, { within }]) => ({ path, sql: renderArray(document, path, within, at) }));
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

/**
 * An error for a document with a name twice on the way to a value, as MariaDB keeps it: only the first would be replaced, and
 * many readers take the last. JSON_REMOVE knows names by their escapes too, as JSON_REPLACE does.
 */
const renderDocument = (document: string, places: readonly Place[], at: Depth): string => {
  const mask = renderPlaces(document, places, at);
  const names = new Set(places.flatMap(({ steps }) => listNames(steps)));
  if (!at.mayRepeat || names.size === 0) return mask;
  const repeated = [...names].map((path) => {
    const removed = `JSON_REMOVE(${document}, ${quoteText(path)})`;
    return `LENGTH(JSON_REMOVE(${removed}, ${quoteText(path)})) <> LENGTH(${removed})`;
  });
  // MariaDB knows JSON by the function that made it, and IF is none.
  return `JSON_EXTRACT(IF(${repeated.join(' OR ')}, ${renderMissing(document)}, ${mask}), '$')`;
};

/**
 * The ways to each name in the path, up to the first array of which all elements are meant. Elements have no place of their
 * own in it: behind one that is removed comes the next.
 */
const listNames = (steps: readonly string[]): readonly string[] => {
  const every = steps.indexOf(EVERY);
  return (every === -1 ? steps : steps.slice(0, every)).flatMap((step, at, way) =>
    step.startsWith('.') ? [pathOf(way.slice(0, at + 1))] : [],
  );
};

const pathOf = (steps: readonly string[]): string => `$${steps.join('')}`;

/** The array made again of its elements, in their order; what is no array or has no elements as it is. */
const renderArray = (
  document: string,
  path: string,
  places: readonly Place[],
  { depth, mayRepeat }: Depth,
): string => {
  const rows = `mysql_sync_rows_${depth}`;
  const element = `${rows}.mysql_sync_element_${depth}`;
  const whole = places.find(({ steps }) => steps.length === 0);
  const masked = whole
    ? renderValue(element, whole.rule)
    : renderDocument(element, places, { depth: depth + 1, mayRepeat });
  const found = `JSON_EXTRACT(${document}, ${quoteText(path)})`;
  const made = `(SELECT JSON_ARRAYAGG(${masked}) FROM JSON_TABLE(${found}, '$[*]' COLUMNS (mysql_sync_element_${depth} JSON PATH '$')) ${rows})`;
  // MariaDB knows JSON by the function that made it, and IF is none.
  return `JSON_EXTRACT(IF(JSON_TYPE(${found}) = 'ARRAY' AND JSON_LENGTH(${found}) > 0, ${made}, ${found}), '$')`;
};

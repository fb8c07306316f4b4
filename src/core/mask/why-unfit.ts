import type { ColumnInventory } from '../server/inventory.js';
import { type Family, columnTypeOf } from '../sql/column-types.js';
import {
  decimalSize,
  firstNumber,
  integerBits,
  integerRange,
  isPadded,
  isZerofill,
  widthOf,
} from './column-size.js';
import { hasWildcard } from './json-path.js';
import type { MaskDecision, MaskRule } from './mask-rule.js';
import { printJson, printValue } from './print-value.js';
import { TRANSFORMERS, WIDEST_DIGITS } from './transformers.js';

/** What else there is to know of a column: that it is part of a unique index, or named by a CHECK. */
export interface Circumstances {
  readonly isUnique: boolean;
  readonly isChecked?: boolean;
}

/** Why a rule cannot be for a column, with a way out; undefined when it can. */
export const whyUnfit = (
  rule: MaskRule,
  column: ColumnInventory,
  { isUnique, isChecked = false }: Circumstances,
): string | undefined => {
  const family = columnTypeOf(column.dataType)?.family;
  if (column.isGenerated) return 'the column is generated: mask the columns that it is made of';
  if (family === undefined) return `mysql-sync does not know the type ${column.columnType}: use null`;
  return (
    whyWrongType(rule, column, family) ??
    whyNoWidth(rule, column) ??
    whyNoConstant(rule, column) ??
    (column.holdsJson ? whyNoDocument(rule) : undefined) ??
    (isUnique ? whyNotUnique(rule, column, family) : undefined) ??
    (isChecked && rule.kind !== 'sql' && rule.kind !== 'null'
      ? `a CHECK names the column, which ${rule.kind} may break: use sql with an expression that passes it`
      : undefined)
  );
};

const whyNotUnique = ({ kind }: MaskRule, column: ColumnInventory, family: Family): string | undefined => {
  const isNull =
    kind === 'null' || (kind === 'default' && column.isNotNull !== true && column.default === undefined);
  if (isNull || TRANSFORMERS[kind].uniqueness === 'preserves') return undefined;
  const other = family === 'integer' ? 'id' : family === 'address' ? 'uuid' : 'token, email or sql';
  return `${kind} may make two values the same, and the column is in a unique index: use ${other}`;
};

const INSTEAD: Partial<Record<Family, string>> = {
  integer: 'id, number or value',
  decimal: 'number or value',
  floating: 'value, or sql such as "ROUND(c, 1)"',
  temporal: 'date, { date: year } or value',
  text: 'text, token or value',
  bytes: 'text, token or value',
  members: 'null, default or keep',
  bit: 'null, default or keep',
  json: '{ json: { $.path: text } } or value',
  address: 'ip, uuid, null or value',
  geometry: 'null or keep',
  vector: 'null or keep',
};

const whyWrongType = (rule: MaskRule, column: ColumnInventory, family: Family): string | undefined => {
  const { dataType, columnType } = column;
  const instead = `use ${INSTEAD[family] ?? 'value'}`;
  const wrong = `${rule.kind} is not for ${columnType}: ${instead}`;
  if (!TRANSFORMERS[rule.kind].families.includes(family)) return wrong;
  switch (rule.kind) {
    case 'uuid':
      return family === 'address' && dataType !== 'uuid'
        ? `uuid is not for ${columnType}: use ip`
        : undefined;
    case 'ip':
      if (dataType === 'uuid') return `ip is not for ${columnType}: use uuid`;
      return family === 'integer' && (integerRange(column)?.most ?? 0n) < 2n ** 32n - 1n
        ? `ip needs an unsigned INT or a BIGINT: ${instead}`
        : undefined;
    case 'id':
      return integerBits(column) === undefined ? wrong : whyZerofill(column);
    case 'number':
      if (dataType === 'year') return wrong;
      return family === 'decimal' && decimalSize(column).digits > 36
        ? 'number has at most 36 digits: use value or sql'
        : undefined;
    case 'date':
    case 'date-to':
      return dataType === 'time' ? `${rule.kind} is not for ${columnType}: use value` : undefined;
    case 'json':
      return family === 'text' && !/text$/.test(dataType)
        ? `json is for JSON and TEXT columns, and this is ${columnType}: ${instead}`
        : whyNoPath(rule);
    default:
      return undefined;
  }
};

/** A masked id may have more digits than the column is filled up to, and `LPAD` would cut it. */
const whyZerofill = (column: ColumnInventory): string | undefined => {
  const digits = String(integerRange(column)?.most ?? '').length;
  return isZerofill(column) && (firstNumber(column.columnType) ?? digits) < digits
    ? `id may have more digits than ${column.columnType} prints: use number`
    : undefined;
};

/** Within JSON they see the value as a column of a type. */
const NEEDING_JSON_TABLE: readonly MaskRule['kind'][] = ['id', 'number', 'date', 'date-to'];

/** Does the source need JSON_TABLE for it? */
export const needsJsonTable = (rule: MaskDecision): boolean =>
  rule.kind === 'json' &&
  rule.paths.some((one) => hasWildcard(one.path) || NEEDING_JSON_TABLE.includes(one.rule.kind));

/** What can become of a value within JSON. */
const WITHIN_JSON: readonly MaskRule['kind'][] = [
  ...(['email', 'token', 'uuid', 'text', 'phone', 'first-name', 'last-name', 'name'] as const),
  ...(['company', 'street', 'city', 'ip', 'ends', 'value', 'null'] as const),
  ...NEEDING_JSON_TABLE,
];

const whyNoPath = ({ paths }: MaskRule & { kind: 'json' }): string | undefined => {
  for (const { path, rule } of paths) {
    if (!WITHIN_JSON.includes(rule.kind))
      return `${rule.kind} is not for a path of JSON (${path}): use text, token or value`;
    if (rule.kind === 'value' && typeof rule.value === 'boolean')
      return `true and false cannot be put into JSON (${path}): use text, a number or null`;
  }
  return undefined;
};

/** Bulk writing passes over the CHECK, and whoever uses the copy would run into it. */
const whyNoDocument = (rule: MaskRule): string | undefined => {
  if (['json', 'null', 'default', 'sql'].includes(rule.kind)) return undefined;
  if (rule.kind === 'value' && 'text' in printJson(rule.value)) return undefined;
  return `${rule.kind} makes no JSON, which a CHECK asks of the column: use { json: { $.path: text } }, null or a value such as '{}'`;
};

const whyNoWidth = ({ kind }: MaskRule, column: ColumnInventory): string | undefined => {
  const width = widthOf(column);
  if (width === undefined) return undefined;
  if (kind === 'digits' && width > WIDEST_DIGITS)
    return `digits is for up to ${WIDEST_DIGITS} characters, and this is ${column.columnType}: use text, token or sql`;
  const isBytes = columnTypeOf(column.dataType)?.family === 'bytes';
  const { leastWidth } = TRANSFORMERS[kind];
  const least = isBytes ? leastWidth : kind === 'uuid' ? 32 : kind === 'ip' ? 15 : leastWidth;
  if (width < least)
    return `${kind} needs ${least} characters and ${column.columnType} is too narrow: use text, ends or value`;
  const widths = PADDED[kind];
  return isPadded(column) && widths && !widths(width)
    ? `${kind} is not ${width} bytes long, to which ${column.columnType} fills up: use text or value`
    : undefined;
};

const never = (): boolean => false;

/** Which lengths a mask has that BINARY(n) would otherwise fill up with zeros. */
const PADDED: Partial<Record<MaskRule['kind'], (width: number) => boolean>> = {
  token: (width) => width <= 64,
  uuid: (width) => [16, 32, 36].includes(width),
  ip: (width) => width === 4 || width === 16,
  email: never,
  phone: never,
  'first-name': never,
  'last-name': never,
  name: never,
  company: never,
  street: never,
  city: never,
};

const whyNoConstant = (rule: MaskRule, column: ColumnInventory): string | undefined => {
  switch (rule.kind) {
    case 'null':
      return column.isNotNull ? 'the column is NOT NULL: use value, default or text' : undefined;
    case 'default':
      if (column.default === 'computed') return 'the default of the column is no constant: use value or sql';
      return column.default === undefined && column.isNotNull
        ? 'the column has no default: use value'
        : undefined;
    case 'value': {
      const printed = printValue(rule.value, column);
      return 'why' in printed ? printed.why : undefined;
    }
    default:
      return undefined;
  }
};

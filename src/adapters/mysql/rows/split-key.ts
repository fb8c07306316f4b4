import type { ColumnInventory, TableInventory } from '../../../core/server/inventory.js';
import { isWritable, listRowKey } from '../../../core/server/row-key.js';
import { type KeyKind, columnTypeOf } from '../../../core/sql/column-types.js';
import { quoteName } from '../connection/identifiers.js';

export interface KeyColumn {
  readonly name: string;
  readonly kind: KeyKind;
  /** Of text. */
  readonly charset: string;
  readonly collation: string;
}

/** A value of each key column, as SQL. */
export type KeyPoint = readonly string[];

/** Rows after one point up to and including another; no point means no end on that side. */
export interface KeyRange {
  readonly after?: KeyPoint;
  readonly upTo?: KeyPoint;
}

export const WHOLE_TABLE: KeyRange = {};

/** Whether numbers between two values of it can be had by counting. */
export const isWholeNumber = ({ dataType }: ColumnInventory): boolean => {
  const type = columnTypeOf(dataType);
  return type?.family === 'integer' && type.key === 'number';
};

/** The columns by which a table can be cut: those at the start of the key of its rows that compare well. */
export const listKeyColumns = (table: TableInventory): readonly KeyColumn[] => {
  const key = listRowKey(table);
  const firstBad = key.findIndex((column) => !isWritable(column));
  return key.slice(0, firstBad === -1 ? key.length : firstBad).map((column) => ({
    name: column.name,
    kind: columnTypeOf(column.dataType)?.key ?? 'text',
    charset: column.charset ?? 'binary',
    collation: column.collation ?? 'binary',
  }));
};

const NUMBER = /^-?\d+(\.\d+)?$/;
const PLAIN = /^[\d:. -]+$/;

/** @throws Error for a value that is not of the column's kind: what a server sent would become SQL. */
export const renderKeyValue = ({ kind, charset, collation }: KeyColumn, value: Buffer): string => {
  const text = value.toString('latin1');
  if (kind === 'number' && NUMBER.test(text)) return text;
  if (kind === 'plain' && PLAIN.test(text)) return `'${text}'`;
  const bytes = value.length === 0 ? "''" : `0x${value.toString('hex')}`;
  if (kind === 'bytes') return bytes;
  if (kind === 'text') return `_${charset} ${bytes} COLLATE ${collation}`;
  throw new Error(`the server gave no ${kind === 'plain' ? 'date' : kind} for a key column of that type`);
};

/**
 * SQL condition of a range, and none for the whole table. `(a, b) > (1, 2)` is spelled out: servers look row
 * comparisons up in no index.
 */
export const renderRange = (key: readonly KeyColumn[], { after, upTo }: KeyRange): string | undefined => {
  const names = key.map(({ name }) => quoteName(name));
  const conditions = [
    ...(after ? [compareWith(names, after, '>', '>')] : []),
    ...(upTo ? [compareWith(names, upTo, '<', '<=')] : []),
  ];
  return conditions.length === 0 ? undefined : conditions.map((condition) => `(${condition})`).join(' AND ');
};

/** `outer` compares all columns but the last, whose operator is `last`. */
const compareWith = (
  [name = '', ...names]: readonly string[],
  [value = '', ...values]: KeyPoint,
  outer: '<' | '>',
  last: '<=' | '>',
): string => {
  if (names.length === 0) return `${name} ${last} ${value}`;
  const rest = compareWith(names, values, outer, last);
  // The first part is implied, and is what the server uses to find the place in the index.
  return `${name} ${outer}= ${value} AND (${name} ${outer} ${value} OR (${rest}))`;
};

/** Boundaries inside `min` to `max` that make so many ranges of about the same width. */
export const spreadIntegers = (min: bigint, max: bigint, ranges: number): readonly bigint[] => {
  const span = max - min + 1n;
  const parts = BigInt(Math.max(1, ranges));
  const boundaries = Array.from(
    { length: Number(parts) - 1 },
    (_, index) => min + (span * BigInt(index + 1)) / parts - 1n,
  );
  return [...new Set(boundaries)].filter((boundary) => boundary >= min && boundary < max);
};

/** The ranges between points that go up, the first and the last one open. */
export const rangesBetween = (points: readonly KeyPoint[]): readonly KeyRange[] => {
  const [first, ...others] = points;
  if (!first) return [WHOLE_TABLE];
  const inner = others.map((upTo, index) => ({ after: points[index] ?? first, upTo }));
  return [{ upTo: first }, ...inner, { after: points.at(-1) ?? first }];
};

import type { ColumnInventory, TableInventory } from '../../../core/server/inventory.js';
import { quoteName } from '../connection/identifiers.js';

/** How a value of a key column is written so that the server compares it as it compares the column itself. */
type KeyKind = 'number' | 'plain' | 'bytes' | 'text';

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

export const INTEGERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);

/** Others (FLOAT, ENUM, BIT, TEXT) are not compared in the order of their index, or not exactly. */
const KINDS: Readonly<Record<string, KeyKind>> = {
  ...Object.fromEntries([...INTEGERS, 'decimal'].map((type) => [type, 'number'])),
  ...Object.fromEntries(['date', 'datetime', 'timestamp'].map((type) => [type, 'plain'])),
  ...Object.fromEntries(['binary', 'varbinary'].map((type) => [type, 'bytes'])),
  ...Object.fromEntries(['char', 'varchar'].map((type) => [type, 'text'])),
};

/** The primary key's columns in their order. */
export const listPrimaryKey = ({ columns }: TableInventory): readonly ColumnInventory[] =>
  columns
    .filter(({ primaryKeyPosition }) => primaryKeyPosition !== undefined)
    .sort((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0));

/** Names of character sets and collations go into SQL as they are, on the target too. */
const isPlainName = (name: string | undefined): boolean => name !== undefined && /^\w+$/.test(name);

/** The columns by which a table can be cut: those at the start of its primary key that compare well. */
export const listKeyColumns = (table: TableInventory): readonly KeyColumn[] => {
  const key = listPrimaryKey(table);
  const firstBad = key.findIndex(
    ({ dataType, charset, collation }) =>
      KINDS[dataType] === undefined ||
      (KINDS[dataType] === 'text' && !(isPlainName(charset) && isPlainName(collation))),
  );
  return key.slice(0, firstBad === -1 ? key.length : firstBad).map((column) => ({
    name: column.name,
    kind: KINDS[column.dataType] ?? 'text',
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

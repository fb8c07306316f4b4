import { type Flavor, type Since, isAtLeast } from '../flavor.js';

/**
 * `integer`: with YEAR. `text`: in a character set. `members`: ENUM and SET. `address`: UUID and INET, which are read and
 * written as text.
 */
export type Family =
  | 'integer'
  | 'decimal'
  | 'floating'
  | 'bit'
  | 'temporal'
  | 'text'
  | 'bytes'
  | 'members'
  | 'json'
  | 'geometry'
  | 'address'
  | 'vector';

/** Which numbers a column takes: whole ones, those with a point, or also those with an exponent. */
export type NumberKind = 'integer' | 'decimal' | 'float';

/**
 * How a cell becomes a literal. Numbers: their digits, of a `float` as text, because the -0 of a DOUBLE is an integer
 * and loses its sign without quotes. `bytes`: hexadecimal, which the server stores without a conversion. `text`:
 * hexadecimal that is said to be UTF-8, for types that refuse binary strings.
 */
export type LiteralKind = NumberKind | 'bytes' | 'text';

/**
 * How a cell goes into the digest of its row. `plain`: as it is printed, which never holds a comma and differs where
 * values differ. `short`: whole, where the declared length allows it. `long`: hashed when it is long. The others are
 * written out in `adapters/mysql/rows/digest.ts`.
 */
export type DigestForm = 'plain' | 'floating' | 'bit' | 'members' | 'short' | 'long' | 'json' | 'vector';

/** How a value of a key column is written so that the server compares it as it compares the column itself. */
export type KeyKind = 'number' | 'plain' | 'bytes' | 'text';

export interface ColumnType {
  readonly family: Family;
  readonly literal: LiteralKind;
  readonly digest: DigestForm;
  /** Of a column by which a table can be cut. Others are not compared in the order of their index, or not exactly. */
  readonly key?: KeyKind;
  /** In an index, at least; of others the length tells it. */
  readonly keyBytes?: number;
  /** Has a default only as an expression. */
  readonly isLong?: true;
  /** When it came; it is older than the servers that are supported where this is not said. */
  readonly since?: Since;
  /** What holds its values on a server that does not have it, and why that is right. */
  readonly substitute?: { readonly type: string; readonly collation: string; readonly why: string };
  /** Its values mean something else, or have another form, with the other vendor. */
  readonly isOfOneVendor?: true;
}

const integer = (keyBytes: number): ColumnType => ({
  family: 'integer',
  literal: 'integer',
  digest: 'plain',
  key: 'number',
  keyBytes,
});
const floating = (keyBytes: number): ColumnType => ({
  family: 'floating',
  literal: 'float',
  digest: 'floating',
  keyBytes,
});
const moment = (keyBytes: number): ColumnType => ({
  family: 'temporal',
  literal: 'bytes',
  digest: 'plain',
  key: 'plain',
  keyBytes,
});
const SHORT_TEXT: ColumnType = { family: 'text', literal: 'bytes', digest: 'short', key: 'text' };
const SHORT_BYTES: ColumnType = { family: 'bytes', literal: 'bytes', digest: 'short', key: 'bytes' };
const TEXT: ColumnType = { family: 'text', literal: 'bytes', digest: 'long', isLong: true };
const BLOB: ColumnType = { family: 'bytes', literal: 'bytes', digest: 'long', isLong: true };
const MEMBERS: ColumnType = { family: 'members', literal: 'bytes', digest: 'members', keyBytes: 1 };
const GEOMETRY: ColumnType = { family: 'geometry', literal: 'bytes', digest: 'long', isLong: true };

/** A type of MariaDB. Upper and lower case are the same in it, as in the text that it is read as. */
const address = (since: Since['mariadb'], text: string): ColumnType => ({
  family: 'address',
  literal: 'text',
  digest: 'plain',
  since: { mysql: 'never', mariadb: since },
  substitute: {
    type: text,
    collation: 'ascii_general_ci',
    why: 'with the same text, which MySQL sorts as text',
  },
});

/** By the name that servers print. The versions are those of the release notes. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  tinyint: integer(1),
  smallint: integer(2),
  mediumint: integer(3),
  int: integer(4),
  bigint: integer(8),
  year: { family: 'integer', literal: 'integer', digest: 'plain', keyBytes: 1 },
  decimal: { family: 'decimal', literal: 'decimal', digest: 'plain', key: 'number', keyBytes: 1 },
  float: floating(4),
  double: floating(8),
  bit: { family: 'bit', literal: 'bytes', digest: 'bit', keyBytes: 1 },
  date: moment(3),
  datetime: moment(5),
  timestamp: moment(4),
  time: { family: 'temporal', literal: 'bytes', digest: 'plain', keyBytes: 3 },
  char: SHORT_TEXT,
  varchar: SHORT_TEXT,
  tinytext: { ...TEXT, digest: 'short' },
  text: TEXT,
  mediumtext: TEXT,
  longtext: TEXT,
  binary: SHORT_BYTES,
  varbinary: SHORT_BYTES,
  tinyblob: { ...BLOB, digest: 'short' },
  blob: BLOB,
  mediumblob: BLOB,
  longblob: BLOB,
  enum: MEMBERS,
  set: MEMBERS,
  json: {
    family: 'json',
    literal: 'text',
    digest: 'json',
    isLong: true,
    since: { mysql: 'always', mariadb: 'never' },
    substitute: {
      type: 'longtext',
      collation: 'utf8mb4_bin',
      why: 'with a CHECK by json_valid(), as MariaDB keeps JSON',
    },
  },
  geometry: GEOMETRY,
  point: GEOMETRY,
  linestring: GEOMETRY,
  polygon: GEOMETRY,
  multipoint: GEOMETRY,
  multilinestring: GEOMETRY,
  multipolygon: GEOMETRY,
  geometrycollection: GEOMETRY,
  uuid: address([10, 7], 'char(36)'),
  inet4: address([10, 10], 'varchar(15)'),
  inet6: address([10, 5], 'varchar(39)'),
  vector: {
    family: 'vector',
    literal: 'bytes',
    digest: 'vector',
    since: { mysql: [9, 0], mariadb: [11, 7] },
    isOfOneVendor: true,
  },
};

/** Other names of the same types; only the last one is printed, by MySQL 8. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['integer', 'int'],
  ['numeric', 'decimal'],
  ['real', 'double'],
  ['geomcollection', 'geometrycollection'],
]);

/** The name that both vendors print. */
export const canonicalTypeName = (name: string): string => SYNONYMS.get(name) ?? name;

const BY_NAME: ReadonlyMap<string, ColumnType> = new Map([
  ...Object.entries(TYPES),
  ...[...SYNONYMS].flatMap(([name, type]) => (TYPES[type] ? [[name, TYPES[type]] as const] : [])),
]);

/** Of `varchar(40)`, `int unsigned` or `json`; undefined for a type that nobody has thought about. */
export const columnTypeOf = (text: string): ColumnType | undefined =>
  BY_NAME.get((/^\w+/.exec(text)?.[0] ?? '').toLowerCase());

export const isOfFamily = (text: string, ...families: readonly Family[]): boolean => {
  const family = columnTypeOf(text)?.family;
  return family !== undefined && families.includes(family);
};

/** All names of the types of these families. */
export const listTypeNames = (...families: readonly Family[]): readonly string[] =>
  [...BY_NAME.keys()].filter((name) => isOfFamily(name, ...families));

/** False for a type that is known to be missing; whoever meets one of no row asks the server. */
export const knowsType = (flavor: Flavor, text: string): boolean => {
  const since = columnTypeOf(text)?.since;
  return since === undefined || isAtLeast(flavor, since);
};

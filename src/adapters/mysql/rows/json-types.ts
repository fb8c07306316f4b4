import { quoteName, quoteText } from '../connection/identifiers.js';

/**
 * MySQL's JSON has types that its text does not show: 1.5 may be a DECIMAL or a DOUBLE, and a string a DATETIME. A
 * document that was written as text has none of them, functions such as JSON_OBJECT put them in. (An UNSIGNED INTEGER
 * that an INTEGER can hold is not among them: it is the same value in every comparison.)
 */
const HIDDEN_TYPES = "('DECIMAL', 'DATETIME', 'TIMESTAMP', 'DATE', 'TIME', 'BLOB', 'BIT', 'OPAQUE')";

/** All members of objects, all elements of arrays. JSON_TABLE came with 8.0.4. */
const INNER_PATHS = ['$**.*', '$**[*]'];

const renderInner = (cell: string, path: string, what: string): string =>
  `(SELECT ${what} FROM JSON_TABLE(${cell}, '${path}' COLUMNS (n FOR ORDINALITY, v JSON PATH '$')) j
    WHERE JSON_TYPE(j.v) IN ${HIDDEN_TYPES})`;

/** SQL values that tell which hidden types a document has, and where. MySQL 5.7 skips the comment. */
export const renderJsonTypes = (cell: string): string => {
  const sum = 'COALESCE(SUM(CRC32(CONCAT(j.n, JSON_TYPE(j.v)))), 0)';
  const inner = INNER_PATHS.map((path) => `, ${renderInner(cell, path, sum)}`);
  return `JSON_TYPE(${cell}) /*!80004 ${inner.join('')} */`;
};

/** SQL of the text of a document that was written as the text of `cell`: 1.50 was a DECIMAL, and is 1.5 then. */
export const renderAsParsed = (cell: string): string => `CAST(CAST(CAST(${cell} AS CHAR) AS JSON) AS CHAR)`;

export const renderHasHiddenType = (cell: string): string =>
  [
    `JSON_TYPE(${cell}) IN ${HIDDEN_TYPES}`,
    ...INNER_PATHS.map((path) => `EXISTS ${renderInner(cell, path, '1')}`),
  ].join(' OR ');

/**
 * A query for all values of hidden types in one column: the `locators`, which say which row it is, then path, type and
 * text. `rows` is what follows FROM, with a WHERE of its own or none.
 */
export const renderHiddenValues = (
  column: string,
  locators: readonly string[],
  rows: { readonly from: string; readonly where: readonly string[] },
): string => {
  const cell = quoteName(column);
  const names = locators.map((_, index) => `k${index}`);
  const carried = names.map((name) => `w.${name}`);
  const isArray = "JSON_TYPE(w.v) = 'ARRAY'";
  const step = `IF(${isArray}, CONCAT('[', c.n - 1, ']'), CONCAT('.', JSON_QUOTE(c.name)))`;
  const where = [...rows.where, renderHasHiddenType(cell)].map((condition) => `(${condition})`).join(' AND ');
  return `WITH RECURSIVE w (${[...names, 'path', 'v'].join(', ')}) AS (
      SELECT ${[...locators, "CAST('$' AS CHAR(1048576))", cell].join(', ')} FROM ${rows.from} WHERE ${where}
      UNION ALL
      SELECT ${[...carried, `CONCAT(w.path, ${step})`, `JSON_EXTRACT(w.v, CONCAT('$', ${step}))`].join(', ')}
      FROM w, JSON_TABLE(IF(JSON_TYPE(w.v) = 'OBJECT', JSON_KEYS(w.v), w.v), '$[*]'
        COLUMNS (n FOR ORDINALITY, name LONGTEXT PATH '$')) c
      WHERE JSON_TYPE(w.v) IN ('OBJECT', 'ARRAY'))
    SELECT ${[...names, 'path', 'JSON_TYPE(v)', 'JSON_UNQUOTE(v)'].join(', ')} FROM w WHERE JSON_TYPE(v) IN ${HIDDEN_TYPES}`;
};

export interface HiddenValue {
  readonly path: string;
  readonly type: string;
  /** As MySQL prints it: digits, a moment, or `base64:type252:...` with the number of the column type that it was. */
  readonly text: string;
}

/** SQL of the value with its type; undefined for a type that no expression has. */
export const renderHiddenValue = ({ type, text }: HiddenValue): string | undefined => {
  if (type === 'DECIMAL') return renderDecimal(text);
  if (type === 'DATE') return `CAST(${quoteText(text)} AS DATE)`;
  if (type === 'TIME' || type === 'DATETIME') return `CAST(${quoteText(text)} AS ${type}(6))`;
  // No CAST has these types; columns have them.
  if (type === 'TIMESTAMP') return renderAsColumn(`JSON_ARRAY(${quoteText(text)})`, 'TIMESTAMP(6)');
  return renderBytes(text);
};

/** A literal with a point is a DECIMAL of as many digits. */
const renderDecimal = (text: string): string | undefined => {
  const [, whole, fraction] = /^-?(\d+)(\.\d+)?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return fraction === undefined ? `CAST(${text} AS DECIMAL(${whole.length}, 0))` : text;
};

/** `array` is SQL of a JSON array with the one value. */
const renderAsColumn = (array: string, columnType: string): string =>
  `(SELECT v FROM JSON_TABLE(${array}, '$[*]' COLUMNS (v ${columnType} PATH '$')) j)`;

/** Such columns of JSON_TABLE are all BLOB as they are read, and are what they say as a part of a UNION. */
const renderAsBlob = (bytes: string, columnType: string): string =>
  `JSON_EXTRACT((SELECT JSON_ARRAY(v) FROM (SELECT v FROM JSON_TABLE('[]', '$[*]' COLUMNS (v ${columnType} PATH '$')) j
    UNION ALL SELECT ${bytes}) u), '$[0]')`;

/** By the numbers that MySQL gives to types (field_types.h). */
const BLOBS: Readonly<Record<string, string>> = {
  249: 'TINYBLOB',
  250: 'MEDIUMBLOB',
  251: 'LONGBLOB',
  252: 'BLOB',
};
const BIT = '16';
const STRINGS: Readonly<Record<string, string>> = { 15: 'VARBINARY', 253: 'VARBINARY', 254: 'BINARY' };

const renderBytes = (text: string): string | undefined => {
  const [, number = '', base64 = ''] = /^base64:type(\d+):([A-Za-z0-9+/=\s]*)$/.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const literal = bytes.length === 0 ? "CAST('' AS BINARY)" : `0x${bytes.toString('hex')}`;
  const [blob, string] = [BLOBS[number], STRINGS[number]];
  if (blob !== undefined) return renderAsBlob(literal, blob);
  if (string !== undefined) return renderAsColumn(`JSON_ARRAY(${literal})`, `${string}(${bytes.length})`);
  return number === BIT
    ? renderAsColumn(`JSON_ARRAY(${literal} + 0)`, `BIT(${bytes.length * 8})`)
    : undefined;
};

/** SQL of a document with values put at their paths, `$` being the document itself. */
export const renderDocument = (
  cell: string,
  values: readonly { readonly path: string; readonly sql: string }[],
): string => {
  const [first] = values;
  if (first?.path === '$') return `JSON_EXTRACT(JSON_ARRAY(${first.sql}), '$[0]')`;
  return `JSON_SET(${cell}, ${values.map(({ path, sql }) => `${quoteText(path)}, ${sql}`).join(', ')})`;
};

import type { ColumnInventory } from '../../../core/server/inventory.js';
import { cellOf, inCharsetOf, unlessEmpty } from './mask-cell.js';
import { renderHmac } from './mask-key.js';

/** So many characters have one hash: as many digits come of its first 60 bits as one number. */
const DIGITS_PER_HASH = 16;

const UNIT = 10 ** (DIGITS_PER_HASH - 1);

/**
 * Every ASCII digit replaced, and all else in its place. A hash cannot be kept for a second use, so the work goes the other way
 * round: digits are drawn, and the characters of the value that are none are put between them.
 */
export const renderDigits = (column: ColumnInventory): string => {
  const { value, message, width } = cellOf(column);
  const length = `CHAR_LENGTH(${value})`;
  const renderFrom = (start: number): string => {
    const drawn = renderDrawn(renderHmac(`digits ${start}`, message), listCodes(column, value, start));
    // A number is text of another character set, which would be that of the whole.
    const mixed = renderMixed(inCharsetOf(column, drawn), column, value, start);
    const part = `LEFT(${mixed}, LEAST(${length} - ${start}, ${DIGITS_PER_HASH}))`;
    const next = start + DIGITS_PER_HASH;
    return next >= width ? part : `CONCAT(${part}, IF(${length} > ${next}, ${renderFrom(next)}, ''))`;
  };
  return inCharsetOf(column, unlessEmpty(value, renderFrom(0)));
};

/** SQL of the codes of the characters from a place on, of which 48 to 57 are digits. */
const listCodes = ({ charset }: ColumnInventory, value: string, start: number): readonly string[] =>
  Array.from({ length: DIGITS_PER_HASH }, (_, index) => {
    const rest = `SUBSTR(${value}, ${start + index + 1})`;
    // There `ORD` has the bytes of a character in the other order.
    return `ORD(${charset === 'utf16le' ? `CONVERT(${rest} USING utf8mb4)` : rest})`;
  });

const isDigit = (code: string): string => `${code} BETWEEN 48 AND 57`;

/** Digits of which the first is counted on from the first of the value, by less than ten, and so is never the same. */
const renderDrawn = (hash: string, codes: readonly string[]): string => {
  const first = `CASE ${codes.map((code) => `WHEN ${isDigit(code)} THEN ${code}`).join(' ')} ELSE 47 END - 47`;
  const random = `CAST(CONV(LEFT(${hash}, 15), 16, 10) AS UNSIGNED) MOD ${9 * UNIT}`;
  return `LPAD((${random} + (${first}) * ${UNIT}) MOD ${10 * UNIT}, ${DIGITS_PER_HASH}, '0')`;
};

/** What of the value is no digit, put between these. */
const renderMixed = (digits: string, column: ColumnInventory, value: string, start: number): string =>
  listCodes(column, value, start).reduce(
    (text, code, index) =>
      `INSERT(${text}, ${index + 1}, 0, SUBSTR(${value}, ${start + index + 1}, NOT (${isDigit(code)})))`,
    digits,
  );

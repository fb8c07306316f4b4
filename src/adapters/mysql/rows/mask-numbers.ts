import {
  decimalSize,
  integerBits,
  integerRange,
  isUnsigned,
  isZerofill,
} from '../../../core/mask/column-size.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { isOfFamily } from '../../../core/sql/column-types.js';
import { quoteName } from '../connection/identifiers.js';
import { renderHmac, renderMissing, renderTag } from './mask-key.js';

/**
 * One hash of a number below 2^31, as a number of at most 32 bits; 0 of 0. The key fills the first block, and so few
 * bits are shown that nobody can go on from them: HMAC's second hash would double the price. The division keeps
 * numbers apart, and is NULL for 0.
 */
const renderRound = (tag: string, number: string, mask: number): string =>
  `(IFNULL(CAST(CONV(LEFT(SHA2(CONCAT(@mysql_sync_mask_i, ${renderTag(tag)}, 4611686018427387904 DIV ${number}), 256), 8), 16, 10) AS UNSIGNED), 0) & ${mask})`;

/** A Feistel network of three rounds over twice so many low bits; 0 stays 0. */
const renderNetwork = (number: string, halfBits: number, tag: string): string => {
  const mask = 2 ** halfBits - 1;
  const [high, low] = [`((${number} >> ${halfBits}) & ${mask})`, `(${number} & ${mask})`];
  const first = `(${high} ^ ${renderRound(`${tag}/1`, low, mask)})`;
  const second = `(${low} ^ ${renderRound(`${tag}/2`, first, mask)})`;
  const third = `(${first} ^ ${renderRound(`${tag}/3`, second, mask)})`;
  return `((${second} << ${halfBits}) | ${third} | (${number} >> ${2 * halfBits} << ${2 * halfBits}))`;
};

const HALF_BITS: Readonly<Record<number, number>> = { 8: 3, 16: 7, 24: 11, 32: 15, 64: 15 };

/**
 * A permutation of the low 6, 14, 22 or 30 bits. BIGINT permutes the 22 bits above those 30 apart, so that INT and
 * BIGINT have one mask for one number; what is above stays, and so does the sign.
 */
export const renderId = (column: ColumnInventory): string => {
  const name = quoteName(column.name);
  const bits = integerBits(column) ?? 64;
  const number = isUnsigned(column) ? name : `IF(${name} < 0, -1 - ${name}, ${name})`;
  const half = HALF_BITS[bits] ?? 15;
  const low = renderNetwork(bits === 64 ? `(${number} & 1073741823)` : number, half, `id ${2 * half}`);
  const above = `(${number} >> 30)`;
  const mask =
    bits === 64 ? `((IF(${above} = 0, 0, ${renderNetwork(above, 11, 'id above')}) << 30) | ${low})` : low;
  const signed = isUnsigned(column)
    ? mask
    : `IF(${name} < 0, -1, 1) * CAST(${mask} AS SIGNED) - (${name} < 0)`;
  return fillUp(column, `IF(@mysql_sync_mask_i IS NULL, ${renderMissing(name)}, ${signed})`);
};

/** Another number of as many digits, of the same sign; what is below ten may become any digit. */
export const renderOtherNumber = (column: ColumnInventory): string => {
  const name = quoteName(column.name);
  const isDecimal = isOfFamily(column.dataType, 'decimal');
  const { digits, scale } = isDecimal ? decimalSize(column) : { digits: 20, scale: 0 };
  const exact = `CAST(${name} AS DECIMAL(${digits}, ${scale}))`;
  const size = `CAST(ABS(${exact}) * 1${'0'.repeat(scale)} AS DECIMAL(${digits}, 0))`;
  const hash = renderHmac('number', `CAST(${exact} AS BINARY)`);
  // Hexadecimal digits of hexadecimal digits are decimal ones.
  const random = `CAST(HEX(LEFT(${hash}, 19)) AS DECIMAL(38, 0))`;
  const power = `CAST(RPAD('1', LENGTH(${size}), '0') AS DECIMAL(38, 0))`;
  const least = `IF(${size} < 10, 0, ${power})`;
  const most = isDecimal
    ? `${power} * 10`
    : `LEAST(${power} * 10, ${(integerRange(column)?.most ?? 0n) + 1n})`;
  const span = `(${most} - ${least})`;
  const other = `(${least} + MOD(${size} - ${least} + 1 + MOD(${random}, ${span} - 1), ${span}))`;
  return fillUp(column, asType(column, `IF(${name} < 0, -1, 1) * ${other}`, digits, scale));
};

const asType = (column: ColumnInventory, number: string, digits: number, scale: number): string => {
  if (!isOfFamily(column.dataType, 'decimal'))
    return `CAST(${number} AS ${isUnsigned(column) ? 'UNSIGNED' : 'SIGNED'})`;
  const unit = scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`;
  return `CAST(${number} * ${unit} AS DECIMAL(${digits}, ${scale}))`;
};

/** ZEROFILL prints zeros in front, and its masks have no more digits than it prints. */
const fillUp = (column: ColumnInventory, mask: string): string =>
  isZerofill(column) ? `LPAD(${mask}, LENGTH(${quoteName(column.name)}), '0')` : mask;

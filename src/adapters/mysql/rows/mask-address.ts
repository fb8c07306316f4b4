import { widthOf } from '../../../core/mask/column-size.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { isOfFamily } from '../../../core/sql/column-types.js';
import { quoteName } from '../connection/identifiers.js';
import { type MaskCell, cellOf, inCharsetOf, unlessEmpty } from './mask-cell.js';
import { renderHmac, renderNumber } from './mask-key.js';

/** 198.18.0.0/15, kept for measurements (RFC 2544), and 203.0.113.0/24, kept for examples (RFC 5737). */
const MEASURING = 3_323_068_416;
const EXAMPLES = 3_405_803_776;

/** Addresses of IPv4 as numbers; of one that is such an address itself, one of the examples. */
const renderFour = (bytes: string, message: string): string => {
  const number = renderNumber(renderHmac('ip', message));
  return `IF(${bytes} LIKE '198.1%', ${EXAMPLES} + ${number} MOD 256, ${MEASURING} + ${number} MOD 131072)`;
};

/** 2001:db8::/32 (RFC 3849). Every group is of four digits, so that each server prints it as it is. */
const renderSix = (message: string): string => {
  const digits = `LEFT(${renderHmac('ip', message)}, 18)`;
  const groups = [3, 8, 13, 18, 23].reduce((text, place) => `INSERT(${text}, ${place + 1}, 0, ':a')`, digits);
  return `CONCAT('2001:db8:a', ${groups})`;
};

const renderAsText = (bytes: string, message: string, width: number): string => {
  const four = `INET_NTOA(${renderFour(bytes, message)})`;
  return width < 38 ? four : `IF(${bytes} LIKE '%:%', ${renderSix(message)}, ${four})`;
};

/** In text, in the types of MariaDB, as the number or as the 4 or 16 bytes of an address. */
export const renderIp = (column: ColumnInventory): string => {
  const name = quoteName(column.name);
  if (isOfFamily(column.dataType, 'integer')) {
    const bytes = `CAST(IFNULL(INET_NTOA(${name}), ${name}) AS BINARY)`;
    return `IF(${name} = 0, 0, ${renderFour(bytes, bytes)})`;
  }
  const width = widthOf(column) ?? 39;
  if (isOfFamily(column.dataType, 'bytes') && width <= 16) return renderRaw(name, width);
  const cell = cellOf(column);
  if (column.dataType === 'inet6') return renderSix(cell.message);
  const mask = renderIpText(column.dataType === 'inet4' ? { ...cell, width: 15 } : cell);
  return isOfFamily(column.dataType, 'address') ? mask : inCharsetOf(column, mask);
};

export const renderIpText = ({ value, bytes, message, width }: MaskCell): string =>
  unlessEmpty(value, renderAsText(bytes, message, width));

const renderRaw = (name: string, width: number): string => {
  const bytes = `CAST(IFNULL(INET6_NTOA(${name}), HEX(${name})) AS BINARY)`;
  return unlessEmpty(name, `INET6_ATON(${renderAsText(bytes, bytes, width < 16 ? 15 : 39)})`);
};

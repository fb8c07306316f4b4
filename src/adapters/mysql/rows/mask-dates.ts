import { firstNumber } from '../../../core/mask/column-size.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import { quoteName } from '../connection/identifiers.js';
import { renderHmac, renderNumber } from './mask-key.js';

/** Days of a common year before each month. */
const DAYS_BEFORE = '0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334';

const ZERO_DATE = '0000-00-00';

/** Text of the column as it prints it. Everything is made of this text: years before 100 are others to date functions. */
const textOf = ({ name }: ColumnInventory): string => `CAST(${quoteName(name)} AS CHAR)`;

const unlessZero = (text: string, mask: string): string =>
  `IF(LEFT(${text}, 10) = '${ZERO_DATE}', ${text}, ${mask})`;

/**
 * Another day of the same year, in which 29 February never comes up; the time of day stays. TIMESTAMP begins and ends
 * within a year, of which its neighbour stands in.
 */
export const renderOtherDay = (column: ColumnInventory): string => {
  const text = textOf(column);
  const name = quoteName(column.name);
  const day = `IFNULL(CAST(ELT(MONTH(${name}), ${DAYS_BEFORE}) AS SIGNED), 0) + DAYOFMONTH(${name})`;
  const number = renderNumber(renderHmac('date', `CAST(LEFT(${text}, 10) AS BINARY)`));
  const other = `DATE_FORMAT(MAKEDATE(2001, 1 + (${day} + ${number} MOD 364) MOD 365), '%m-%d')`;
  const year = `LEFT(${text}, 4)`;
  const within =
    column.dataType === 'timestamp'
      ? `CASE ${year} WHEN '1970' THEN '1971' WHEN '2038' THEN '2037' WHEN '2106' THEN '2105' ELSE ${year} END`
      : year;
  return unlessZero(text, `CONCAT(${within}, '-', ${other}, SUBSTR(${text}, 11))`);
};

/** The first day of the year or month; of the first one of TIMESTAMP the second day, because it begins a second late. */
export const renderFirstDay = (column: ColumnInventory, unit: 'year' | 'month'): string => {
  const text = textOf(column);
  const start =
    unit === 'year' ? `CONCAT(LEFT(${text}, 4), '-01')` : `REPLACE(LEFT(${text}, 7), '-00', '-01')`;
  const day = column.dataType === 'timestamp' ? `IF(${start} = '1970-01', '02', '01')` : `'01'`;
  const places = firstNumber(column.columnType) ?? 0;
  const midnight =
    column.dataType === 'date' ? '' : ` 00:00:00${places === 0 ? '' : `.${'0'.repeat(places)}`}`;
  return unlessZero(text, `CONCAT(${start}, '-', ${day}, '${midnight}')`);
};

import type { ColumnInventory } from '../server/inventory.js';
import { columnTypeOf } from '../sql/column-types.js';
import {
  decimalSize,
  firstNumber,
  integerRange,
  isPadded,
  isUnsigned,
  isZerofill,
  widthOf,
} from './column-size.js';

/** A constant as the column would print it once it is stored, or why it cannot be. */
export type Printed = { readonly text: string } | { readonly why: string };

export const printValue = (value: string | number | boolean, column: ColumnInventory): Printed => {
  const { columnType, dataType } = column;
  const text = typeof value === 'string' ? value : String(Number(value));
  const unfit = { why: `this value does not fit ${columnType}` };
  switch (columnTypeOf(dataType)?.family) {
    case 'integer':
      return printInteger(text, column) ?? unfit;
    case 'decimal':
      return printDecimal(text, column) ?? unfit;
    case 'floating':
      return printFloat(text, column) ?? unfit;
    case 'temporal':
      return printMoment(text, column) ?? unfit;
    case 'json':
      return printJson(value);
    case 'address':
      return ADDRESSES[dataType]?.test(text) ? { text } : unfit;
    case 'text':
    case 'bytes':
      return typeof value === 'boolean'
        ? { why: 'true and false are for numbers: put the text in quotes' }
        : printText(text, column);
    default:
      return { why: `a value cannot be given for ${columnType}` };
  }
};

const ADDRESSES: Readonly<Record<string, RegExp>> = {
  uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
  inet4: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  inet6: /^2001:db8::[1-9a-f][\da-f]{0,3}$/,
};

const printInteger = (text: string, column: ColumnInventory): Printed | undefined => {
  const range = integerRange(column);
  if (!/^-?\d{1,20}$/.test(text) || !range) return undefined;
  const number = BigInt(text);
  if (number < range.least || number > range.most) return undefined;
  const width = isZerofill(column) ? (firstNumber(column.columnType) ?? 0) : 0;
  return { text: String(number).padStart(width, '0') };
};

const printDecimal = (text: string, column: ColumnInventory): Printed | undefined => {
  const { digits, scale } = decimalSize(column);
  const found = /^(-?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text);
  const [, sign = '', whole = '', fraction = ''] = found ?? [];
  if (!found || !/\d/.test(text) || whole.length > digits - scale || fraction.length > scale)
    return undefined;
  const isZero = /^0*$/.test(whole + fraction);
  if (sign !== '' && (isUnsigned(column) || isZero)) return undefined;
  const width = isZerofill(column) ? digits - scale : 1;
  const point = scale === 0 ? '' : `.${fraction.padEnd(scale, '0')}`;
  return { text: `${sign}${whole.padStart(width, '0')}${point}` };
};

/** Only what a FLOAT holds exactly: another number would be compared with what it became. */
const printFloat = (text: string, column: ColumnInventory): Printed | undefined => {
  const number = Number(text);
  const isExact = /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) && !/\(/.test(column.columnType);
  if (!isExact || (number < 0 && isUnsigned(column)) || Object.is(number, -0)) return undefined;
  return column.dataType === 'float' && Math.fround(number) !== number ? undefined : { text: String(number) };
};

const DAY = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

const printMoment = (text: string, { dataType, columnType }: ColumnInventory): Printed | undefined => {
  const [start = '', fraction = ''] = text.split('.');
  const [day = '', time = dataType === 'date' ? '' : '00:00:00'] = start.split(' ');
  const isTime = dataType === 'time';
  const places = firstNumber(columnType) ?? 0;
  const clock = isTime ? start : time;
  if (!isTime && (!DAY.test(day) || new Date(`${day}T00:00:00Z`).getUTCDate() !== Number(day.slice(8))))
    return undefined;
  if (dataType === 'timestamp' && !/^(?:19[789]|20[012])/.test(day)) return undefined;
  if (dataType === 'timestamp' && day < '1970-01-02') return undefined;
  if (dataType === 'date' ? clock !== '' : !TIME.test(clock)) return undefined;
  if (fraction.length > places || !/^\d*$/.test(fraction)) return undefined;
  const seconds = places === 0 ? '' : `.${fraction.padEnd(places, '0')}`;
  return { text: isTime || dataType === 'date' ? `${start}${seconds}` : `${day} ${clock}${seconds}` };
};

export const printJson = (value: string | number | boolean): Printed => {
  const text = String(value);
  try {
    JSON.parse(text);
    return { text };
  } catch {
    return { why: `this value is no JSON: text is written as '"text"'` };
  }
};

/** CHAR loses spaces at the end. */
const printText = (value: string, column: ColumnInventory): Printed => {
  const text = column.dataType === 'char' ? value.replace(/ +$/, '') : value;
  const width = widthOf(column) ?? 0;
  const isText = columnTypeOf(column.dataType)?.family === 'text';
  const size =
    isText && !/text$/.test(column.dataType) ? (text.match(/[^]/gu)?.length ?? 0) : Buffer.byteLength(text);
  if (size > width) return { why: `this value is too long for ${column.columnType}` };
  if (!isText) return { text: isPadded(column) ? text.padEnd(text.length + width - size, '\0') : text };
  return repertoireOf(column.charset).test(text)
    ? { text }
    : { why: `this value has a character that ${column.charset ?? 'the column'} may not have` };
};

/** Of other character sets only that is taken for granted which ASCII has too. */
const repertoireOf = (charset = ''): RegExp =>
  /^(?:utf8mb4|utf16|utf16le|utf32)$/.test(charset)
    ? /^\P{Cs}*$/u
    : /^(?:utf8|utf8mb3|ucs2)$/.test(charset)
      ? /^[\0-\ud7ff\ue000-\uffff]*$/
      : charset === 'latin1'
        ? /^[\0-\x7f\xa0-\xff]*$/
        : /^[\n\r\t\x20-\x5b\x5d-\x7d]*$/;

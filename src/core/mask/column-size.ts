import type { ColumnInventory } from '../server/inventory.js';
import { columnTypeOf } from '../sql/column-types.js';

type Sized = Pick<ColumnInventory, 'dataType' | 'columnType' | 'charset'>;

const LONG_BYTES: Readonly<Record<string, number>> = {
  tiny: 255,
  '': 65_535,
  medium: 16_777_215,
  long: 4_294_967_295,
};

/** Of ASCII; every character set that servers keep text in has one, two or four bytes for each. */
const bytesPerCharacter = (charset: string | undefined): number =>
  /^(?:ucs2|utf16|utf16le)$/.test(charset ?? '') ? 2 : charset === 'utf32' ? 4 : 1;

/** How many ASCII characters (or bytes, of binary types) fit; undefined for types that hold no text. */
export const widthOf = ({ dataType, columnType, charset }: Sized): number | undefined => {
  if (/^(?:var)?(?:char|binary)$/.test(dataType)) return firstNumber(columnType) ?? 1;
  const long = /^(tiny|medium|long|)(?:text|blob)$/.exec(dataType)?.[1];
  if (long === undefined) return undefined;
  return Math.floor((LONG_BYTES[long] ?? 0) / bytesPerCharacter(charset));
};

/** BINARY(n), whose values are filled up to n bytes. */
export const isPadded = ({ dataType }: Sized): boolean => dataType === 'binary';

export const isUnsigned = ({ columnType }: Sized): boolean => /\b(?:unsigned|zerofill)\b/i.test(columnType);

export const isZerofill = ({ columnType }: Sized): boolean => /\bzerofill\b/i.test(columnType);

/** The bits of an integer type; undefined for others, and for YEAR. */
export const integerBits = ({ dataType }: Sized): number | undefined => {
  const type = columnTypeOf(dataType);
  return type?.key === 'number' && type.family === 'integer' ? (type.keyBytes ?? 0) * 8 : undefined;
};

/** The numbers that an integer column takes. */
export const integerRange = (
  column: Sized,
): { readonly least: bigint; readonly most: bigint } | undefined => {
  const bits = integerBits(column);
  if (bits === undefined) return undefined;
  return isUnsigned(column)
    ? { least: 0n, most: 2n ** BigInt(bits) - 1n }
    : { least: -(2n ** BigInt(bits - 1)), most: 2n ** BigInt(bits - 1) - 1n };
};

/** DECIMAL(10,2): ten digits, two of them behind the point. */
export const decimalSize = ({ columnType }: Sized): { readonly digits: number; readonly scale: number } => {
  const [digits = 10, scale = 0] = (columnType.match(/\d+/g) ?? []).map(Number);
  return { digits, scale };
};

/** Digits of a fraction of a second, or the width that an integer is filled up to with zeros. */
export const firstNumber = (columnType: string): number | undefined => {
  const found = /\((\d+)/.exec(columnType)?.[1];
  return found === undefined ? undefined : Number(found);
};

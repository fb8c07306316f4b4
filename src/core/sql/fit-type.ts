import { canonicalTypeName, columnTypeOf, isOfFamily } from './column-types.js';
import { hasLookalikes } from './enum-members.js';

/** What of a column decides which values it holds. */
export interface HoldingColumn {
  readonly columnType: string;
  readonly charset: string | undefined;
}

/**
 * How values of one column go into another one: `whole`: all of them as they are; `some`: a strict session refuses those
 * that do not fit; `changed`: a server may change some of them and not say so.
 */
export type Fit = 'whole' | 'some' | 'changed';

export const fitColumn = (from: HoldingColumn, to: HoldingColumn): Fit => {
  const [a, b] = [readType(from.columnType), readType(to.columnType)];
  const isSameText = from.columnType === to.columnType;
  const isOneCharset = charsetOf(from) === charsetOf(to);
  if (isSameText && isOneCharset) return 'whole';
  for (const [family, fit] of FITS) {
    if (!isOfFamily(a.name, family) || !isOfFamily(b.name, family)) continue;
    const found = fit(a, b);
    return found === 'whole' && !isOneCharset && !isInEvery(from, to) ? 'some' : found;
  }
  return isSameText ? 'whole' : 'changed';
};

interface ReadType {
  readonly name: string;
  /** Numbers in parentheses. */
  readonly sizes: readonly number[];
  readonly isUnsigned: boolean;
  readonly text: string;
}

const readType = (text: string): ReadType => {
  const [, name = '', inside = ''] = /^(\w+)(?:\s*\(([^)]*)\))?/.exec(text) ?? [];
  return {
    name: canonicalTypeName(name.toLowerCase()),
    sizes: inside.split(',').map(Number),
    isUnsigned: /\bunsigned\b/i.test(text.replaceAll(/'(?:[^']|'')*'/g, '')),
    text,
  };
};

type TypeFit = (from: ReadType, to: ReadType) => Fit;

const fitInteger: TypeFit = (from, to) => {
  if (from.name === 'year' || to.name === 'year') return from.name === to.name ? 'whole' : 'changed';
  const [a, b] = [columnTypeOf(from.name)?.keyBytes ?? 0, columnTypeOf(to.name)?.keyBytes ?? 0];
  if (from.isUnsigned === to.isUnsigned) return b >= a ? 'whole' : 'some';
  return from.isUnsigned && b > a ? 'whole' : 'some';
};

/** Digits behind the point are rounded away. */
const fitDecimal: TypeFit = (from, to) => {
  const [digits = 10, scale = 0] = from.sizes;
  const [digitsThere = 10, scaleThere = 0] = to.sizes;
  if (scaleThere < scale) return 'changed';
  const isWide = digitsThere - scaleThere >= digits - scale && (from.isUnsigned || !to.isUnsigned);
  return isWide ? 'whole' : 'some';
};

const fitBits: TypeFit = (from, to) => ((to.sizes[0] ?? 0) >= (from.sizes[0] ?? 0) ? 'whole' : 'some');

/** Fractions of a second are rounded, and a TIMESTAMP takes the way through a time zone. */
const fitMoment: TypeFit = (from, to) =>
  from.name === to.name && from.name !== 'timestamp' && (to.sizes[0] ?? 0) >= (from.sizes[0] ?? 0)
    ? 'whole'
    : 'changed';

const LONG: Readonly<Record<string, number>> = {
  tiny: 255,
  '': 65_535,
  medium: 2 ** 24 - 1,
  long: 2 ** 32 - 1,
};

/** Characters or bytes. */
const lengthOf = ({ name, sizes }: ReadType): number => {
  const [, size] = /^(tiny|medium|long|)(?:text|blob)$/.exec(name) ?? [];
  return size === undefined ? (sizes[0] ?? 0) : (LONG[size] ?? 0);
};

/** A CHAR loses spaces at its end, and a BINARY gets zeros. */
const fitText: TypeFit = (from, to) => {
  const isPadded = to.name === 'char' || to.name === 'binary';
  if (isPadded && (from.name !== to.name || to.name === 'binary')) return 'changed';
  return lengthOf(to) >= lengthOf(from) ? 'whole' : 'some';
};

const listMembers = ({ text }: ReadType): readonly string[] => text.match(/'(?:[^']|'')*'/g) ?? [];

/** They go by their texts. */
const fitMembers: TypeFit = (from, to) => {
  if (from.name !== to.name || hasLookalikes(from.text) || hasLookalikes(to.text)) return 'changed';
  const there = new Set(listMembers(to));
  return listMembers(from).every((member) => there.has(member)) ? 'whole' : 'some';
};

const FITS = [
  ['integer', fitInteger],
  ['decimal', fitDecimal],
  ['bit', fitBits],
  ['temporal', fitMoment],
  ['text', fitText],
  ['bytes', fitText],
  ['members', fitMembers],
] as const;

const charsetOf = ({ charset }: HoldingColumn): string | undefined =>
  charset === 'utf8' ? 'utf8mb3' : charset;

/** Is each character of the one character set in the other? */
const isInEvery = (from: HoldingColumn, to: HoldingColumn): boolean =>
  charsetOf(to) === 'utf8mb4' || charsetOf(from) === 'ascii';

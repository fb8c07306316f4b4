import type { NumberKind } from '../../../../core/sql/column-types.js';

/** Where in a number the bytes so far end. Only after a digit may it end: those states are the last ones. */
const REFUSED = 0;
export const NUMBER_START = 1;
const SIGN = 2;
const POINT = 3;
const EXPONENT = 4;
const EXPONENT_SIGN = 5;
const DIGITS = 6;
const FRACTION = 7;
const EXPONENT_DIGITS = 8;

const LAST_STATES: Readonly<Record<NumberKind, number>> = {
  integer: DIGITS,
  decimal: FRACTION,
  float: EXPONENT_DIGITS,
};

/** What servers print: `-12`, `00042` (ZEROFILL), `-0.50`, `1.5e-308`, `1e20`. No sign before a positive number. */
const STEPS: readonly (readonly [from: number, bytes: string, to: number])[] = [
  [NUMBER_START, '-', SIGN],
  [NUMBER_START, '0123456789', DIGITS],
  [SIGN, '0123456789', DIGITS],
  [DIGITS, '0123456789', DIGITS],
  [DIGITS, '.', POINT],
  [POINT, '0123456789', FRACTION],
  [FRACTION, '0123456789', FRACTION],
  [DIGITS, 'eE', EXPONENT],
  [FRACTION, 'eE', EXPONENT],
  [EXPONENT, '+-', EXPONENT_SIGN],
  [EXPONENT, '0123456789', EXPONENT_DIGITS],
  [EXPONENT_SIGN, '0123456789', EXPONENT_DIGITS],
  [EXPONENT_DIGITS, '0123456789', EXPONENT_DIGITS],
];

/**
 * The state after one more byte, at `state << 8 | byte`. A table, because every byte of every number is looked at, and
 * numbers may come in parts.
 */
export const NUMBER_STATES = new Uint8Array((EXPONENT_DIGITS + 1) << 8).fill(REFUSED);
for (const [from, bytes, to] of STEPS)
  for (const byte of Buffer.from(bytes)) NUMBER_STATES[(from << 8) | byte] = to;

export const isWholeNumber = (kind: NumberKind, state: number): boolean =>
  state >= DIGITS && state <= LAST_STATES[kind];

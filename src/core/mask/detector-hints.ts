import type { Detector } from './detector.js';

/** One bit for each detector that may find something. */
const BITS: Readonly<Record<Detector, number>> = {
  email: 1,
  phone: 2,
  card: 4,
  iban: 8,
  ip: 16,
  key: 32,
  token: 64,
};

export const isHinted = (hints: number, detector: Detector): boolean => (hints & BITS[detector]) !== 0;

const enum Kind {
  /** Nothing that is looked for begins or ends with it: most of a text. */
  Other,
  Digit,
  /** Space and brackets, which may stand within a number. */
  Gap,
  Dot,
  Dash,
  At,
  Underscore,
  /** J ends the start of a JSON Web Token, A those of Amazon's keys. */
  Token,
}

/** By byte. What is not walked over quickly has a kind here, and what only ends a number has none. */
const KINDS = new Uint8Array(256);
/** What a number does not begin directly behind. */
const IS_WORD = new Uint8Array(256);
for (let byte = 0x30; byte <= 0x39; byte += 1) KINDS[byte] = Kind.Digit;
for (let byte = 0x41; byte <= 0x5a; byte += 1) IS_WORD[byte] = IS_WORD[byte + 0x20] = 1;
for (const gap of ' ()') KINDS[gap.charCodeAt(0)] = Kind.Gap;
KINDS[0x2d] = Kind.Dash;
KINDS[0x2e] = Kind.Dot;
KINDS[0x40] = Kind.At;
KINDS[0x41] = Kind.Token;
KINDS[0x4a] = Kind.Token;
KINDS[0x5f] = Kind.Underscore;
IS_WORD[0x5f] = 1;
/** What the quick walk stops at. */
const STOPS: readonly Kind[] = Array.from(KINDS, (kind: Kind) =>
  kind === Kind.Gap || kind === Kind.Dot ? Kind.Other : kind,
);

const PLUS = 0x2b;
const ZERO = 0x30;
const LEAST_PHONE = 9;
const LEAST_CARD = 13;
const LEAST_DOTS = 3;

const isUpper = (byte = 0): boolean => byte >= 0x41 && byte <= 0x5a;

const SAMPLED_BYTES = 128;

/**
 * No picture and no archive: of some bytes all over it none is a control character, as in text of any language, or three
 * quarters are printed characters of ASCII.
 */
export const isMostlyText = (bytes: Uint8Array, from: number, to: number): boolean => {
  // Odd, so that pixels and records of 4 or 64 bytes are not seen at the same place of each.
  const step = Math.floor((to - from) / SAMPLED_BYTES) | 1;
  const mostOthers = Math.floor(Math.ceil((to - from) / step) / 4);
  let [others, controls] = [0, 0];
  for (let at = from; at < to; at += step) {
    const byte = bytes[at] as number;
    if ((byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d)) continue;
    others += 1;
    if (byte < 0x80) controls += 1;
    if (controls > 0 && others > mostOthers) return false;
  }
  return true;
};

/** Do the bytes before `at` spell this? */
const endsWith = (bytes: Uint8Array, from: number, at: number, text: string): boolean => {
  const start = at - text.length;
  if (start < from) return false;
  for (let index = 0; index < text.length; index += 1)
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  return true;
};

const stop = (bytes: Uint8Array, at: number): Kind => STOPS[bytes[at] as number] as Kind;

/**
 * Which detectors are worth their regular expressions, from one walk over the bytes: most cells have nothing that any of them
 * begins with. Never misses what a detector finds in the same bytes read as latin1.
 */
export const readHints = (bytes: Uint8Array, from: number, to: number): number => {
  let hints = 0;
  let at = from;
  while (at < to) {
    // Four at a time: the gate reads every byte of a copy, and this loop is what it costs.
    while (
      at + 4 <= to &&
      (stop(bytes, at) | stop(bytes, at + 1) | stop(bytes, at + 2) | stop(bytes, at + 3)) === 0
    )
      at += 4;
    while (at < to && stop(bytes, at) === Kind.Other) at += 1;
    if (at >= to) break;
    switch (stop(bytes, at)) {
      case Kind.Digit:
        at = passNumber(bytes, from, at, to);
        hints |= numberHints;
        continue;
      case Kind.At:
        hints |= BITS.email;
        break;
      case Kind.Dash:
        hints |= hintsOfDash(bytes, from, at);
        break;
      case Kind.Underscore:
        if (endsWith(bytes, from, at, 'live') || endsWith(bytes, from, at - 1, 'gh')) hints |= BITS.token;
        break;
      default:
        // The start of a JSON Web Token, and the ends of AKIA and ASIA.
        if (
          bytes[at] === 0x4a
            ? endsWith(bytes, from, at, 'ey')
            : endsWith(bytes, from, at, 'AKI') || endsWith(bytes, from, at, 'ASI')
        )
          hints |= BITS.token;
    }
    at += 1;
  }
  return hints;
};

const hintsOfDash = (bytes: Uint8Array, from: number, at: number): number =>
  (endsWith(bytes, from, at, '----') ? BITS.key : 0) |
  (endsWith(bytes, from, at, 'glpat') || endsWith(bytes, from, at - 1, 'xox') ? BITS.token : 0);

/** Of the number that `passNumber` went over last; a second result would be an object for each number of a copy. */
let numberHints = 0;

/** Goes on behind a number, and what may stand within one, that begins with a digit at `start`. */
const passNumber = (bytes: Uint8Array, from: number, start: number, to: number): number => {
  let at = start;
  numberHints = 0;
  if (start > from && IS_WORD[bytes[start - 1] as number] === 1) {
    // No number, but two capital letters and two digits begin an IBAN.
    if (start - from >= 2 && isUpper(bytes[start - 1]) && isUpper(bytes[start - 2]) && start + 1 < to)
      if (KINDS[bytes[start + 1] as number] === Kind.Digit) numberHints = BITS.iban;
    while (at < to && KINDS[bytes[at] as number] === Kind.Digit) at += 1;
    return at;
  }
  let digits = 0;
  let dots = 0;
  // A phone number begins with + or 00, or has dots or dashes between its parts.
  let isPhone = start > from && bytes[start - 1] === PLUS;
  for (; at < to; at += 1) {
    const kind = KINDS[bytes[at] as number];
    if (kind === Kind.Digit) {
      digits += 1;
      if (
        bytes[at] === ZERO &&
        bytes[at + 1] === ZERO &&
        (at === start || KINDS[bytes[at - 1] as number] !== Kind.Digit)
      )
        isPhone = true;
    } else if (kind === Kind.Gap) continue;
    else if (kind === Kind.Dot) dots += 1;
    else if (kind === Kind.Dash) {
      isPhone = true;
      numberHints |= hintsOfDash(bytes, from, at);
    } else break;
  }
  if (digits >= LEAST_PHONE && (isPhone || dots > 0)) numberHints |= BITS.phone;
  if (digits >= LEAST_CARD) numberHints |= BITS.card;
  if (dots >= LEAST_DOTS) numberHints |= BITS.ip;
  return at;
};

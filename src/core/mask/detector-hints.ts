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
  /** Punctuation and bytes beyond ASCII: no number goes on over them, and one may begin behind. */
  Other,
  Digit,
  /** No number begins directly behind a letter. */
  Letter,
  Upper,
  /** Space and brackets, which may stand within a number. */
  Gap,
  Dot,
  Dash,
  At,
  Underscore,
}

const KINDS = new Uint8Array(256);
for (let byte = 0x30; byte <= 0x39; byte += 1) KINDS[byte] = Kind.Digit;
for (let byte = 0x41; byte <= 0x5a; byte += 1) {
  KINDS[byte] = Kind.Upper;
  KINDS[byte + 0x20] = Kind.Letter;
}
for (const gap of ' ()') KINDS[gap.charCodeAt(0)] = Kind.Gap;
KINDS[0x2e] = Kind.Dot;
KINDS[0x2d] = Kind.Dash;
KINDS[0x40] = Kind.At;
KINDS[0x5f] = Kind.Underscore;

const LEAST_PHONE = 9;
const LEAST_CARD = 13;
const LEAST_DOTS = 3;

const isUpper = (byte = 0): boolean => byte >= 0x41 && byte <= 0x5a;

const SAMPLED_BYTES = 256;

/**
 * No picture and no archive: of some bytes all over it none is a control character, as in text of any language, or three
 * quarters are printed characters of ASCII.
 */
export const isMostlyText = (bytes: Uint8Array, from: number, to: number): boolean => {
  const step = Math.max(1, Math.floor((to - from) / SAMPLED_BYTES));
  let [seen, printed, controls] = [0, 0, 0];
  for (let at = from; at < to; at += step) {
    const byte = bytes[at] as number;
    seen += 1;
    if ((byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d)) printed += 1;
    else if (byte < 0x80) controls += 1;
  }
  return controls === 0 || printed * 4 >= seen * 3;
};

/** Do the bytes before `at` spell this? */
const endsWith = (bytes: Uint8Array, from: number, at: number, text: string): boolean => {
  const start = at - text.length;
  if (start < from) return false;
  for (let index = 0; index < text.length; index += 1)
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  return true;
};

/**
 * Which detectors are worth their regular expressions, from one walk over the bytes: most cells have nothing that any of them
 * begins with. Never misses what a detector finds in the same bytes read as latin1.
 */
export const readHints = (bytes: Uint8Array, from: number, to: number): number => {
  let hints = 0;
  let digits = 0;
  let dots = 0;
  let isWord = false;
  for (let at = from; at < to; at += 1) {
    switch (KINDS[bytes[at] as number]) {
      case Kind.Letter:
        isWord = true;
        digits = 0;
        dots = 0;
        break;
      case Kind.Digit:
        if (isWord) {
          // Two capital letters and two digits begin an IBAN.
          if (at - from >= 3 && isUpper(bytes[at - 2]) && isUpper(bytes[at - 3])) hints |= BITS.iban;
          break;
        }
        digits += 1;
        if (digits === LEAST_PHONE) hints |= BITS.phone;
        else if (digits === LEAST_CARD) hints |= BITS.card;
        break;
      case Kind.Gap:
        isWord = false;
        break;
      case Kind.Dot:
        if (digits > 0) dots += 1;
        if (dots >= LEAST_DOTS) hints |= BITS.ip;
        break;
      case Kind.Dash:
        if (endsWith(bytes, from, at, '----')) hints |= BITS.key;
        if (endsWith(bytes, from, at, 'glpat') || endsWith(bytes, from, at - 1, 'xox')) hints |= BITS.token;
        break;
      case Kind.Upper:
        isWord = true;
        digits = 0;
        dots = 0;
        // The start of a JSON Web Token, and the ends of AKIA and ASIA.
        if (
          bytes[at] === 0x4a ? endsWith(bytes, from, at, 'ey') : bytes[at] === 0x41 && bytes[at - 1] === 0x49
        )
          hints |= BITS.token;
        break;
      case Kind.Underscore:
        isWord = true;
        digits = 0;
        dots = 0;
        if (endsWith(bytes, from, at, 'live') || endsWith(bytes, from, at - 1, 'gh')) hints |= BITS.token;
        break;
      case Kind.At:
        hints |= BITS.email;
        isWord = false;
        digits = 0;
        dots = 0;
        break;
      default:
        isWord = false;
        digits = 0;
        dots = 0;
    }
  }
  return hints;
};

import { isHinted, readHints } from './detector-hints.js';
import { DETECTORS, type Detector } from './detector.js';

const EMAIL = /[\w.%+-]{1,64}@((?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24})/gi;
/** RFC 2606 and RFC 6761: nobody's. */
const NOBODYS_DOMAIN = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$/i;

const PHONE =
  /(?<![\w+.]|\d )(?:\+|00)[1-9][\d ().-]{6,20}\d(?!\w)|(?<![\w.-])(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?![\w-])/g;
/** Of NANP numbers that are kept for fiction, 555-0100 to 555-0199. */
const FICTION = /55501\d\d$/;

const CARD = /(?<![\w.+-])[3-6]\d{3}(?:[ -]?\d){9,15}(?![\w@-])/g;
const IBAN = /(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?!\w)/g;
const IPV4 = /(?<![\w./-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----/g;
/** AWS, GitHub, GitLab, Slack, Stripe, and JSON Web Tokens, by the forms that their documentation gives. */
const TOKEN =
  /\b(?:(?:AKIA|ASIA)[A-Z\d]{16}|gh[opsur]_[A-Za-z\d]{36}|glpat-[\w-]{20}|xox[abeoprs]-[\w-]{10,}|[rs]k_live_[A-Za-z\d]{16,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})/g;

/**
 * What of these is in a text, with the hints that its bytes gave. Bytes of any character set that has ASCII in it may be given as latin1: what is looked for is ASCII.
 */
export const detect = (text: string, hints: number): readonly Detector[] => {
  let found: Detector[] | undefined;
  for (const detector of DETECTORS)
    if (isHinted(hints, detector) && hasAny(text, FINDERS[detector])) (found ??= []).push(detector);
  return found ?? [];
};

/** The same of a text that no hints were read of. */
export const detectInText = (text: string): readonly Detector[] => {
  if (text === '') return [];
  const bytes = Buffer.from(text, 'utf8');
  return detect(bytes.toString('latin1'), readHints(bytes, 0, bytes.length));
};

/** What a detector finds in a text, each as it stands there. */
export const findValues = (text: string, detector: Detector): readonly string[] => {
  const { pattern, isReal } = FINDERS[detector];
  return Array.from(text.matchAll(pattern)).flatMap((found) => (isReal(found) ? [found[0]] : []));
};

/** `matchAll` would copy the expression for each text, and most have no match. It begins where the expression was left, so that is 0 again. */
const hasAny = (text: string, { pattern, isReal }: Finder): boolean => {
  pattern.lastIndex = 0;
  let found = pattern.exec(text);
  while (found && !isReal(found)) found = pattern.exec(text);
  pattern.lastIndex = 0;
  return found !== null;
};

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

interface Finder {
  readonly pattern: RegExp;
  readonly isReal: (found: RegExpMatchArray) => boolean;
}

const FINDERS: Readonly<Record<Detector, Finder>> = {
  email: { pattern: EMAIL, isReal: ([, domain = '']) => !NOBODYS_DOMAIN.test(domain) },
  phone: {
    pattern: PHONE,
    isReal: ([found]) => {
      const digits = digitsOf(found);
      return digits.length >= 9 && digits.length <= 15 && !FICTION.test(digits);
    },
  },
  card: { pattern: CARD, isReal: ([found]) => isCardNumber(digitsOf(found)) },
  iban: { pattern: IBAN, isReal: ([found]) => isIban(found.replaceAll(' ', '')) },
  ip: { pattern: IPV4, isReal: ([found]) => isPublic(found) },
  key: { pattern: PRIVATE_KEY, isReal: () => true },
  token: { pattern: TOKEN, isReal: () => true },
};

/** ISO/IEC 7812-1: the last digit is Luhn's check digit. */
const isCardNumber = (digits: string): boolean => {
  if (digits.length < 13 || digits.length > 19 || new Set(digits).size < 2) return false;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
};

/** ISO 13616: the rearranged number leaves 1 when it is divided by 97. */
const isIban = (text: string): boolean => {
  if (text.length < 15 || text.length > 34) return false;
  const rearranged = `${text.slice(4)}${text.slice(0, 4)}`;
  let rest = 0;
  for (const character of rearranged)
    for (const digit of parseInt(character, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
};

/** Not of the blocks of RFC 6890 that are private, local, for documentation or for tests, and no multicast. */
const isPublic = (address: string): boolean => {
  // Not by split(): logs are full of addresses, and its strings and their array take longer than all of this.
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < address.length; at += 1) {
    const digit = address.charCodeAt(at) - 0x30;
    if (digit < 0) [a, b, c, d] = [b, c, d, 0];
    else d = d * 10 + digit;
  }
  if (a > 255 || b > 255 || c > 255 || d > 255 || a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100) return b < 64 || b > 127;
  if (a === 169) return b !== 254;
  if (a === 172) return b < 16 || b > 31;
  if (a === 192) return b !== 168 && !(b === 0 && (c === 0 || c === 2));
  if (a === 198) return b !== 18 && b !== 19 && !(b === 51 && c === 100);
  return !(a === 203 && b === 0 && c === 113);
};

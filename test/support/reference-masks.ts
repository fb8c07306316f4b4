import { createHash, createHmac } from 'node:crypto';
import type { MaskRule } from '../../src/core/mask/mask-rule.js';
import {
  CITIES,
  COMPANIES,
  FILLER,
  FIRST_NAMES,
  LAST_NAMES,
  STREETS,
} from '../../src/core/mask/word-lists.js';

/** What masks are, written a second time and by other means than the SQL: texts as they are, ASCII as they become. */

const hmac = (key: string, kind: string, bytes: Buffer): string => {
  const message = bytes.length > 65_536 ? createHash('sha256').update(bytes).digest() : bytes;
  return createHmac('sha256', key).update(`${kind}:`).update(message).digest('hex');
};

const number = (hash: string): number => parseInt(hash.slice(0, 8), 16);

const pick = (words: readonly string[], hash: string, own: string): string =>
  words[(words.indexOf(own) + 1 + (number(hash) % (words.length - 1))) % words.length] ?? '';

export interface TextShape {
  /** Characters of the value in its column; bytes where it is binary. */
  readonly characters: number;
  readonly width: number;
}

/** Of text, given as UTF-8. */
export const maskText = (key: string, rule: MaskRule, bytes: Buffer, shape: TextShape): string => {
  if (bytes.length === 0) return '';
  const hash = hmac(key, rule.kind, bytes);
  const text = bytes.toString('latin1');
  switch (rule.kind) {
    case 'email':
      return `${hash.slice(0, 16)}@example.com`;
    case 'token':
      return hash.slice(0, Math.min(64, shape.width));
    case 'text': {
      const length = Math.min(shape.characters, 200_000);
      const start = number(hash) % FILLER.length;
      const rest = FILLER.slice(start) + FILLER.repeat(Math.ceil(length / FILLER.length));
      return (/^l/i.test(text) ? 'D' : 'L') + (length > 1 ? `${rest.slice(0, length - 2)}.` : '');
    }
    case 'phone': {
      const isFictional = text.slice(-7).startsWith('55501');
      const parity = text.charCodeAt(text.length - 1) % 2 === 0 ? 1 : 0;
      const draw = isFictional ? 2 * (number(hash) % 40_000) + parity : number(hash) % 80_000;
      const digits = String(20_000 + draw);
      return `${shape.width < 12 ? '' : '+1'}${digits.slice(0, 3)}55501${digits.slice(3)}`;
    }
    case 'first-name':
      return pick(FIRST_NAMES, hash, text);
    case 'last-name':
      return pick(LAST_NAMES, hash, text);
    case 'name': {
      const last = pick(LAST_NAMES, hmac(key, 'name, last', bytes), text.split(' ').at(-1) ?? '');
      return `${FIRST_NAMES[number(hash) % FIRST_NAMES.length] ?? ''} ${last}`;
    }
    case 'company':
      return pick(COMPANIES, hash, text);
    case 'street':
      return pick(STREETS, hash, text);
    case 'city':
      return pick(CITIES, hash, text);
    case 'ip':
      return maskIp(key, text, shape.width);
    case 'uuid':
      return maskUuid(key, bytes, shape.width);
    default:
      throw new Error(`no reference of ${rule.kind}`);
  }
};

export const maskDigits = (key: string, text: string): string => {
  const bytes = Buffer.from(text);
  const characters = Array.from(text);
  return characters
    .map((character, place) => {
      const start = place - (place % 16);
      const before = characters.slice(start, place).filter((one) => /[0-9]/.test(one));
      if (!/[0-9]/.test(character)) return character;
      const drawn =
        BigInt(`0x${hmac(key, `digits ${String(start)}`, bytes).slice(0, 15)}`) % 9_000_000_000_000_000n;
      const digit = Number(String(drawn).padStart(16, '0')[before.length]);
      return String(before.length === 0 ? (digit + Number(character) + 1) % 10 : digit);
    })
    .join('');
};

export const maskIp = (key: string, text: string, width: number): string => {
  const hash = hmac(key, 'ip', Buffer.from(text, 'latin1'));
  if (width >= 38 && text.includes(':')) {
    const groups = hash.slice(0, 18).match(/.../g) ?? [];
    return `2001:db8:${groups.map((digits) => `a${digits}`).join(':')}`;
  }
  if (text.startsWith('198.1')) return `203.0.113.${number(hash) % 256}`;
  const host = number(hash) % 131_072;
  return `198.${18 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
};

export const maskUuid = (key: string, bytes: Buffer, width: number): string => {
  const bare = bytes.toString('latin1').replaceAll('-', '');
  const value = /^[\da-f]{32}$/i.test(bare) ? Buffer.from(bare, 'hex') : bytes;
  const digits = hmac(key, 'uuid', value).slice(0, 32);
  const own = `${digits.slice(0, 12)}8${digits.slice(13, 16)}8${digits.slice(17)}`;
  return width < 36 ? own : own.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const innerBlock = (key: string): Buffer => {
  const bytes = Buffer.from(key);
  const short = bytes.length > 64 ? createHash('sha256').update(bytes).digest() : bytes;
  return Buffer.concat([short, Buffer.alloc(64 - short.length)]).map((byte) => byte ^ 0x36) as Buffer;
};

const permute = (block: Buffer, value: bigint, halfBits: bigint, tag: string): bigint => {
  const mask = (1n << halfBits) - 1n;
  let [left, right] = [(value >> halfBits) & mask, value & mask];
  for (const round of [1, 2, 3]) {
    const message = `${tag}/${round}:${right === 0n ? '' : 4_611_686_018_427_387_904n / right}`;
    const hash = createHash('sha256').update(block).update(message).digest('hex');
    const drawn = right === 0n ? 0n : BigInt(`0x${hash.slice(0, 8)}`) & mask;
    [left, right] = [right, left ^ drawn];
  }
  return ((value >> (2n * halfBits)) << (2n * halfBits)) | (left << halfBits) | right;
};

const HALVES: Readonly<Record<string, bigint>> = { tinyint: 3n, smallint: 7n, mediumint: 11n, int: 15n };

/** The permutation of the type of this name. */
export const idMask = (key: string, type: string): ((id: bigint) => bigint) => {
  const block = innerBlock(key);
  const ofNatural = (value: bigint): bigint => {
    const half = HALVES[type];
    if (half !== undefined) return permute(block, value, half, `id ${2n * half}`);
    return (
      (permute(block, value >> 30n, 11n, 'id above') << 30n) |
      permute(block, value & 0x3fffffffn, 15n, 'id 30')
    );
  };
  return (id) => (id < 0n ? -1n - ofNatural(-1n - id) : ofNatural(id));
};

/** Of digits without a point, as `text` is the number with it; `most` is the greatest number of the type. */
export const maskNumber = (key: string, text: string, most: bigint): string => {
  const sign = text.startsWith('-') ? '-' : '';
  const scale = text.split('.')[1]?.length ?? 0;
  const size = BigInt(text.replace(/[-.]/g, ''));
  const hash = hmac(key, 'number', Buffer.from(text));
  const random = BigInt(Buffer.from(hash.slice(0, 19)).toString('hex'));
  const power = 10n ** BigInt(String(size).length - 1);
  const least = size < 10n ? 0n : power;
  const limit = power * 10n < most + 1n ? power * 10n : most + 1n;
  const other = least + ((size - least + 1n + (random % (limit - least - 1n))) % (limit - least));
  const digits = String(other).padStart(scale + 1, '0');
  const printed = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return other === 0n ? printed : `${sign}${printed}`;
};

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

export const maskDate = (key: string, text: string, type: string): string => {
  if (text.startsWith('0000-00-00')) return text;
  const [year, month, day] = [text.slice(0, 4), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const draw = number(hmac(key, 'date', Buffer.from(text.slice(0, 10)))) % 364;
  const dayOfYear = ((DAYS_BEFORE[month - 1] ?? 0) + day + draw) % 365;
  const other = new Date(Date.UTC(2001, 0, 1 + dayOfYear)).toISOString().slice(5, 10);
  const within = type === 'timestamp' ? ({ 1970: '1971', 2038: '2037', 2106: '2105' }[year] ?? year) : year;
  return `${within}-${other}${text.slice(10)}`;
};

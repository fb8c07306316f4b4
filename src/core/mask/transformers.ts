import type { Family } from '../sql/column-types.js';
import type { MaskRule } from './mask-rule.js';
import { CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES, STREETS } from './word-lists.js';

/** What is known of a kind of mask before any column is looked at. */
export interface Transformer {
  /** `preserves`: different values become different ones, but for collisions of a hash of 64 bits or more. */
  readonly uniqueness: 'preserves' | 'lossy';
  /** Of the columns that it is for. */
  readonly families: readonly Family[];
  /** Of the widest mask, in characters; less where it adapts to the column. */
  readonly leastWidth: number;
}

const longest = (words: readonly string[]): number => Math.max(...words.map(({ length }) => length));

const text = (leastWidth: number): Transformer => ({
  uniqueness: 'lossy',
  families: ['text', 'bytes'],
  leastWidth,
});

/** Constants, and what the plan's author makes. */
const free = (families: readonly Family[]): Transformer => ({
  uniqueness: 'lossy',
  families,
  leastWidth: 0,
});

const EVERY: readonly Family[] = [
  ...(['integer', 'decimal', 'floating', 'bit', 'temporal', 'text', 'bytes', 'members'] as const),
  ...(['json', 'geometry', 'address', 'vector'] as const),
];

/** `digits` goes from character to character, and its SQL is as long as the column is wide. */
export const WIDEST_DIGITS = 255;

/** The end of masked addresses of e-mail: reserved for examples by RFC 2606. */
export const EMAIL_END = '@example.com';

export const TRANSFORMERS: Readonly<Record<MaskRule['kind'], Transformer>> = {
  email: { ...text(16 + EMAIL_END.length), uniqueness: 'preserves' },
  token: { ...text(16), uniqueness: 'preserves' },
  uuid: { ...text(16), uniqueness: 'preserves', families: ['text', 'bytes', 'address'] },
  id: { ...free(['integer']), uniqueness: 'preserves' },
  text: text(1),
  phone: text(10),
  digits: text(0),
  'first-name': text(longest(FIRST_NAMES)),
  'last-name': text(longest(LAST_NAMES)),
  name: text(longest(FIRST_NAMES) + 1 + longest(LAST_NAMES)),
  company: text(longest(COMPANIES)),
  street: text(longest(STREETS)),
  city: text(longest(CITIES)),
  ip: { ...text(4), families: ['text', 'bytes', 'address', 'integer'] },
  date: { ...text(0), families: ['temporal'] },
  'date-to': free(['temporal']),
  number: { ...text(0), families: ['integer', 'decimal'] },
  ends: free(['text', 'bytes']),
  value: free(['integer', 'decimal', 'floating', 'temporal', 'text', 'bytes', 'json', 'address']),
  null: free(EVERY),
  default: free(EVERY),
  /** Whether it keeps values apart is for its author to know; the index of the copy refuses what it does not. */
  sql: {
    ...free(EVERY.filter((family) => !['members', 'bit', 'geometry', 'vector'].includes(family))),
    uniqueness: 'preserves',
  },
  json: free(['json', 'text']),
};

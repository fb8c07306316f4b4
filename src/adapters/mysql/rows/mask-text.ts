import type { MaskRule } from '../../../core/mask/mask-rule.js';
import { EMAIL_END } from '../../../core/mask/transformers.js';
import {
  CITIES,
  COMPANIES,
  FILLER,
  FIRST_NAMES,
  LAST_NAMES,
  STREETS,
} from '../../../core/mask/word-lists.js';
import { type MaskCell, unlessEmpty } from './mask-cell.js';
import { renderHmac, renderNumber } from './mask-key.js';

/** Longer texts are cut to this many characters, which every `max_allowed_packet` allows in any character set. */
const MOST_CHARACTERS = 200_000;

/** SQL of the masked text, in ASCII; NULL for NULL. Undefined for rules that are none over text. */
export const renderTextMask = (cell: MaskCell, rule: MaskRule): string | undefined => {
  const mask = renderFilled(cell, rule);
  return mask === undefined ? undefined : unlessEmpty(cell.value, mask);
};

const renderFilled = (cell: MaskCell, rule: MaskRule): string | undefined => {
  const { bytes, width } = cell;
  const hash = renderHmac(rule.kind, cell.message);
  switch (rule.kind) {
    case 'email':
      return `CONCAT(LEFT(${hash}, 16), '${EMAIL_END}')`;
    case 'token':
      return `LEFT(${hash}, ${Math.min(width, 64)})`;
    case 'uuid':
      return renderUuid(cell);
    case 'text':
      return renderFiller(cell, hash);
    case 'phone':
      return renderPhone(cell, renderNumber(hash));
    case 'first-name':
      return pick(FIRST_NAMES, bytes, hash);
    case 'last-name':
      return pick(LAST_NAMES, bytes, hash);
    case 'name':
      return renderName(cell);
    case 'company':
      return pick(COMPANIES, bytes, hash);
    case 'street':
      return pick(STREETS, bytes, hash);
    case 'city':
      return pick(CITIES, bytes, hash);
    case 'ends':
      return renderEnd(cell, rule.keep);
    default:
      return undefined;
  }
};

const listOf = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

/**
 * One of the words that is not the value itself: counted from where the value stands in the list, less than once
 * around. IN is a binary search, and FIELD is not.
 */
const pick = (words: readonly string[], bytes: string, hash: string): string => {
  const list = listOf(words);
  const place = `IF(${bytes} IN (${list}), FIELD(${bytes}, ${list}), 0)`;
  return `ELT(1 + (${place} + ${renderNumber(hash)} MOD ${words.length - 1}) MOD ${words.length}, ${list})`;
};

/** The last name is never that of the value. */
const renderName = ({ bytes, message }: MaskCell): string => {
  const first = `ELT(1 + ${renderNumber(renderHmac('name', message))} MOD ${FIRST_NAMES.length}, ${listOf(FIRST_NAMES)})`;
  const last = pick(LAST_NAMES, `SUBSTRING_INDEX(${bytes}, ' ', -1)`, renderHmac('name, last', message));
  return `CONCAT(${first}, ' ', ${last})`;
};

/**
 * An L, or a D for texts that begin with L, then Latin from a place that the hash tells, then a point: CHAR would lose
 * a space there.
 */
const renderFiller = ({ value, bytes }: MaskCell, hash: string): string => {
  // Of the whole constant RPAD would shorten the constant itself, for all rows after: seen in MariaDB 10.5.
  const start = `SUBSTR(' ${FILLER}', 2 + ${renderNumber(hash)} MOD ${FILLER.length})`;
  const rest = `CONCAT(RPAD(${start}, LEAST(CHAR_LENGTH(${value}), ${MOST_CHARACTERS}) - 2, '${FILLER}'), '.')`;
  return `CONCAT(IF(ORD(${bytes}) IN (76, 108), 'D', 'L'), IF(CHAR_LENGTH(${value}) > 1, ${rest}, ''))`;
};

/**
 * +1, an area, 555 01 and two digits: kept for fiction in every area of North America. Of a number that is one of them
 * the last digit becomes an odd one where it was even, and the other way round.
 */
const renderPhone = ({ bytes, width }: MaskCell, number: string): string => {
  const other = `2 * (${number} MOD 40000) + ((ORD(RIGHT(${bytes}, 1)) & 1) ^ 1)`;
  const digits = `20000 + IF(${bytes} LIKE '%55501__', ${other}, ${number} MOD 80000)`;
  const national = `INSERT(${digits}, 4, 0, '55501')`;
  return width < 12 ? national : `CONCAT('+1', ${national})`;
};

/** Stars before what stays; a value that is no longer than this is stars alone. */
const renderEnd = ({ value }: MaskCell, keep: number): string => {
  const characters = `CHAR_LENGTH(${value})`;
  const stars = `REPEAT('*', LEAST(${characters} - ${keep}, ${MOST_CHARACTERS}))`;
  return `IF(${characters} > ${keep}, CONCAT(${stars}, RIGHT(${value}, ${keep})), REPEAT('*', ${characters}))`;
};

/**
 * Of version 8 and the usual variant, which RFC 9562 leaves to whoever makes them. Text with and without dashes, in
 * upper and lower case, and bytes are the same value.
 */
const renderUuid = ({ value, bytes, message, width, isBinary }: MaskCell): string => {
  const isRaw = isBinary && width < 32;
  const bare = `REPLACE(${bytes}, '-', '')`;
  const same = isRaw ? value : `IF(LENGTH(${bare}) = 32, IFNULL(UNHEX(${bare}), ${message}), ${message})`;
  const digits = `INSERT(INSERT(LEFT(${renderHmac('uuid', same)}, 32), 13, 1, '8'), 17, 1, '8')`;
  if (isRaw) return `UNHEX(${digits})`;
  return width < 36
    ? digits
    : [8, 13, 18, 23].reduce((text, place) => `INSERT(${text}, ${place + 1}, 0, '-')`, digits);
};

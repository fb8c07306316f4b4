import type { Flavor } from '../flavor.js';
import { type Token, isSymbol, nameOf } from '../sql/sql-text.js';
import { hasFunction, knowsFunction } from './common-functions.js';
import { type SeenToken, readLiteral } from '../sql/token-cursor.js';

/** What both vendors read alike in the expression of a default, check or generated column. */
const WORDS = new Set([
  ...[
    'and',
    'or',
    'not',
    'xor',
    'is',
    'null',
    'in',
    'between',
    'like',
    'escape',
    'true',
    'false',
    'div',
    'mod',
  ],
  ...['case', 'when', 'then', 'else', 'end', 'interval', 'as', 'using'],
  ...['microsecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'],
  ...[
    'signed',
    'unsigned',
    'integer',
    'char',
    'charset',
    'character',
    'set',
    'binary',
    'decimal',
    'date',
    'time',
  ],
  ...['datetime', 'double', 'utf8mb4', 'utf8mb3', 'leading', 'trailing', 'both', 'from', 'for'],
]);
/** A text without an introducer is UTF-8 too, as the connection is. */
const INTRODUCER = /^_utf8(?:mb[34])?$/i;
const NUMBER = /^(?:\d+(?:e\d*)?|0x[\da-f]+)$/i;
const OPERATORS = '()+-*/%=<>,.|&^~';

/** The first piece that is not known to mean the same; undefined when there is none. */
export const findUnknownPiece = (
  tokens: readonly SeenToken[],
  columns: ReadonlySet<string>,
  target: Flavor,
): string | undefined =>
  tokens.find((token, at) => !isKnown(token, tokens[at + 1], tokens[at - 1], columns, target))?.text;

const isKnown = (
  token: Token,
  next: Token | undefined,
  before: Token | undefined,
  columns: ReadonlySet<string>,
  target: Flavor,
): boolean => {
  if (token.kind === 'string') return true;
  if (token.kind === 'symbol')
    return OPERATORS.includes(token.text) && !isArrow(token, next) && !isBars(token, next);
  const text = token.text.toLowerCase();
  if (token.kind === 'word' && isSymbol(next, '(') && !WORDS.has(text))
    return !text.startsWith('regexp_') && knowsFunction(target, text);
  if (token.kind === 'word' && (WORDS.has(text) || hasFunction(text) || NUMBER.test(text))) return true;
  if (INTRODUCER.test(text) || (isSymbol(before, '.') && /^\d/.test(text))) return true;
  return columns.has((nameOf(token) ?? '').toLowerCase());
};

const isArrow = (token: Token, next: Token | undefined): boolean =>
  isSymbol(token, '-') && isSymbol(next, '>');

/** `||` is a word for OR or a concatenation, by `sql_mode`. */
const isBars = (token: Token, next: Token | undefined): boolean =>
  isSymbol(token, '|') && isSymbol(next, '|');

/**
 * Without the introducers that MySQL prints before every text. MariaDB stores a text that has one without its escapes
 * (`_utf8mb4'that's'`), and then cannot open the table.
 */
export const omitIntroducers = (tokens: readonly SeenToken[]): readonly SeenToken[] =>
  tokens.flatMap((token, at) => {
    const before = tokens[at - 1];
    if (INTRODUCER.test(token.text) && tokens[at + 1]?.kind === 'string') return [];
    const isIntroduced = token.kind === 'string' && before && INTRODUCER.test(before.text);
    return [isIntroduced ? { ...token, isApart: before.isApart } : token];
  });

/** What vendors print for the same call. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ...{ now: 'current_timestamp', localtime: 'current_timestamp', localtimestamp: 'current_timestamp' },
  ...{ curdate: 'current_date', curtime: 'current_time', substring: 'substr', mid: 'substr', pow: 'power' },
  ...{ lcase: 'lower', ucase: 'upper', character_length: 'char_length', octet_length: 'length' },
  ...{ ceil: 'ceiling', dayofmonth: 'day', adddate: 'date_add', subdate: 'date_sub', schema: 'database' },
  ...{ true: '1', false: '0', mod: '%' },
};

/**
 * The columns, values and calls of an expression in any order: vendors print parentheses, operators and character sets
 * each in their own way.
 */
export const signExpression = (tokens: readonly SeenToken[]): readonly string[] =>
  tokens
    .flatMap((token, at): string[] => {
      if (token.kind === 'string') return [`'${readLiteral(token)}'`];
      if (token.kind === 'name') return [`\`${(nameOf(token) ?? '').toLowerCase()}\``];
      const text = token.text.toLowerCase();
      const word = SYNONYMS[text] ?? text;
      const isCall = token.kind === 'word' && isSymbol(tokens[at + 1], '(') && hasFunction(text);
      return NUMBER.test(word) || word === '%' || isCall || hasFunction(text) ? [word] : [];
    })
    .sort();

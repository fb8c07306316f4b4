import type { Flavor, Vendor } from '../flavor.js';
import { listTypeNames } from '../sql/column-types.js';
import { isSymbol, isWord, nameOf } from '../sql/sql-text.js';
import { differenceOfFunction, knowsFunction } from './common-functions.js';
import type { FindingList } from '../server/findings.js';
import type { SeenToken } from '../sql/token-cursor.js';

/** Syntax of one vendor that the other one reads otherwise, or accepts and fails at when it runs. */
const OWN_SYNTAX: Readonly<Record<Vendor, readonly string[]>> = {
  mariadb: [
    ...[
      'RETURNING',
      'NEXT VALUE FOR',
      'PREVIOUS VALUE FOR',
      'EXECUTE IMMEDIATE',
      'FOR SYSTEM_TIME',
      'TYPE OF',
    ],
    ...['ROW TYPE', 'FETCH GROUP', 'SET STATEMENT', 'NOT ATOMIC', 'AGGREGATE FUNCTION', 'DELETE HISTORY'],
    ...['FOR PORTION', 'CREATE OR REPLACE TABLE'],
  ],
  mysql: [
    ...['LATERAL', 'MEMBER OF', 'FOR SHARE', 'SKIP LOCKED', 'VALUES ROW', 'SET PERSIST'],
    ...['LANGUAGE JAVASCRIPT', 'JSON RELATIONAL DUALITY', 'TABLESAMPLE'],
  ],
};

interface Surroundings {
  readonly source: Flavor;
  readonly target: Flavor;
  /** Functions and procedures of the database, in lower case. */
  readonly routines: ReadonlySet<string>;
}

/** Words that stand before parentheses and call nothing: clauses, operators, types. */
const NO_CALLS = new Set([
  ...listTypeNames('integer', 'decimal', 'floating', 'bit', 'text', 'bytes', 'members'),
  ...[
    'regexp rlike in values select from where and or not on using as over exists any all some key index primary unique into then',
    'when else return returns returned set by having while until case limit union except intersect distinct distinctrow',
    'join table check partition between like is xor div do of cursor declare elseif call end begin default escape',
    'dec fixed nvarchar national array offset',
    'references ignore force use fulltext spatial foreign columns range list separator order with recursive view',
    'procedure function trigger event row rows insert replace update delete for iterate leave signed unsigned lateral',
  ].flatMap((line) => line.split(' ')),
]);

/** What stands before a name that is followed by parentheses and is none of a function. */
const BEFORE_NAMES = [
  ...[
    'INTO',
    'TABLE',
    'CALL',
    'PROCEDURE',
    'FUNCTION',
    'VIEW',
    'INDEX',
    'KEY',
    'REFERENCES',
    'WITH',
    'RECURSIVE',
  ],
  ...['AS', 'CONSTRAINT', 'IGNORE', 'REPLACE', 'INSERT', 'EXISTS'],
];

/**
 * Pieces of a program that are not known to mean the same on the other vendor's servers: syntax, and functions that are
 * neither common to both nor among `routines` (lower case), the database's own.
 */
export const findForeignSyntax = (
  tokens: readonly SeenToken[],
  { source: { vendor }, target, routines }: Surroundings,
): readonly string[] => {
  const syntax = OWN_SYNTAX[vendor].filter((phrase) => {
    const words = phrase.split(' ');
    return tokens.some((_, at) => words.every((word, offset) => isWord(tokens[at + offset], word)));
  });
  const calls = tokens.flatMap((token, at) =>
    isForeignCall(tokens, at, { target, routines }) ? [`${token.text}()`] : [],
  );
  return [...new Set([...syntax, ...listOthers(tokens, vendor), ...calls])];
};

const listOthers = (tokens: readonly SeenToken[], vendor: Vendor): readonly string[] => {
  const isLoop = tokens.some(
    (token, at) =>
      isWord(token, 'FOR') && nameOf(tokens[at + 1] ?? token) !== undefined && isWord(tokens[at + 2], 'IN'),
  );
  const isArrow = tokens.some(
    (token, at) => isSymbol(token, '-') && isSymbol(tokens[at + 1], '>') && tokens[at + 1]?.isApart === false,
  );
  return [
    ...(isLoop && vendor === 'mariadb' ? ['FOR ... IN'] : []),
    ...(isArrow ? ['->'] : []),
    ...(tokens.some((_, at) => isTextOfJsonTable(tokens, at)) ? ['a text as DEFAULT in JSON_TABLE'] : []),
  ];
};

/** `DEFAULT '"none"' ON EMPTY`: MySQL reads JSON there, and MariaDB the text itself. Numbers are the same. */
const isTextOfJsonTable = (tokens: readonly SeenToken[], at: number): boolean =>
  isWord(tokens[at], 'DEFAULT') &&
  tokens[at + 1]?.kind === 'string' &&
  !/^'-?\d+(?:\.\d+)?'$/.test(tokens[at + 1]?.text ?? '') &&
  isWord(tokens[at + 2], 'ON') &&
  isWord(tokens[at + 3], 'EMPTY', 'ERROR');

/** Tells of calls of functions that both vendors have and that are not quite the same there. */
export const noteDifferences = (tokens: readonly SeenToken[], place: string, findings: FindingList): void => {
  const calls = tokens.filter(
    (token, at) => token.kind === 'word' && isSymbol(tokens[at + 1], '(') && !isSymbol(tokens[at - 1], '.'),
  );
  for (const name of new Set(calls.map(({ text }) => text.toLowerCase()))) {
    const difference = differenceOfFunction(name);
    if (difference !== undefined)
      findings.note(place, `${name.toUpperCase()}()`, `the same function, which ${difference}`);
  }
};

const isForeignCall = (
  tokens: readonly SeenToken[],
  at: number,
  { target, routines }: Pick<Surroundings, 'target' | 'routines'>,
): boolean => {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (token?.kind !== 'word' || !isSymbol(tokens[at + 1], '(')) return false;
  const name = token.text.toLowerCase();
  if (NO_CALLS.has(name) || knowsFunction(target, name) || routines.has(name) || /^\d/.test(name))
    return false;
  // A qualified name is one of somebody's own, a variable is a value.
  if (isSymbol(before, '.') || isSymbol(before, '@') || isWord(before, ...BEFORE_NAMES)) return false;
  return !isCommonTable(tokens, at + 1);
};

/** `, b (x) AS (SELECT ...)` */
const isCommonTable = (tokens: readonly SeenToken[], open: number): boolean => {
  let depth = 0;
  const close = tokens.findIndex((token, at) => {
    if (at < open) return false;
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    return depth === 0;
  });
  return isWord(tokens[close + 1], 'AS') && isSymbol(tokens[close + 2], '(');
};

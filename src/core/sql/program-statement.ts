import type { ProgramKind } from '../program-kind.js';
import { type Token, isSymbol, isWord, listSignificant, nameOf, tokenizeSql } from './sql-text.js';

/** What a statement has to create. */
export interface ExpectedProgram {
  readonly kind: ProgramKind;
  readonly name: string;
  /** The mode that the program was made in: it decides what a quote and a backslash are. */
  readonly sqlMode: string;
  /** The only database that may stand before the name. A trigger's is replaced before it runs, so any may stand there. */
  readonly database?: string;
}

/**
 * Is this one CREATE of that kind and that name? Gives the reason why not. Servers print nothing else, so whatever
 * else stands there was put there: another command, another object, OR REPLACE, a library (`CREATE FUNCTION ... SONAME`).
 * A body with BEGIN, or in JavaScript, holds semicolons of its own. Our connections run one statement a query, so
 * nothing can follow it.
 */
export const findProgramFault = (statement: string, expected: ExpectedProgram): string | undefined => {
  const tokens = tokenizeSql(statement, expected.sqlMode);
  const seen = listSignificant(tokens).map((index) => tokens[index] ?? NOTHING);
  const name = findName(seen, expected.kind);
  if (name === undefined) return `is not a CREATE ${expected.kind.toUpperCase()}`;
  const isQualified = isSymbol(seen[name + 1], '.');
  const last = isQualified ? name + 2 : name;
  const qualifier = isQualified ? nameOf(seen[name] ?? NOTHING) : undefined;
  if (!isSameName(nameOf(seen[last] ?? NOTHING), expected.name))
    return `is not of ${expected.kind} ${expected.name}`;
  if (isQualified && expected.kind !== 'trigger' && qualifier !== expected.database)
    return 'is one of another database';
  return findBodyFault(seen.slice(last + 1), expected);
};

const NOTHING: Token = { kind: 'space', text: '' };

/** Servers compare names of programs without case; those of views, which are files in some, with it where it matters. */
const isSameName = (found: string | undefined, wanted: string): boolean =>
  found?.toLowerCase() === wanted.toLowerCase();

/** Position of the name. Every clause before it is one that servers print there; live comments are none of them. */
const findName = (seen: readonly Token[], kind: ProgramKind): number | undefined => {
  const at = (position: number): Token | undefined => seen[position];
  if (!isWord(at(0), 'CREATE')) return undefined;
  let next = 1;
  if (kind === 'view' && isWord(at(next), 'ALGORITHM') && isSymbol(at(next + 1), '=')) next += 3;
  if (isWord(at(next), 'DEFINER') && isSymbol(at(next + 1), '=')) next = skipAccount(seen, next + 2);
  if (kind === 'view' && isWord(at(next), 'SQL') && isWord(at(next + 1), 'SECURITY')) next += 3;
  if (kind === 'function' && isWord(at(next), 'AGGREGATE')) next += 1;
  for (const word of kind.toUpperCase().split(' ')) {
    if (!isWord(at(next), word)) return undefined;
    next += 1;
  }
  if (kind === 'package' && isWord(at(next), 'BODY')) return undefined;
  const isConditional =
    isWord(at(next), 'IF') && isWord(at(next + 1), 'NOT') && isWord(at(next + 2), 'EXISTS');
  return isConditional ? next + 3 : next;
};

/** `user@host`, a role, CURRENT_USER or CURRENT_USER(). */
const skipAccount = (seen: readonly Token[], start: number): number => {
  if (isSymbol(seen[start + 1], '@')) return start + 3;
  return isSymbol(seen[start + 1], '(') && isSymbol(seen[start + 2], ')') ? start + 3 : start + 1;
};

const COMPOUND = ['BEGIN', 'IF', 'CASE', 'LOOP', 'REPEAT', 'WHILE', 'FOR', 'DECLARE'];

const findBodyFault = (
  rest: readonly Token[],
  { kind, sqlMode }: Pick<ExpectedProgram, 'kind' | 'sqlMode'>,
): string | undefined => {
  const isRoutine = kind === 'function' || kind === 'procedure';
  if (isRoutine && !isSymbol(rest[0], '(')) return `is not a CREATE ${kind.toUpperCase()} with a body`;
  if (kind === 'view' && rest.some((token) => isSymbol(token, ';'))) return 'is more than one statement';
  const isPackage = kind === 'package' || kind === 'package body';
  const separator = rest.findIndex((token) => isSymbol(token, ';'));
  const follows = separator !== -1 && separator < rest.length - 1;
  const isForeign = rest.some((token, index) => isWord(token, 'LANGUAGE') && !isWord(rest[index + 1], 'SQL'));
  // Oracle's declarations stand before BEGIN.
  const opening = /\bORACLE\b/i.test(sqlMode) ? rest : rest.slice(0, separator);
  const isCompound = isPackage || isForeign || opening.some((token) => isWord(token, ...COMPOUND));
  return follows && !isCompound ? 'is more than one statement' : undefined;
};

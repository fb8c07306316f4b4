import { type BodyName, findBodyNames } from './body-names.js';
import type { ProgramKind } from '../program-kind.js';
import { findTriggerBody } from './trigger-text.js';
import { type Token, isWord, listPlain, tokenizeSql } from './sql-text.js';

/** What a search for the own database's name needs of a program. */
export interface NamingText {
  readonly kind: ProgramKind;
  readonly statement: string;
  readonly sqlMode: string;
}

/** A database and how its server tells names apart. */
export interface OwnDatabase {
  readonly name: string;
  /** `lower_case_table_names` is not 0: names of databases and tables are the same in any case. */
  readonly isFolded: boolean;
  /** In lower case: `x.y()` can be a routine of a package of that name. */
  readonly packages?: ReadonlySet<string>;
}

/** How the body of a program names its own database. */
export interface OwnNames {
  /** Tokens that can mean nothing but the database. */
  readonly certain: readonly number[];
  /** Names that may mean it: `shop.refund`. */
  readonly unclear: readonly string[];
  /** Names in `certain`, as they are written there: `shop.orders`. */
  readonly named: readonly string[];
  /** A text names it, and may become a statement or be compared with its name. */
  readonly isInText: boolean;
}

/**
 * Looks through the body of a routine, trigger or event. A name of two parts in an expression is a column, unless
 * nothing else in the program has the name of its first part: then only a database can be meant.
 */
export const findOwnNames = (program: NamingText, own: OwnDatabase): OwnNames => {
  const tokens = tokenizeSql(program.statement, program.sqlMode);
  const names = findBodyNames(tokens, findBody(tokens, program.kind));
  const fold = (name: string): string => name.toLowerCase();
  const isElse = ({ parts, place }: BodyName): boolean =>
    (parts.length === 1 || place === 'column' ? parts : parts.slice(1)).some(
      (part) => fold(part) === fold(own.name),
    );
  const isRow = program.kind === 'trigger' && ['new', 'old'].includes(fold(own.name));
  const hasOther = isRow || names.some(isElse);
  const found = names.filter(({ parts }) => isOwnName(own, parts[0] ?? ''));
  const meanings = found.map((name) => ({ name, meaning: judge(name, hasOther, own) }));
  const listed = (wanted: Meaning): readonly BodyName[] =>
    meanings.flatMap(({ name, meaning }) => (meaning === wanted ? [name] : []));
  const write = ({ parts }: BodyName): string => parts.join('.');
  return {
    certain: listed('database').map(({ start }) => start),
    named: [...new Set(listed('database').map(write))],
    unclear: [...new Set(listed('unclear').map(write))],
    isInText: findInText(tokens, own),
  };
};

/** Is this the name of that database? */
export const isOwnName = ({ name, isFolded }: OwnDatabase, other: string): boolean =>
  isFolded ? name.toLowerCase() === other.toLowerCase() : name === other;

/** A database of a server with these programs. */
export const describeOwn = (
  name: string,
  { lowerCaseTableNames }: { readonly lowerCaseTableNames: number },
  programs: readonly { readonly kind: ProgramKind; readonly name: string }[],
): OwnDatabase => ({
  name,
  isFolded: lowerCaseTableNames !== 0,
  packages: new Set(programs.filter(({ kind }) => kind === 'package').map((one) => one.name.toLowerCase())),
});

type Meaning = 'database' | 'other' | 'unclear';

const judge = (
  { parts, place, isCall, verb }: BodyName,
  hasOther: boolean,
  { name, packages }: OwnDatabase,
): Meaning => {
  const [, second] = parts;
  // `DROP DATABASE shop`, `SHOW TABLES FROM shop`
  if (second === undefined) return ['SHOW', 'DATABASE'].includes(verb) ? 'unclear' : 'other';
  if (parts.length > 2) return 'database';
  if (place === 'column') return 'other';
  if (second === '*') return ['GRANT', 'REVOKE'].includes(verb) ? 'database' : 'other';
  if ((isCall || verb === 'CALL') && packages?.has(name.toLowerCase())) return 'unclear';
  return isCall || place === 'table' || !hasOther ? 'database' : 'other';
};

/** Where what stands before the body ends: of a trigger after FOR EACH ROW, of all others after the name. */
const findBody = (tokens: readonly Token[], kind: ProgramKind): number => {
  const seen = listPlain(tokens);
  const texts = seen.flatMap((index) => tokens[index] ?? []);
  const word = kind.toUpperCase().replace(/^.* /, '');
  const body =
    kind === 'trigger' ? findTriggerBody(texts) : texts.findIndex((token) => isWord(token, word)) + 2;
  return seen[body] ?? tokens.length;
};

/** `shop.`, `shop`.` or nothing but the name; in a program that makes statements of texts, the name anywhere. */
const findInText = (tokens: readonly Token[], own: OwnDatabase): boolean => {
  const texts = tokens.filter(({ kind }) => kind === 'string').map(({ text }) => text.slice(1, -1));
  const makesStatements = tokens.some((token) => isWord(token, 'PREPARE', 'IMMEDIATE'));
  const isPart = (character: string | undefined): boolean => /[\w$\u0080-\uffff]/.test(character ?? '');
  const isNamed = (text: string): boolean => {
    const [whole, name] = own.isFolded ? [text.toLowerCase(), own.name.toLowerCase()] : [text, own.name];
    for (let at = whole.indexOf(name); at !== -1; at = whole.indexOf(name, at + 1)) {
      if (isPart(whole[at - 1]) || isPart(whole[at + name.length])) continue;
      if (makesStatements || whole === name || /^[`"]?\s*\./.test(whole.slice(at + name.length))) return true;
    }
    return false;
  };
  return texts.some(isNamed);
};

import { type BodyName, findBodyNames } from './body-names.js';
import { type Token, isLiveMark, isSymbol, isWord, listSignificant, tokenizeSql } from './sql-text.js';

/** `staged` changes rows of the copy; the others read it: `assert` must return one true value, `none` no row. */
export type HookKind = 'staged' | 'assert' | 'none';

export interface HookRefusal {
  readonly message: string;
  readonly hint: string;
}

const CHANGING = ['UPDATE', 'INSERT', 'DELETE', 'REPLACE'];
const READING = ['SELECT'];

/** They read or write files of the server, or take rows from a statement to somewhere else than its answer. */
const FILE_WORDS = ['OUTFILE', 'DUMPFILE'];

/**
 * Why a statement of a plan is not run: it has to be one statement that changes rows (an assertion: that reads them) and
 * names nothing outside of the database that it runs in. Undefined when it may run.
 */
export const refuseHook = (sql: string, kind: HookKind): HookRefusal | undefined => {
  // Servers end a statement there.
  if (sql.includes('\0')) return { message: 'there is a NUL in it', hint: 'write \\0 inside of quotes' };
  const tokens = tokenizeHook(sql);
  return refuseText(tokens) ?? refuseKind(tokens, kind) ?? refuseWords(tokens, kind) ?? refuseNames(tokens);
};

/** What a server sees of it, and comments. */
export const tokenizeHook = (sql: string): readonly Token[] =>
  dropEnd(tokenizeSql(sql).filter(({ kind }) => kind !== 'space'));

/** A semicolon at the end ends no other statement. */
const dropEnd = (tokens: readonly Token[]): readonly Token[] => {
  const last = listSignificant(tokens).at(-1);
  return last !== undefined && isSymbol(tokens[last], ';') ? tokens.toSpliced(last, 1) : tokens;
};

/** What the server's lexer and ours might read differently. */
export const refuseText = (tokens: readonly Token[]): HookRefusal | undefined => {
  if (listSignificant(tokens).length === 0)
    return { message: 'there is no statement', hint: 'write one SQL statement' };
  if (tokens.some((token) => isSymbol(token, ';')))
    return {
      message: 'this is more than one statement',
      hint: 'make each statement an entry of its own',
    };
  if (tokens.some((token) => isLiveMark(token) || isHint(token)))
    return {
      message: 'comments that servers run (/*! */, /*M! */, /*+ */) are not taken',
      hint: 'write the SQL without the comment',
    };
  if (tokens.some((token, index) => token.kind === 'symbol' && isOpen(token.text, tokens[index + 1])))
    return { message: 'a quoted text, a quoted name or a comment has no end', hint: 'close it' };
  return undefined;
};

const isOpen = (text: string, next: Token | undefined): boolean =>
  /["'`]/.test(text) || (text === '/' && isSymbol(next, '*'));

const isHint = ({ kind, text }: Token): boolean => kind === 'comment' && text.startsWith('/*+');

const refuseKind = (tokens: readonly Token[], kind: HookKind): HookRefusal | undefined => {
  const verb = readVerb(tokens);
  if ((kind === 'staged' ? CHANGING : READING).includes(verb)) return undefined;
  if (kind !== 'staged')
    return { message: `an assertion is a SELECT, and this is ${nameVerb(verb)}`, hint: 'write a SELECT' };
  if (verb === 'SELECT')
    return { message: 'a SELECT changes nothing', hint: 'make it an entry of hooks.assert' };
  return {
    message: `a hook is UPDATE, INSERT, DELETE or REPLACE, and this is ${nameVerb(verb)}`,
    hint:
      verb === 'TRUNCATE'
        ? 'write DELETE FROM'
        : 'hooks change rows; what changes structure, sessions or accounts is for another tool',
  };
};

const nameVerb = (verb: string): string => (verb === '' ? 'no statement' : verb);

/** The word that the statement begins with; behind the queries of a WITH, which stand in parentheses. */
export const readVerb = (tokens: readonly Token[]): string => {
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  const first = seen.find((token) => !isSymbol(token, '('));
  if (!isWord(first, 'WITH')) return first?.kind === 'word' ? first.text.toUpperCase() : '';
  let depth = 0;
  for (const token of seen) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth === 0 && isWord(token, ...CHANGING, ...READING)) return token.text.toUpperCase();
  }
  return 'WITH';
};

const refuseWords = (tokens: readonly Token[], kind: HookKind): HookRefusal | undefined => {
  const file = refuseFiles(tokens);
  if (file) return file;
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  const isInto = kind !== 'staged' && seen.some((token) => isWord(token, 'INTO'));
  return isInto
    ? { message: 'INTO takes away what an assertion returns', hint: 'leave INTO out' }
    : undefined;
};

export const refuseFiles = (tokens: readonly Token[]): HookRefusal | undefined => {
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  const isFile = seen.some(
    (token, index) =>
      isWord(token, ...FILE_WORDS) || (isWord(token, 'LOAD_FILE') && isSymbol(seen[index + 1], '(')),
  );
  return isFile
    ? { message: 'files of the server are neither read nor written', hint: 'leave that out' }
    : undefined;
};

const refuseNames = (tokens: readonly Token[]): HookRefusal | undefined => {
  const message = findForeignName(tokens);
  return message === undefined
    ? undefined
    : {
        message,
        hint: 'leave the database name out: the statement runs in the copy while that still has another name',
      };
};

/** What names a database; `known` are tables that may stand before a column without standing anywhere by themselves. */
export const findForeignName = (
  tokens: readonly Token[],
  known: readonly string[] = [],
): string | undefined => {
  const names = findBodyNames(tokens, 0);
  const single = new Set([
    ...names.filter(({ parts }) => parts.length === 1).map(({ parts }) => parts[0]?.toLowerCase()),
    ...known.map((name) => name.toLowerCase()),
  ]);
  const foreign = names.find((name) => isQualified(name, single));
  return foreign && `"${foreign.parts.join('.')}" names the database "${foreign.parts[0] ?? ''}"`;
};

/** Where `a` of `a.b` can be a column's table, that table or its alias stands somewhere by itself. */
const isQualified = (
  { parts, place, isCall }: BodyName,
  single: ReadonlySet<string | undefined>,
): boolean => {
  const [first = '', second] = parts;
  if (second === undefined) return false;
  if (parts.length > 2 || isCall) return true;
  if (place === 'table') return second !== '*';
  return !single.has(first.toLowerCase());
};

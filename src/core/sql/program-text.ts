import { quoteName } from './quote-name.js';
import {
  type Token,
  isSymbol,
  isWord,
  joinTokens,
  listPlain,
  listSignificant,
  nameOf,
  tokenizeSql,
} from './sql-text.js';
import { findTriggerBody } from './trigger-text.js';

/** Replaces tokens by their index. */
const replaceTokens = (tokens: readonly Token[], texts: ReadonlyMap<number, string>): string =>
  joinTokens(tokens.map((token, index) => ({ ...token, text: texts.get(index) ?? token.text })));

/**
 * Makes a trigger one of another database. The server keeps the person's own text, so its name and the table may be
 * qualified, quoted or not. A trigger lives where its table lives: whatever other name stands there is replaced. The
 * body is not touched.
 */
export const moveTrigger = (statement: string, database: string, sqlMode: string): string => {
  const tokens = tokenizeSql(statement, sqlMode);
  const seen = listPlain(tokens);
  const texts = seen.flatMap((index) => tokens[index] ?? []);
  const body = findTriggerBody(texts);
  const qualifiers = seen.filter((_, position) => {
    if (position >= body || !isSymbol(texts[position + 1], '.')) return false;
    const name = nameOf(texts[position] as Token);
    return name !== undefined && name !== database;
  });
  return replaceTokens(tokens, new Map(qualifiers.map((index) => [index, quoteName(database)])));
};

/**
 * Writes the name of a trigger and of its table as the catalog has them. MySQL prints both encoded twice when the client
 * that made the trigger spoke another character set than UTF-8. Elsewhere they differ from the catalog by case at most.
 */
export const correctTriggerNames = (
  statement: string,
  { name, table }: { readonly name: string; readonly table: string },
  sqlMode: string,
): string => {
  const tokens = tokenizeSql(statement, sqlMode);
  const seen = listPlain(tokens);
  const texts = seen.flatMap((index) => tokens[index] ?? []);
  const body = findTriggerBody(texts);
  const corrections = [
    [texts.findIndex((token) => isWord(token, 'TRIGGER')), name],
    [texts.findIndex((token, at) => at < body && isWord(token, 'ON')), table],
  ] as const;
  return replaceTokens(
    tokens,
    new Map(
      corrections.flatMap(([word, right]) => {
        const position = findLastPart(texts, word + 1);
        const printed = nameOf(texts[position] ?? EMPTY);
        const isRight = word === -1 || printed === undefined || printed.toLowerCase() === right.toLowerCase();
        return isRight ? [] : [[seen[position] ?? -1, quoteName(right)] as const];
      }),
    ),
  );
};

const EMPTY: Token = { kind: 'symbol', text: '' };

/** Of a name that may have IF NOT EXISTS and a database before it. */
const findLastPart = (texts: readonly Token[], start: number): number => {
  const isConditional = isWord(texts[start], 'IF') && isWord(texts[start + 1], 'NOT');
  const first = isConditional ? start + 3 : start;
  return isSymbol(texts[first + 1], '.') ? first + 2 : first;
};

const MADE_WORDS = ['FUNCTION', 'PROCEDURE', 'PACKAGE', 'EVENT', 'VIEW', 'TRIGGER'];

/** The definer as the server prints it, before the kind of program; empty where none is named. */
export const readDefiner = (statement: string, sqlMode: string): string => {
  const tokens = tokenizeSql(statement, sqlMode);
  return findDefiner(tokens)
    .map((index) => tokens[index]?.text ?? '')
    .join('');
};

/** MariaDB prints a role as it is called, and an account with its host. */
export const hasRoleAsDefiner = (statement: string, sqlMode: string): boolean =>
  findDefiner(tokenizeSql(statement, sqlMode)).length === 1;

/** Tokens of `user`, and of `@` and `host` where it is no role. */
const findDefiner = (tokens: readonly Token[]): readonly number[] => {
  const seen = listSignificant(tokens);
  const at = (position: number): Token | undefined => tokens[seen[position] ?? -1];
  const kind = seen.findIndex((_, position) => isWord(at(position), ...MADE_WORDS));
  const clause = seen.findIndex(
    (_, position) => position < kind && isWord(at(position), 'DEFINER') && isSymbol(at(position + 1), '='),
  );
  if (clause === -1) return [];
  return seen.slice(clause + 2, isSymbol(at(clause + 3), '@') ? clause + 5 : clause + 3);
};

/** Makes the program one of `user@host`. */
export const replaceDefiner = (statement: string, account: string, sqlMode: string): string => {
  const tokens = tokenizeSql(statement, sqlMode);
  const [user, ...host] = findDefiner(tokens);
  if (user === undefined) return statement;
  const quote = tokens[user]?.text.startsWith('"') ? '"' : '`';
  const end = account.lastIndexOf('@');
  const quoted = [account.slice(0, end), account.slice(end + 1)]
    .map((part) => `${quote}${part.replaceAll(quote, quote.repeat(2))}${quote}`)
    .join('@');
  return replaceTokens(tokens, new Map([[user, quoted], ...host.map((index) => [index, ''] as const)]));
};

/** What the server stores about a routine or event apart from its body. */
export interface ProgramHeader {
  /** As SQL. */
  readonly quotedName: string;
  /** As text; empty for none. */
  readonly comment: string;
}

const KIND_WORDS = ['FUNCTION', 'PROCEDURE', 'PACKAGE', 'EVENT'];

/**
 * Writes the name and the comment of a routine or event anew. Servers print the bytes of both as if they were in the
 * character set of the client that made the program (`Ã©` for `é`), and escape comments by the wrong `sql_mode`.
 */
export const correctHeader = (
  statement: string,
  { quotedName, comment }: ProgramHeader,
  sqlMode: string,
): string => {
  const tokens = tokenizeSql(statement, sqlMode);
  const kind = tokens.findIndex((token) => isWord(token, ...KIND_WORDS));
  const [name = -1, ...rest] = listSignificant(tokens).filter(
    (index) => index > kind && !isWord(tokens[index], 'BODY'),
  );
  const literal = comment === '' ? undefined : findComment(tokens, rest);
  return replaceTokens(
    tokens,
    new Map([
      [name, quotedName],
      ...(literal === undefined ? [] : [[literal, quoteComment(comment, sqlMode)] as const]),
    ]),
  );
};

/** The comment stands before the body and after parameters, so it is the first one outside parentheses. */
const findComment = (tokens: readonly Token[], seen: readonly number[]): number | undefined => {
  let depth = 0;
  return seen.find((index, position) => {
    const token = tokens[index];
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    return depth === 0 && token?.kind === 'string' && isWord(tokens[seen[position - 1] ?? -1], 'COMMENT');
  });
};

/** A COMMENT clause takes no hexadecimal literal, so it is escaped for the `sql_mode` that it is read under. */
export const quoteComment = (comment: string, sqlMode: string): string => {
  const escaped = sqlMode.includes('NO_BACKSLASH_ESCAPES') ? comment : comment.replaceAll('\\', '\\\\');
  return `'${escaped.replaceAll("'", "''")}'`;
};

/**
 * Servers print a literal of another character set with its own bytes (`_latin1'\\xE9'`) into text that is UTF-8 all
 * around. Writes those literals in hexadecimal, which means the same. `bytes` holds one byte in each character.
 */
export const spellForeignLiterals = (bytes: string): string => {
  const tokens = tokenizeSql(bytes);
  const foreign = tokens.flatMap((token, index) => {
    const isIntroduced = /^_(?!utf8)\w+$/i.test(tokens[index - 1]?.text ?? '');
    return isIntroduced && token.kind === 'string' && /[\x80-\xff]/.test(token.text) ? [index] : [];
  });
  return replaceTokens(
    tokens,
    new Map(foreign.map((index) => [index, ` 0x${toHex(unescapeLiteral(tokens[index]?.text ?? ''))}`])),
  );
};

const ESCAPES: Readonly<Record<string, string>> = { '0': '\0', n: '\n', r: '\r', t: '\t', Z: '\x1a' };

const unescapeLiteral = (literal: string): string =>
  literal
    .slice(1, -1)
    .replaceAll(/\\([^])|''/g, (_, escaped?: string) =>
      escaped === undefined ? "'" : (ESCAPES[escaped] ?? escaped),
    );

const toHex = (bytes: string): string =>
  Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');

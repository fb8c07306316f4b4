import type { CreateTable } from './create-table.js';
import { type SqlEdit, editSql } from './sql-edits.js';
import { type Token, isSymbol, isWord } from './sql-text.js';
import { type SeenToken, endOfToken } from './token-cursor.js';

/** What to do with the COLLATE that MySQL prints at columns of the table's own collation. */
export type InheritedCollations = 'keep' | 'omit';

/**
 * Adds the COLLATE that older servers leave out of SHOW CREATE TABLE when it is the character set's default: another
 * server may have another default (MySQL 8: utf8mb4_0900_ai_ci, MariaDB 11.5: utf8mb4_uca1400_ai_ci).
 * `defaults` maps the source's character sets to their default collations.
 */
export const spellCollations = (
  { sql, tokens }: Pick<CreateTable, 'sql' | 'tokens'>,
  defaults: ReadonlyMap<string, string>,
  inherited: InheritedCollations,
): string => {
  const edits: SqlEdit[] = [];
  const isOmitted = (position: number): boolean => inherited === 'omit' && isInherited(tokens, position);
  // No iterator, which makes an array for each of hundreds of tokens a table.
  tokens.forEach((token, position) => {
    if (token.kind !== 'word') return;
    if (isOmitted(position)) edits.push(leaveOut(token, tokens[position + 1] ?? token));
    else if (defaults.has(token.text) || token.text.toUpperCase() === 'BINARY')
      edits.push(...(isOmitted(position - 1) ? [] : spellToken(tokens, position, defaults)));
  });
  return editSql(sql, edits);
};

const spellToken = (
  tokens: readonly SeenToken[],
  position: number,
  defaults: ReadonlyMap<string, string>,
): readonly SqlEdit[] => {
  const [token, before, beforeThat] = [tokens[position], tokens[position - 1], tokens[position - 2]];
  if (!token) return [];
  if (isWord(token, 'BINARY') && isCollation(before, beforeThat))
    return [{ start: token.start, end: endOfToken(token), text: quoteKeyword(token.text) }];
  const collation = defaults.get(token.text);
  if (collation === undefined || isWord(tokens[position + 1], 'COLLATE')) return [];
  const add = (text: string): SqlEdit => ({ start: endOfToken(token), end: endOfToken(token), text });
  if (isSymbol(before, '=') && isUpper(beforeThat, 'CHARSET'))
    return [add(` COLLATE=${quoteKeyword(collation)}`)];
  return isUpper(before, 'SET') && isUpper(beforeThat, 'CHARACTER')
    ? [add(` COLLATE ${quoteKeyword(collation)}`)]
    : [];
};

/** The one collation that is a keyword too: servers print it bare, and MariaDB 10.5 does not read it so. */
export const quoteKeyword = (collation: string): string =>
  collation.toLowerCase() === 'binary' ? '`binary`' : collation;

const isCollation = (before: Token | undefined, beforeThat: Token | undefined): boolean =>
  isWord(before, 'COLLATE') || (isSymbol(before, '=') && isWord(beforeThat, 'COLLATE'));

/** The server prints these clauses in upper case, and casts inside expressions in lower case. */
const isUpper = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text === word;

/**
 * Taken as an order, what MySQL adds to columns that have the table's own collation would be printed as one
 * (`CHARACTER SET ... COLLATE ...`) from then on. A column with a collation of its own has both.
 */
const isInherited = (tokens: readonly SeenToken[], position: number): boolean =>
  isUpper(tokens[position], 'COLLATE') &&
  !isSymbol(tokens[position + 1], '=') &&
  !(isUpper(tokens[position - 3], 'CHARACTER') && isUpper(tokens[position - 2], 'SET'));

/** COLLATE, the name behind it and the space before it. */
const leaveOut = (word: SeenToken, name: SeenToken): SqlEdit => ({
  start: word.start - 1,
  end: endOfToken(name),
  text: '',
});

import { type Token, isSymbol, isWord, joinTokens, listSignificant, tokenizeSql } from './sql-text.js';

/**
 * Adds the COLLATE that older servers leave out of SHOW CREATE TABLE when it is the character set's default: another
 * server may have another default (MySQL 8: utf8mb4_0900_ai_ci, MariaDB 11.5: utf8mb4_uca1400_ai_ci).
 * `defaults` maps the source's character sets to their default collations.
 */
export const spellCollations = (statement: string, defaults: ReadonlyMap<string, string>): string => {
  const tokens = tokenizeSql(statement);
  const seen = listSignificant(tokens);
  const at = (position: number): Token | undefined => tokens[seen[position] ?? -1];
  const additions = new Map<number, string>();
  const quoted = new Set<Token | undefined>();
  seen.forEach((index, position) => {
    if (isWord(at(position), 'BINARY') && isCollation(at(position - 1), at(position - 2)))
      quoted.add(at(position));
    const collation = defaults.get(at(position)?.text ?? '');
    if (collation === undefined || isWord(at(position + 1), 'COLLATE')) return;
    if (isSymbol(at(position - 1), '=') && isUpper(at(position - 2), 'CHARSET'))
      additions.set(index, ` COLLATE=${quoteKeyword(collation)}`);
    if (isUpper(at(position - 1), 'SET') && isUpper(at(position - 2), 'CHARACTER'))
      additions.set(index, ` COLLATE ${quoteKeyword(collation)}`);
  });
  return joinTokens(
    tokens.map((token, index) => ({
      ...token,
      text: `${quoted.has(token) ? quoteKeyword(token.text) : token.text}${additions.get(index) ?? ''}`,
    })),
  );
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
 * Leaves out what MySQL adds to columns that have the table's own collation: taken as an order, it would be printed as
 * one (`CHARACTER SET ... COLLATE ...`) from then on. A column with a collation of its own has both.
 */
export const omitInheritedCollations = (statement: string): string => {
  const tokens = tokenizeSql(statement);
  const seen = listSignificant(tokens);
  const at = (position: number): Token | undefined => tokens[seen[position] ?? -1];
  const dropped = new Set<Token | undefined>();
  seen.forEach((index, position) => {
    const isTableOption = isSymbol(at(position + 1), '=');
    const isOwn = isUpper(at(position - 3), 'CHARACTER') && isUpper(at(position - 2), 'SET');
    if (!isUpper(at(position), 'COLLATE') || isTableOption || isOwn) return;
    const end = (seen[position + 1] ?? index) + 1;
    // With the space before it.
    tokens.slice(index - 1, end).forEach((token) => dropped.add(token));
  });
  return joinTokens(tokens.filter((token) => !dropped.has(token)));
};

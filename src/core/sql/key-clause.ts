import { isLiveMark, nameOf, tokenizeSql } from './sql-text.js';
import { type SeenToken, TokenCursor, readTokens } from './token-cursor.js';

/** The clause of a foreign key, as far as it has to be known. */
export interface KeyClause {
  readonly name: string;
  /** Of the table that it refers to, where the clause says it. */
  readonly database: string | undefined;
}

/**
 * Reads the clause of one foreign key as SHOW CREATE TABLE prints it: `CONSTRAINT name FOREIGN KEY (columns) REFERENCES
 * table (columns)` with what happens on DELETE and UPDATE, and nothing behind it. Undefined for anything else.
 */
export const readKeyClause = (tokens: readonly SeenToken[]): KeyClause | undefined => {
  const cursor = new TokenCursor(tokens);
  const name = cursor.takeWords('CONSTRAINT') ? takeQuoted(cursor) : undefined;
  if (name === undefined || !cursor.takeWords('FOREIGN', 'KEY') || !takeColumns(cursor)) return undefined;
  const first = cursor.takeWords('REFERENCES') ? takeQuoted(cursor) : undefined;
  const isQualified = cursor.takeSymbol('.');
  const table = isQualified ? takeQuoted(cursor) : first;
  if (first === undefined || table === undefined || !takeColumns(cursor)) return undefined;
  return isEnding(cursor.takeRest()) ? { name, database: isQualified ? first : undefined } : undefined;
};

/** Is this the clause of one foreign key of that name, without comments? What stands in an ALTER TABLE could go on with a comma. */
export const isKeyClause = (
  clause: string,
  { name, parent }: { readonly name: string; readonly parent: string },
): boolean => {
  if (tokenizeSql(clause).some((token) => token.kind === 'comment' || isLiveMark(token))) return false;
  const key = readKeyClause(readTokens(clause));
  return key?.name === name && (key.database === undefined || key.database === parent);
};

const takeQuoted = (cursor: TokenCursor): string | undefined => {
  const { next } = cursor;
  return next?.kind === 'name' ? nameOf(cursor.take() ?? next) : undefined;
};

/** `(name, name)`. */
const takeColumns = (cursor: TokenCursor): boolean => {
  if (!cursor.takeSymbol('(')) return false;
  do if (takeQuoted(cursor) === undefined) return false;
  while (cursor.takeSymbol(','));
  return cursor.takeSymbol(')');
};

const ENDING =
  /^(?:(?:MATCH (?:FULL|PARTIAL|SIMPLE)|ON (?:DELETE|UPDATE) (?:RESTRICT|CASCADE|SET NULL|SET DEFAULT|NO ACTION)) )*$/;

const isEnding = (rest: readonly SeenToken[]): boolean =>
  rest.every(({ kind }) => kind === 'word') &&
  ENDING.test(rest.map(({ text }) => `${text.toUpperCase()} `).join(''));

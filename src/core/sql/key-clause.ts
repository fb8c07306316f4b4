import { type Token, isSymbol, isWord, listSignificant, nameOf, tokenizeSql } from './sql-text.js';

/**
 * Is this the clause of one foreign key of that name, as SHOW CREATE TABLE prints it: `CONSTRAINT name FOREIGN KEY
 * (columns) REFERENCES table (columns)` with what happens on DELETE and UPDATE, and nothing behind it? What stands in
 * an ALTER TABLE could go on with a comma.
 */
export const isKeyClause = (
  clause: string,
  { name, parent }: { readonly name: string; readonly parent: string },
): boolean => {
  const tokens = tokenizeSql(clause);
  const seen = listSignificant(tokens).map((index) => tokens[index] ?? NOTHING);
  if (seen.length !== tokens.filter(({ kind }) => kind !== 'space').length) return false;
  const words = (start: number, ...wanted: readonly string[]): boolean =>
    wanted.every((word, offset) => isWord(seen[start + offset], word));
  if (!words(0, 'CONSTRAINT') || !isQuoted(seen[1], name) || !words(2, 'FOREIGN', 'KEY')) return false;
  const columns = skipColumns(seen, 4);
  if (columns === undefined || !words(columns, 'REFERENCES')) return false;
  const isQualified = isSymbol(seen[columns + 2], '.');
  if (isQualified && !isQuoted(seen[columns + 1], parent)) return false;
  const table = isQualified ? columns + 3 : columns + 1;
  if (seen[table]?.kind !== 'name') return false;
  const end = skipColumns(seen, table + 1);
  return end !== undefined && isEnding(seen.slice(end));
};

const NOTHING: Token = { kind: 'space', text: '' };

const isQuoted = (token: Token | undefined, name: string): boolean =>
  token?.kind === 'name' && nameOf(token) === name;

/** Position behind `(name, name)`. */
const skipColumns = (seen: readonly Token[], start: number): number | undefined => {
  if (!isSymbol(seen[start], '(')) return undefined;
  let next = start + 1;
  while (seen[next]?.kind === 'name' && isSymbol(seen[next + 1], ',')) next += 2;
  return seen[next]?.kind === 'name' && isSymbol(seen[next + 1], ')') ? next + 2 : undefined;
};

const ENDING =
  /^(?:(?:MATCH (?:FULL|PARTIAL|SIMPLE)|ON (?:DELETE|UPDATE) (?:RESTRICT|CASCADE|SET NULL|SET DEFAULT|NO ACTION)) )*$/;

const isEnding = (rest: readonly Token[]): boolean =>
  rest.every(({ kind }) => kind === 'word') &&
  ENDING.test(rest.map(({ text }) => `${text.toUpperCase()} `).join(''));

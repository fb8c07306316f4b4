import { type CreateTable, type TableElement, readCreateTable } from './create-table.js';
import { type SqlEdit, editSql } from './sql-edits.js';
import { isSymbol, isWord, nameOf } from './sql-text.js';
import { type SeenToken, TokenCursor, endOfToken, splitList } from './token-cursor.js';

/** The first column of an index. */
export const leaderOf = ({ rest }: TableElement): string | undefined => {
  const opening = rest.findIndex((token) => isSymbol(token, '('));
  const leader = opening === -1 ? undefined : rest[opening + 1];
  return leader && nameOf(leader);
};

/** MySQL's indexes may be over expressions, which it prints in parentheses. */
export const hasKeyOverExpression = ({ elements }: CreateTable): boolean =>
  elements.some(
    ({ kind, rest }) =>
      (kind === 'plain' || kind === 'unique') &&
      splitList(new TokenCursor(rest).takeGroup() ?? []).some(([first]) => isSymbol(first, '(')),
  );

export const isAutoIncrement = ({ kind, tokens }: TableElement): boolean =>
  kind === 'column' && tokens.some((token) => isWord(token, 'AUTO_INCREMENT'));

/** The definition of a column as it would be without AUTO_INCREMENT. */
export const withoutAutoIncrement = ({ sql }: CreateTable, { start, end, tokens }: TableElement): string =>
  editSql(
    sql.slice(start, end),
    tokens
      .filter((token) => isWord(token, 'AUTO_INCREMENT'))
      .map((token) => leaveOut(token.start - start, endOfToken(token) - start)),
  ).trim();

const leaveOut = (start: number, end: number): SqlEdit => ({ start, end, text: '' });

/** Whether the table is one file in its database's folder, with indexes of the usual kind: HASH is a hidden column. */
export const isOneUsualFile = ({ elements, tokens }: CreateTable): boolean =>
  !elements.some(({ kind }) => kind === 'fulltext' || kind === 'spatial') &&
  !tokens.some((token) => isWord(token, 'DIRECTORY', 'PARTITION', 'HASH'));

/** The number that the next row gets, where SHOW CREATE TABLE prints it, and the statement without it. */
export const splitCounter = ({
  sql,
  tokens,
}: CreateTable): { readonly counter: string | undefined; readonly rest: string } => {
  const at = findOption(tokens, 'AUTO_INCREMENT');
  const [word, , number] = at === -1 ? [] : tokens.slice(at, at + 3);
  if (!word || !number) return { counter: undefined, rest: sql };
  // With the space before it: a server prints it only when there is a number.
  const left = leaveOut(word.start - 1, endOfToken(number));
  return { counter: number.text, rest: editSql(sql, [left]) };
};

const findOption = (tokens: readonly SeenToken[], name: string): number =>
  tokens.findIndex((token, at) => isWord(token, name) && isSymbol(tokens[at + 1], '='));

/** ARCHIVE takes no row below its counter; it sets it itself as the rows come. */
export const withoutArchiveCounter = (statement: string): string => {
  if (!/\bARCHIVE\b/i.test(statement)) return statement;
  const table = readCreateTable(statement);
  const at = findOption(table.tokens, 'ENGINE');
  return isWord(table.tokens[at + 2], 'ARCHIVE') ? splitCounter(table).rest : statement;
};

import {
  type Token,
  isSymbol,
  isWord,
  joinTokens,
  listSignificant,
  nameOf,
  tokenizeSql,
} from '../../../core/sql/sql-text.js';

type ElementKind =
  'plain' | 'fulltext' | 'foreign-key' | 'primary' | 'unique' | 'spatial' | 'column' | 'other';

/** One entry of the parentheses in what SHOW CREATE TABLE prints. */
export interface TableElement {
  readonly kind: ElementKind;
  readonly name: string;
  /** As the server prints it, which it also takes in ALTER TABLE ... ADD. */
  readonly text: string;
  /** First column of an index. */
  readonly leader: string | undefined;
  readonly isAutoIncrement: boolean;
}

/** The entries between the outer parentheses of CREATE TABLE. */
export const listElements = (statement: string): readonly TableElement[] => {
  const elements: TableElement[] = [];
  let current: Token[] = [];
  let depth = 0;
  for (const token of tokenizeSql(statement)) {
    if (isSymbol(token, ')')) depth -= 1;
    const isEnd = (depth === 1 && isSymbol(token, ',')) || (depth === 0 && isSymbol(token, ')'));
    if (isEnd) elements.push(readElement(current));
    if (isEnd) current = [];
    else if (depth > 0) current.push(token);
    if (isEnd && depth === 0) break;
    if (isSymbol(token, '(')) depth += 1;
  }
  return elements;
};

const readElement = (tokens: readonly Token[]): TableElement => {
  const words = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  const kind = kindOf(words);
  const nameToken = words.find((token) => token.kind === 'name');
  const opening = words.findIndex((token) => isSymbol(token, '('));
  const leader = opening === -1 ? undefined : words[opening + 1];
  return {
    kind,
    name: (nameToken && nameOf(nameToken)) ?? '',
    text: joinTokens(tokens).trim(),
    leader: leader && nameOf(leader),
    isAutoIncrement: kind === 'column' && words.some((word) => isWord(word, 'AUTO_INCREMENT')),
  };
};

const kindOf = ([first, second, third]: readonly Token[]): ElementKind => {
  if (first?.kind === 'name') return 'column';
  if (isWord(first, 'KEY')) return 'plain';
  if (isWord(first, 'FULLTEXT')) return 'fulltext';
  if (isWord(first, 'SPATIAL')) return 'spatial';
  if (isWord(first, 'PRIMARY')) return 'primary';
  if (isWord(first, 'UNIQUE')) return 'unique';
  const isForeign = isWord(first, 'CONSTRAINT') && second?.kind === 'name' && isWord(third, 'FOREIGN');
  return isForeign ? 'foreign-key' : 'other';
};

/** The definition of a column as it would be without AUTO_INCREMENT. */
export const withoutAutoIncrement = ({ text }: TableElement): string =>
  joinTokens(tokenizeSql(text).filter((token) => !isWord(token, 'AUTO_INCREMENT')));

/** Whether the table is one file in its database's folder, with indexes of the usual kind: HASH is a hidden column. */
export const isOneUsualFile = (statement: string): boolean =>
  !listElements(statement).some(({ kind }) => kind === 'fulltext' || kind === 'spatial') &&
  !tokenizeSql(statement).some((token) => isWord(token, 'DIRECTORY', 'PARTITION', 'HASH'));

/** The number that the next row gets, where SHOW CREATE TABLE prints it, and the statement without it. */
export const splitCounter = (
  statement: string,
): { readonly counter: string | undefined; readonly rest: string } => {
  const tokens = tokenizeSql(statement);
  const at = tokens.findIndex(
    (token, index) => isWord(token, 'AUTO_INCREMENT') && isSymbol(tokens[index + 1], '='),
  );
  if (at === -1) return { counter: undefined, rest: statement };
  // With the space before it: a server prints it only when there is a number.
  return { counter: tokens[at + 2]?.text, rest: joinTokens(tokens.toSpliced(at - 1, 4)) };
};

/** ARCHIVE takes no row below its counter; it sets it itself as the rows come. */
export const withoutArchiveCounter = (statement: string): string => {
  if (!/\bARCHIVE\b/i.test(statement)) return statement;
  const tokens = tokenizeSql(statement);
  const at = tokens.findIndex((token, index) => isWord(token, 'ENGINE') && isSymbol(tokens[index + 1], '='));
  return isWord(tokens[at + 2], 'ARCHIVE') ? splitCounter(statement).rest : statement;
};

import {
  type Token,
  isSymbol,
  isWord,
  joinTokens,
  listSignificant,
  nameOf,
  tokenizeSql,
} from '../../../core/sql-text.js';
import { quoteName } from '../identifiers.js';

/** What is dropped of an empty table and made again when its rows are there. All are clauses of ALTER TABLE. */
export interface DeferredIndexes {
  readonly unlink: readonly string[];
  readonly drop: readonly string[];
  /** Each list is one statement: servers make one full-text index at a time. */
  readonly add: readonly (readonly string[])[];
  /** The foreign keys, of which the table has none while its indexes are built. */
  readonly link: readonly string[];
}

export interface TableKeys {
  /** Columns that foreign keys of other tables refer to. */
  readonly referenced: ReadonlySet<string>;
  /** How many foreign keys the table has itself. */
  readonly foreignKeys: number;
}

type ElementKind =
  'plain' | 'fulltext' | 'foreign-key' | 'primary' | 'unique' | 'spatial' | 'column' | 'other';

/** One entry of the parentheses in CREATE TABLE. */
interface Element {
  readonly kind: ElementKind;
  readonly name: string;
  /** As the server prints it, which it also takes in ALTER TABLE ... ADD. */
  readonly text: string;
  /** First column of an index. */
  readonly leader: string | undefined;
  readonly isAutoIncrement: boolean;
}

/**
 * Chooses, from what SHOW CREATE TABLE printed, the secondary indexes that are built after the rows: sorted, in one
 * pass, instead of row by row in random places. Unique ones stay, so that a clash is found at its row. Foreign keys go
 * with them. What stays: the index of an AUTO_INCREMENT column, and those that foreign keys of
 * other tables refer to. The server prints indexes in the order in which they were made, so of
 * the plain ones only those after the last that stays can go.
 */
export const chooseDeferredIndexes = (
  statement: string,
  { referenced, foreignKeys: knownForeignKeys }: TableKeys,
): DeferredIndexes | undefined => {
  const elements = listElements(statement);
  // MariaDB does not double a backtick in the name of a foreign key, and what follows cannot be read.
  if (elements.filter(({ kind }) => kind === 'foreign-key').length !== knownForeignKeys) return undefined;
  const needed = new Set([...referenced, ...listNeededLeaders(elements)]);
  const stays = ({ kind, leader }: Element): boolean =>
    kind === 'spatial' || (kind === 'plain' && leader !== undefined && needed.has(leader));
  const firstFree = elements.findLastIndex(stays) + 1;
  const plain = elements.slice(firstFree).filter(({ kind }) => kind === 'plain');
  const fulltext = elements.filter(({ kind }) => kind === 'fulltext');
  if (plain.length + fulltext.length === 0) return undefined;
  const foreignKeys = elements.filter(({ kind }) => kind === 'foreign-key');
  const toAdd = (element: Element): string => `ADD ${element.text}`;
  return {
    unlink: foreignKeys.map(({ name }) => `DROP FOREIGN KEY ${quoteName(name)}`),
    drop: [...plain, ...fulltext].map(({ name }) => `DROP KEY ${quoteName(name)}`),
    add: [...(plain.length === 0 ? [] : [plain.map(toAdd)]), ...fulltext.map((index) => [toAdd(index)])],
    link: foreignKeys.map(toAdd),
  };
};

/** The column with AUTO_INCREMENT, as SHOW CREATE TABLE printed it, without that. */
export const describeWithoutCounter = (statement: string): string | undefined => {
  const column = listElements(statement).find(({ isAutoIncrement }) => isAutoIncrement);
  return column && joinTokens(tokenizeSql(column.text).filter((token) => !isWord(token, 'AUTO_INCREMENT')));
};

/** Those beside the primary key, as SHOW CREATE TABLE printed them. */
export const listUniqueIndexes = (
  statement: string,
): readonly { readonly name: string; readonly text: string }[] =>
  listElements(statement).filter(({ kind }) => kind === 'unique');

/** Whether the table is one file in its database's folder, with indexes of the usual kind: HASH is a hidden column. */
export const isOneUsualFile = (statement: string): boolean =>
  !listElements(statement).some(({ kind }) => kind === 'fulltext' || kind === 'spatial') &&
  !tokenizeSql(statement).some((token) => isWord(token, 'DIRECTORY', 'PARTITION', 'HASH'));

/** The number that the next row gets, where SHOW CREATE TABLE prints it. */
export const readCounter = (statement: string): string | undefined => {
  const tokens = tokenizeSql(statement);
  const at = tokens.findIndex(
    (token, index) => isWord(token, 'AUTO_INCREMENT') && isSymbol(tokens[index + 1], '='),
  );
  return at === -1 ? undefined : tokens[at + 2]?.text;
};

/** Columns with AUTO_INCREMENT that no primary or unique index begins with. */
const listNeededLeaders = (elements: readonly Element[]): readonly string[] => {
  const unique = new Set(
    elements.filter(({ kind }) => kind === 'primary' || kind === 'unique').map(({ leader }) => leader),
  );
  return elements
    .filter(({ isAutoIncrement, name }) => isAutoIncrement && !unique.has(name))
    .map(({ name }) => name);
};

/** The entries between the outer parentheses of CREATE TABLE. */
const listElements = (statement: string): readonly Element[] => {
  const elements: Element[] = [];
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

const readElement = (tokens: readonly Token[]): Element => {
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
